/** The settings of one block, read as the types their descriptions name. */
import { didYouMean } from "../../grammar/did-you-mean.ts";
import { help, note } from "../../grammar/message.ts";
import { formatMissing } from "../../grammar/messages/device.ts";
import { missingSetting, notYet } from "../../grammar/messages/names.ts";
import {
  outOfRange,
  unitNeeded,
  unknownWord,
  wrongType,
  wrongUnit,
} from "../../grammar/messages/types.ts";
import { type Span, textOf } from "../../grammar/source.ts";
import type { Init } from "../ir/signatures.ts";
import { type BlockView, settingsOf, settingType } from "./block-view.ts";
import { byteUnits } from "./byte-units.ts";
import { type Evaluator, replacement, reportUnknownName, undeclaredRoot } from "./evaluate.ts";
import type { SettingType } from "./kinds/block-kind.ts";
import type { Amount, FeatureCache, ImageStep, Placed } from "./model.ts";
import { brokenRule, type NumberType, numberInQuotes, orSteps } from "./number-rules.ts";
import {
  cacheOf,
  chainOf,
  imageStepOf,
  imageSteps,
  initOf,
  inits,
  numbersOf,
  wantedLink,
} from "./setting-values.ts";
import type { Sink } from "./sink.ts";
import { describe, type Value } from "./value.ts";

/** What `weights =` may say in a file. */
export type WrittenWeights =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "random" };

export class SettingReader {
  readonly view: BlockView;
  /** How messages call the block: `queries \`q\``. */
  readonly owner: string;
  /** True once something in the block was reported. */
  isBroken = false;
  readonly #evaluator: Evaluator;
  readonly #sink: Sink;

  constructor(view: BlockView, owner: string, evaluator: Evaluator, sink: Sink) {
    this.view = view;
    this.owner = owner;
    this.#evaluator = evaluator;
    this.#sink = sink;
  }

  /** Reports the settings that must be there and are not. */
  requireAll(): void {
    for (const [name, { required }] of Object.entries(settingsOf(this.view))) {
      if (required && !this.view.entries.has(name)) this.missing(name);
    }
  }

  /** Reports that a setting must be there. */
  missing(name: string): void {
    this.isBroken = true;
    const about = settingsOf(this.view)[name]?.about;
    this.#sink.report(
      missingSetting,
      { owner: this.owner, name },
      {
        primary: { span: this.view.variant?.span ?? this.view.header, text: `add \`${name} = …\`` },
        notes: about === undefined ? [] : [note(`${name}: ${about}`)],
      },
    );
  }

  has(name: string): boolean {
    return this.view.entries.has(name);
  }

  /** Where the setting is written, name and value; the header of the block when it is not. */
  spanOf(name: string): Span {
    return this.view.entries.get(name)?.span ?? this.view.header;
  }

  /** The value as it stands; undefined when the setting is absent or already reported. */
  value(name: string): Value | undefined {
    const entry = this.view.entries.get(name);
    if (entry === undefined) return undefined;
    const value = this.#evaluator.value(entry.expression, entry.scope, entry.fromCommandLine);
    if (value.kind !== "missing") return value;
    this.isBroken = true;
    return undefined;
  }

  /** Nobody wrote it: points at the block. */
  default<T>(value: T): Placed<T> {
    return { value, span: this.view.header, isDefault: true };
  }

  number(name: string, fallback: number): Placed<number> {
    const type = settingType(this.view, name) as NumberType;
    const value = this.value(name);
    if (value === undefined) return this.default(fallback);
    const number = this.#number(name, value, type);
    return number === undefined ? this.default(fallback) : this.placed(number, value);
  }

  /** A number that may be left out. */
  optionalNumber(name: string): Placed<number | undefined> {
    return this.has(name) ? this.number(name, 1) : this.default(undefined);
  }

  /** `epochsAre` adds what a number of epochs comes to, for the hint about a forgotten unit. */
  amount(
    name: string,
    fallback: Amount | undefined,
    epochsAre: (epochs: number) => string = () => "",
  ): Placed<Amount | undefined> {
    const value = this.value(name);
    if (value === undefined) return this.default(fallback);
    if (value.kind !== "number") {
      this.wrongType(name, "an amount such as `10 epochs`", value);
      return this.default(fallback);
    }
    const unit = value.unit?.text;
    if (unit === undefined) {
      this.isBroken = true;
      const amount = value.value;
      this.#sink.report(
        unitNeeded,
        { setting: name },
        {
          primary: { span: value.origin, text: `${amount} what?` },
          notes: [help(`write \`${amount} epochs\`${epochsAre(amount)}${orSteps(amount)}`)],
        },
      );
      return this.default(fallback);
    }
    if (unit !== "steps" && unit !== "epochs" && unit !== "samples") {
      this.#wrongUnit(name, "steps, epochs or samples", value);
      return this.default(fallback);
    }
    if (value.value < 0 || (unit !== "epochs" && !Number.isInteger(value.value))) {
      this.outOfRange(name, "a whole number of 0 or more", value.value, value.origin);
      return this.default(fallback);
    }
    const type = settingType(this.view, name);
    if (value.value === 0 && type?.kind === "amount" && type.isPositive === true) {
      this.outOfRange(name, "above 0", 0, value.origin);
      return this.default(fallback);
    }
    return this.placed({ value: value.value, unit }, value);
  }

  /** Bytes: `24 GiB`; may be left out. */
  size(name: string): Placed<number | undefined> {
    const value = this.value(name);
    if (value === undefined) return this.default(undefined);
    if (value.kind !== "number" || value.unit === undefined) {
      this.wrongType(name, "a size such as `24 GiB`", value);
      return this.default(undefined);
    }
    const unit = byteUnits[value.unit.text];
    if (unit === undefined) {
      this.#wrongUnit(name, "B, KiB, MiB or GiB", value);
      return this.default(undefined);
    }
    if (value.value <= 0) {
      this.outOfRange(name, "above 0", value.value, value.origin);
      return this.default(undefined);
    }
    return this.placed(value.value * unit, value);
  }

  boolean(name: string, fallback: boolean): Placed<boolean> {
    const value = this.value(name);
    if (value === undefined) return this.default(fallback);
    if (value.kind === "boolean") return this.placed(value.value, value);
    this.wrongType(name, "true or false", value);
    return this.default(fallback);
  }

  string(name: string, fallback: string): Placed<string> {
    const value = this.value(name);
    if (value === undefined) return this.default(fallback);
    if (value.kind === "string") return this.placed(value.value, value);
    const word = value.kind === "word" ? JSON.stringify(value.text) : undefined;
    this.wrongType(name, "a string", value, undefined, word);
    return this.default(fallback);
  }

  word<T extends string>(name: string, fallback: T): Placed<T> {
    const type = settingType(this.view, name) as Extract<SettingType, { kind: "word" }>;
    const value = this.value(name);
    if (value === undefined) return this.default(fallback);
    const text = value.kind === "word" || value.kind === "block" ? textOfWord(value) : undefined;
    if (text === undefined) {
      this.wrongType(name, `one of ${type.choices.join(", ")}`, value);
      return this.default(fallback);
    }
    if (type.choices.includes(text)) return this.placed(text as T, value);
    this.isBroken = true;
    if (name === "dtype" && text === "bf16") {
      this.#sink.report(
        formatMissing,
        { format: text },
        {
          primary: { span: value.origin, text: "not a WGSL type" },
          notes: [note("bf16 is not a WGSL type on any adapter; use f16 or f32")],
        },
      );
      return this.default(fallback);
    }
    const near = didYouMean(text, type.choices);
    this.#sink.report(
      unknownWord,
      { setting: name, word: text },
      {
        primary: {
          span: value.origin,
          text: near === undefined ? "not a choice" : `did you mean \`${near}\`?`,
        },
        notes: [note(`choices: ${type.choices.join(", ")}`)],
      },
    );
    return this.default(fallback);
  }

  numbers(name: string, fallback: readonly number[]): Placed<readonly number[]> {
    const type = settingType(this.view, name) as Extract<SettingType, { kind: "numbers" }>;
    const value = this.value(name);
    if (value === undefined) return this.default(fallback);
    const numbers = numbersOf(value);
    if (numbers?.length === type.count) return this.placed(numbers, value);
    const wanted = `a list of ${type.count} numbers`;
    if (numbers === undefined) this.wrongType(name, wanted, value);
    else this.wrongCount(name, wanted, numbers.length, value.span);
    return this.default(fallback);
  }

  init(name: string, fallback: Init): Placed<Init> {
    const value = this.value(name);
    if (value === undefined) return this.default(fallback);
    const init = initOf(value);
    if (init !== undefined) return this.placed(init, value);
    this.wrongType(name, "initial values such as `normal(std: 0.02)`", value, inits);
    return this.default(fallback);
  }

  weights(): Placed<WrittenWeights> | undefined {
    const value = this.value("weights");
    if (value === undefined) return undefined;
    if (value.kind === "string") return this.placed({ kind: "file", path: value.value }, value);
    if (value.kind === "word" && value.text === "random")
      return this.placed({ kind: "random" }, value);
    const path = textOf(value.span);
    const quoted = value.kind === "member" ? JSON.stringify(path) : undefined;
    this.wrongType("weights", "a file name or `random`", value, path.split("."), quoted);
    return undefined;
  }

  /** `features`, stored in f16 unless it says `features(dtype: f32)`; undefined: nothing is kept. */
  cache(name: string): Placed<FeatureCache | undefined> {
    const value = this.value(name);
    if (value === undefined) return this.default(undefined);
    const cache = cacheOf(value);
    if (cache !== undefined) return this.placed(cache, value);
    this.wrongType(name, "`features` or `features(dtype: f32)`", value, ["features"]);
    return this.default(undefined);
  }

  imageChain(name: string, fallback: readonly ImageStep[]): Placed<readonly ImageStep[]> {
    const value = this.value(name);
    if (value === undefined) return this.default(fallback);
    const steps: ImageStep[] = [];
    for (const link of value.kind === "chain" ? value.links : [value]) {
      const step = imageStepOf(link);
      if (step === undefined) {
        this.wrongType(name, wantedLink(link), link, imageSteps, chainOf(link));
        return this.default(fallback);
      }
      steps.push(step);
    }
    return this.placed(steps, value);
  }

  placed<T>(value: T, from: Value): Placed<T> {
    return { value, span: from.origin, isDefault: false };
  }

  /**
   * Reports a value of another type; `functions` are the words that could be called here, `meant` is what was probably
   * meant by the value.
   */
  wrongType(
    name: string,
    wanted: string,
    value: Value,
    functions?: readonly string[],
    meant?: string,
  ): void {
    if (value.kind === "missing") return;
    this.isBroken = true;
    const word = undeclaredRoot(value.kind === "call" ? value.callee : value);
    if (word !== undefined && !functions?.includes(word.text)) {
      this.unknownName(word, functions, meant);
      return;
    }
    this.#sink.report(
      wrongType,
      { setting: name, wanted, given: describe(value) },
      {
        primary: {
          span: value.span,
          text: meant === undefined ? "" : `did you mean \`${meant}\`?`,
        },
        fixes: meant === undefined ? [] : [replacement(value.span, meant)],
      },
    );
  }

  /** Reports a list that is too short or too long. */
  wrongCount(setting: string, wanted: string, count: number, span: Span): void {
    this.isBroken = true;
    const given = `a list of ${count}`;
    this.#sink.report(wrongType, { setting, wanted, given }, { primary: { span, text: "" } });
  }

  /** A word in a place where only something declared makes sense. */
  unknownName(
    value: Extract<Value, { kind: "word" }>,
    names?: readonly string[],
    meant?: string,
  ): void {
    this.isBroken = true;
    reportUnknownName(value, this.#sink, names, meant);
  }

  outOfRange(name: string, rule: string, given: number, span: Span): void {
    this.isBroken = true;
    this.#sink.report(outOfRange, { setting: name, rule, given }, { primary: { span, text: "" } });
  }

  notYet(what: string, span: Span): void {
    this.isBroken = true;
    this.#sink.report(
      notYet,
      { what },
      { primary: { span, text: "not carried out by this version" } },
    );
  }

  #number(name: string, value: Value, type: NumberType): number | undefined {
    if (value.kind !== "number") {
      const wanted = type.integer ? "a whole number" : "a number";
      this.wrongType(name, wanted, value, undefined, numberInQuotes(value));
      return undefined;
    }
    if (value.unit !== undefined && value.unit.text !== type.unit) {
      if (type.unit === undefined)
        this.wrongType(name, "a plain number", value, undefined, String(value.value));
      else this.#wrongUnit(name, type.unit, value);
      return undefined;
    }
    const rule = brokenRule(value.value, type);
    if (rule === undefined) return value.value;
    this.outOfRange(name, rule, value.value, value.origin);
    return undefined;
  }

  #wrongUnit(name: string, wanted: string, value: Extract<Value, { kind: "number" }>): void {
    this.isBroken = true;
    const unit = value.unit!;
    const given = unit.text === "px" ? "pixels" : unit.text;
    this.#sink.report(
      wrongUnit,
      { setting: name, wanted, given },
      { primary: { span: unit.span, text: `write ${wanted.replace(/\w+(?=,| or|$)/g, "`$&`")}` } },
    );
  }
}

function textOfWord(value: Extract<Value, { kind: "word" | "block" }>): string {
  return value.kind === "word" ? value.text : value.block.name;
}
