/** A `stage` block -> what one training run needs. */
import { help } from "../../../grammar/message.ts";
import { missingSetting } from "../../../grammar/messages/names.ts";
import { objectiveTwice } from "../../../grammar/messages/objectives.ts";
import { textOf } from "../../../grammar/source.ts";
import { type BlockView, titleSpan } from "../block-view.ts";
import { termsOf } from "../evaluate.ts";
import type { BlockDeclaration } from "../file-scope.ts";
import type {
  Amount,
  CheckedModule,
  CheckedOptimizer,
  CheckedSchedule,
  CheckedStage,
  Continuation,
  Excepted,
  Placed,
  Precision,
} from "../model.ts";
import { SettingReader } from "../setting-reader.ts";
import { type Value, withUnderscores } from "../value.ts";
import { readSave, readValidate } from "./checkpoints.ts";
import { recordsOf } from "./data.ts";
import { readPart } from "./module-parts.ts";
import { moduleKinds, type Parts } from "./parts.ts";
import { readRates } from "./rates.ts";
import { partName, readData, referredBlock } from "./references.ts";
import { readWhole } from "./whole.ts";

/** Undefined when something that a run needs was reported. */
export function checkedStage(block: BlockDeclaration, parts: Parts): CheckedStage | undefined {
  const { context } = parts;
  const reader = context.reader(block);
  if (reader === undefined) return undefined;
  context.refuseState(block);
  reader.requireAll();
  const child = (kind: string): SettingReader | undefined => {
    const view: BlockView | undefined = reader.view.children.get(kind);
    if (view === undefined) return undefined;
    const found = new SettingReader(
      view,
      `${kind} of \`${block.name}\``,
      context.evaluator,
      context.sink,
    );
    found.requireAll();
    return found;
  };
  const minimize = readMinimize(reader, parts, block);
  const data = readData(reader, parts, block);
  const train = reader.amount("train", undefined, (epochs) =>
    data === undefined ? "" : epochsText(epochs, data, parts),
  );
  const optimizer = child("optimizer");
  if (optimizer === undefined) {
    context.sink.report(
      missingSetting,
      { owner: `stage \`${block.name}\``, name: "optimizer" },
      { primary: { span: titleSpan(block.statement), text: "add `optimizer: adamw { lr = … }`" } },
    );
  }
  const checkedOptimizer = optimizer && readOptimizer(optimizer, block, parts);
  const schedule = readSchedule(child("schedule"), reader, checkedOptimizer);
  const save = readSave(child("save"), reader, parts);
  const validate = readValidate(child("validate"), parts, block);
  const from = reader.has("from") ? readFrom(reader, parts) : undefined;
  const accumulate = reader.number("accumulate", 1);
  const whole = minimize === undefined ? [] : readWhole(reader, minimize, parts, block);
  const memory = reader.size("memory");
  const precision = reader.word<Precision>("precision", "full");
  const seed = reader.number("seed", 42);
  if (minimize === undefined || data === undefined || checkedOptimizer === undefined)
    return undefined;
  const amount = train.value;
  if (amount === undefined) return undefined;
  return {
    name: block.name,
    header: titleSpan(block.statement),
    minimize,
    minimizeSpan: reader.view.entries.get("minimize")?.expression.span ?? reader.view.header,
    data,
    train: { ...train, value: amount },
    optimizer: checkedOptimizer,
    schedule,
    save,
    validate,
    accumulate,
    whole,
    memory,
    precision,
    seed,
    from,
  };
}

/** ` (= 1_700 steps with data \`pairs\` at batch 24)`, when the file tells how many records there are. */
function epochsText(epochs: number, name: Placed<string>, parts: Parts): string {
  const block = parts.context.active.find(
    (each) => each.kind === "data" && partName(each, parts) === name.value,
  );
  const data = block && parts.data(block);
  const records = data && recordsOf(data);
  if (data === undefined || records === undefined) return "";
  const steps = Math.floor(records / data.batch.value) * epochs;
  return ` (= ${withUnderscores(steps)} steps with data \`${data.name}\` at batch ${data.batch.value})`;
}

function readMinimize(
  reader: SettingReader,
  parts: Parts,
  block: BlockDeclaration,
): CheckedStage["minimize"] | undefined {
  const value = reader.value("minimize");
  if (value === undefined) return undefined;
  const terms = termsOf(value);
  const wanted = "objectives, such as `1.0 * itc + 1.0 * itm`";
  if (terms === undefined) {
    const isList = value.kind === "list" && value.items.every(({ kind }) => kind === "block");
    const sum = isList ? value.items.map(({ span }) => textOf(span)).join(" + ") : undefined;
    reader.wrongType("minimize", wanted, value, undefined, sum);
    return undefined;
  }
  const minimize: { objective: string; weight: number; span: Value["span"] }[] = [];
  for (const term of terms) {
    const given: Value = { kind: "block", block: term.block, span: term.span, origin: term.span };
    const found = referredBlock(given, parts, block.name);
    if (found === "reported") return undefined;
    if (found?.kind !== "objective" || !parts.context.active.includes(found)) {
      reader.wrongType("minimize", wanted, given);
      return undefined;
    }
    const first = minimize.find(({ objective }) => objective === found.name);
    if (first !== undefined) {
      reader.isBroken = true;
      parts.context.sink.report(
        objectiveTwice,
        { objective: found.name },
        {
          primary: { span: term.span, text: "again" },
          labels: [{ span: first.span, text: "first" }],
          notes: [help(`write one of them, with the weight of both: \`2 * ${found.name}\``)],
        },
      );
      return undefined;
    }
    minimize.push({ objective: found.name, weight: term.weight, span: term.span });
  }
  return minimize;
}

function readOptimizer(
  reader: SettingReader,
  stage: BlockDeclaration,
  parts: Parts,
): CheckedOptimizer {
  const lr = reader.number("lr", 0);
  const common = {
    span: reader.view.variant?.span ?? reader.view.header,
    lr,
    rates: readRates(reader, lr, stage, parts),
    clip: reader.optionalNumber("clip"),
  };
  if (reader.view.variant?.text === "sgd") {
    const momentum = reader.number("momentum", 0);
    const nesterov = reader.boolean("nesterov", false);
    if (nesterov.value && momentum.value === 0) {
      reader.outOfRange("momentum", "above 0 with `nesterov`", 0, nesterov.span);
    }
    return {
      ...common,
      name: "sgd",
      momentum,
      nesterov,
      weightDecay: reader.number("weight_decay", 0),
    };
  }
  const betas = reader.numbers("betas", [0.9, 0.999]);
  for (const beta of betas.value) {
    if (beta < 0 || beta >= 1)
      reader.outOfRange("betas", "at least 0 and below 1", beta, betas.span);
  }
  return {
    ...common,
    name: "adamw",
    betas: { ...betas, value: [betas.value[0] ?? 0.9, betas.value[1] ?? 0.999] },
    eps: reader.number("eps", 1e-8),
    weightDecay: reader.number("weight_decay", 0.01),
  };
}

function readSchedule(
  reader: SettingReader | undefined,
  stage: SettingReader,
  optimizer: CheckedOptimizer | undefined,
): CheckedSchedule {
  const none: Amount = { value: 0, unit: "steps" };
  const peak = optimizer?.lr.value ?? 0;
  if (reader === undefined) {
    return {
      name: "constant",
      span: stage.view.header,
      warmup: stage.default(none),
      startLr: stage.default(0),
      minLr: stage.default(peak),
    };
  }
  const warmup = reader.amount("warmup", none);
  const word = reader.view.variant?.text;
  const name = word === "cosine" || word === "lavis_cosine" ? word : "constant";
  if (name === "lavis_cosine" && warmup.value?.unit === "epochs") {
    reader.notYet("a warm-up in epochs with `lavis_cosine`", warmup.span);
  }
  return {
    name,
    span: reader.view.variant?.span ?? reader.view.header,
    warmup: { ...warmup, value: warmup.value ?? none },
    startLr: reader.number("start_lr", 0),
    minLr: reader.number("min_lr", name === "constant" ? peak : 0),
  };
}

function readFrom(reader: SettingReader, parts: Parts): Placed<Continuation> | undefined {
  const written = reader.value("from");
  if (written === undefined) return undefined;
  const isExcept =
    written.kind === "call" &&
    written.callee.kind === "member" &&
    written.callee.name.text === "except";
  const value = isExcept ? (written.callee as Extract<Value, { kind: "member" }>).of : written;
  const except = isExcept ? readExcept(written, reader, parts) : [];
  if (except === undefined) return undefined;
  const member = value.kind === "member" ? value : undefined;
  const which = member?.name.text;
  if (
    member?.of.kind === "block" &&
    member.of.block.kind === "stage" &&
    (which === "best" || which === "last")
  ) {
    const { block, via } = member.of;
    parts.referenced.add(block);
    const file = (via ?? block.scope).source.name;
    return reader.placed(
      {
        file,
        stage: block.name,
        which,
        isWithin: parts.context.active.includes(block),
        ...(except.length > 0 && { except }),
      },
      value,
    );
  }
  const meant =
    value.kind === "block" && value.block.kind === "stage"
      ? `${textOf(value.span)}.last`
      : undefined;
  const wanted = "a checkpoint such as `s1.pretrain.best` or `s1.pretrain.last`";
  reader.wrongType("from", wanted, value, undefined, meant);
  return undefined;
}

/** `.except(bridge.cross, q)`: parts that are not taken over. */
function readExcept(
  call: Extract<Value, { kind: "call" }>,
  reader: SettingReader,
  parts: Parts,
): readonly Excepted[] | undefined {
  const found: Excepted[] = [];
  if (call.arguments.length === 0) {
    reader.wrongType("except", "what is left out, such as `bridge.cross`", call);
    return undefined;
  }
  for (const { value } of call.arguments) {
    const named = value.kind === "index" ? value.of : value;
    const of = named.kind === "member" ? named.of : named;
    const block = of.kind === "block" ? parts.context.local(of.block) : undefined;
    const isWhole = value === of;
    const isModule = block !== undefined && moduleKinds.has(block.kind);
    if (block === undefined || !(isModule || (isWhole && hasWeights(block, parts)))) {
      const wanted =
        "modules of this pipeline, parts of them such as `bridge.cross`, or objectives";
      reader.wrongType("except", `${wanted} with weights`, value);
      return undefined;
    }
    if (isWhole) {
      found.push({ owner: block.name, part: "all" });
      continue;
    }
    const module = parts.module(block);
    if (module === undefined) return undefined;
    const owner = { name: module.name, kind: module.kind, blocks: blocksOf(module) };
    const part = readPart(value, owner, parts);
    if (part === undefined) return undefined;
    found.push({ owner: block.name, part });
  }
  return found;
}

function blocksOf(module: CheckedModule): number {
  const layers = "config" in module ? module.config["layers"] : undefined;
  return typeof layers === "number" ? layers : 0;
}

/** True for objectives with a head of their own. */
function hasWeights(block: BlockDeclaration, parts: Parts): boolean {
  if (block.kind !== "objective") return false;
  const variant = parts.objective(block)?.variant;
  return variant === "contrastive" || variant === "tower-contrastive" || variant === "matching";
}
