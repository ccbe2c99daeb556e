/** Params -> values: override or default, checked against type and `where`. */
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { didYouMean } from "../../grammar/did-you-mean.ts";
import { help, note, report } from "../../grammar/message.ts";
import {
  paramWithoutValue,
  ruleFails,
  unknownType,
  wrongType,
} from "../../grammar/messages/types.ts";
import { type Span, startTogether, textOf } from "../../grammar/source.ts";
import { invariant } from "../invariant.ts";
import { findBackbone, type RoleName, roleNames } from "./backbone-roles.ts";
import type { Evaluator } from "./evaluate.ts";
import type { ParamDeclaration } from "./file-scope.ts";
import { ParamSizes } from "./param-sizes.ts";
import type { Sink } from "./sink.ts";
import { describe, type Value } from "./value.ts";
import { reportValueCircle } from "./value-circle.ts";

/** A `where` that does not hold, kept until nothing better explains it. */
interface BrokenRule {
  readonly origin: Span;
  readonly rule: Span;
  readonly diagnostic: Diagnostic;
}

/** Types of single values, which may also stand in lists. */
const plainTypes: ReadonlyMap<string, { holds: (value: Value) => boolean; wanted: string }> =
  new Map([
    [
      "int",
      {
        holds: (value) => value.kind === "number" && Number.isInteger(value.value),
        wanted: "a whole number",
      },
    ],
    ["float", { holds: ({ kind }) => kind === "number", wanted: "a number" }],
    ["string", { holds: ({ kind }) => kind === "string", wanted: "a string" }],
    ["bool", { holds: ({ kind }) => kind === "boolean", wanted: "true or false" }],
  ]);

const types: readonly string[] = [...plainTypes.keys(), "backbone"];

export class Params {
  evaluator: Evaluator | undefined;
  readonly #sink: Sink;
  readonly #values = new Map<ParamDeclaration, Value>();
  readonly #running = new Set<ParamDeclaration>();
  readonly #broken: BrokenRule[] = [];
  readonly #sizes: ParamSizes;

  constructor(sink: Sink) {
    this.#sink = sink;
    this.#sizes = new ParamSizes(sink);
  }

  value(declaration: ParamDeclaration): Value {
    const known = this.#values.get(declaration);
    if (known !== undefined) {
      if (this.#running.has(declaration))
        reportValueCircle(declaration, declaration.identifier.span, this.#sink);
      return known;
    }
    const { span } = declaration.identifier;
    this.#values.set(declaration, { kind: "missing", span, origin: span });
    this.#running.add(declaration);
    const given = this.#given(declaration);
    const value = this.#typed(declaration, given);
    this.#running.delete(declaration);
    this.#values.set(declaration, value);
    this.#checkRule(declaration, value);
    return value;
  }

  /** Takes the failed `where` of the param whose value was set at `origin`, which another message then explains. */
  takeBrokenRule(origin: Span): Span | undefined {
    const index = this.#broken.findIndex((each) => startTogether(each.origin, origin));
    return index < 0 ? undefined : this.#broken.splice(index, 1)[0]?.rule;
  }

  /** Reports the failed rules that nothing else explained. */
  reportBrokenRules(): void {
    for (const { diagnostic } of this.#broken) this.#sink.add(diagnostic);
  }

  #given(declaration: ParamDeclaration): Value {
    const { evaluator } = this;
    invariant(evaluator !== undefined, "params are read before there is an evaluator");
    const { scope, statement, name, identifier } = declaration;
    const override = scope.overrides.findLast(({ path }) => path[0]?.text === name);
    if (override !== undefined) {
      const value = evaluator.value(override.value, override.scope, override.fromCommandLine);
      const wantsText =
        statement.type.kind === "type" && /^(string|backbone)$/.test(nameOf(statement.type));
      if (value.kind === "word" && override.fromCommandLine && wantsText) {
        return { kind: "string", value: value.text, span: value.span, origin: value.origin };
      }
      return value;
    }
    if (statement.value !== undefined) return evaluator.value(statement.value, scope);
    const { type } = statement;
    if (type.kind === "type" && !types.includes(nameOf(type))) {
      this.#unknownType(textOf(type.span), type.span);
      return { kind: "missing", span: identifier.span, origin: identifier.span };
    }
    this.#sink.report(
      paramWithoutValue,
      { name },
      {
        primary: { span: identifier.span, text: "no default" },
        notes: [help(`--set ${name}=…`)],
      },
    );
    return { kind: "missing", span: identifier.span, origin: identifier.span };
  }

  #typed(declaration: ParamDeclaration, value: Value): Value {
    const { type } = declaration.statement;
    if (type.kind === "missing" || value.kind === "missing") return value;
    const name = nameOf(type);
    const missing: Value = { kind: "missing", span: value.span, origin: value.origin };
    const refuse = (wanted: string, item: Value = value): Value => {
      const facts = { setting: declaration.name, wanted, given: describe(item) };
      this.#sink.report(wrongType, facts, {
        primary: { span: item.origin, text: "" },
        labels: [{ span: type.span, text: "the type says so" }],
      });
      return missing;
    };
    const plain = plainTypes.get(name);
    if (plain !== undefined) {
      const check = (item: Value) => (plain.holds(item) ? item : refuse(plain.wanted, item));
      if (type.sizes === undefined) return check(value);
      const isItem = (item: Value) => check(item) !== missing;
      return this.#sizes.fits(declaration, value, this.evaluator!, isItem) ? value : missing;
    }
    switch (name) {
      case "backbone": {
        if (type.sizes !== undefined) {
          this.#unknownType(textOf(type.span), type.span);
          return missing;
        }
        if (value.kind !== "string") return refuse("the name of a backbone");
        const role = type.argument?.kind === "identifier" ? type.argument.text : undefined;
        if (role === undefined) return value;
        if (!roleNames.includes(role as RoleName)) {
          this.#unknownType(`${name}<${role}>`, type.span);
          return missing;
        }
        return findBackbone(role as RoleName, value.value, value.origin, undefined, this.#sink)
          ? value
          : missing;
      }
      default:
        this.#unknownType(name, type.span);
        return missing;
    }
  }

  #unknownType(type: string, span: Span): void {
    const near = didYouMean(type, types);
    this.#sink.report(
      unknownType,
      { type },
      {
        primary: { span, text: near === undefined ? "unknown" : `did you mean \`${near}\`?` },
        notes: [
          note(
            `types of params: int, float, string, bool, lists of them such as \`float[2]\`, ${roleNames.map((role) => `backbone<${role}>`).join(", ")}`,
          ),
        ],
      },
    );
  }

  #checkRule(declaration: ParamDeclaration, value: Value): void {
    const { where } = declaration.statement;
    if (where === undefined || value.kind === "missing") return;
    const holds = this.evaluator!.value(where, declaration.scope);
    if (holds.kind === "missing" || (holds.kind === "boolean" && holds.value)) return;
    const text =
      value.kind === "number" || value.kind === "string" ? `${value.value}` : describe(value);
    const diagnostic = report(
      ruleFails,
      { name: declaration.name, value: text },
      {
        primary: {
          span: value.origin,
          text: isCommandLine(value.origin) ? "from the command line" : "",
        },
        labels: [{ span: where.span, text: `this rule fails: ${textOf(where.span)}` }],
      },
    );
    this.#broken.push({ origin: value.origin, rule: where.span, diagnostic });
  }
}

function nameOf(type: ParamDeclaration["statement"]["type"]): string {
  return type.kind === "type" && type.name.kind === "identifier" ? type.name.text : "";
}

/** True when the place is the value of a `--set`. */
export function isCommandLine(span: Span): boolean {
  return span.source.name === "--set";
}
