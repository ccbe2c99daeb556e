/** An `objective` block -> its variant with every port resolved. */
import { help } from "../../../grammar/message.ts";
import { targetLeak } from "../../../grammar/messages/objectives.ts";
import { titleSpan } from "../block-view.ts";
import { expressionObjective } from "../expression/objective.ts";
import { similarityAxes } from "../expression/similarity.ts";
import type { BlockDeclaration } from "../file-scope.ts";
import type {
  CaptioningObjective,
  CheckedObjective,
  ContrastiveObjective,
  LanguageObjective,
  MatchingObjective,
  Placed,
  TowerContrastiveObjective,
} from "../model.ts";
import type { SettingReader } from "../setting-reader.ts";
import { calledWord } from "../setting-values.ts";
import type { Value } from "../value.ts";
import type { Parts } from "./parts.ts";
import { bridgePort, type Port, partPort, textFitsLm, textOfBridge, wrongPortAt } from "./ports.ts";
import { referredBlock } from "./references.ts";

/** Undefined when a port was reported. */
export function checkedObjective(
  block: BlockDeclaration,
  parts: Parts,
): CheckedObjective | undefined {
  const reader = parts.context.reader(block);
  if (reader === undefined) return undefined;
  parts.context.refuseState(block);
  reader.requireAll();
  const { variant } = reader.view;
  const port: Port = { block, reader, parts, variant: variant?.text ?? "" };
  const common = {
    name: block.name,
    header: titleSpan(block.statement),
    variantSpan: variant?.span ?? reader.view.header,
  };
  switch (variant?.text) {
    case "contrastive":
      return contrastive(port, common);
    case "matching":
      return matching(port, common);
    case "captioning":
      return captioning(port, common);
    case "language":
      return language(port, common);
    case "expression":
      return expressionObjective(port, common);
    default:
      return undefined;
  }
}

type Common = Pick<CheckedObjective, "name" | "header" | "variantSpan">;

function contrastive(
  port: Port,
  common: Common,
): ContrastiveObjective | TowerContrastiveObjective | undefined {
  const { reader, parts } = port;
  checkMask(port, "unimodal");
  const image = reader.value("image");
  const text = reader.value("text");
  if (towerName(image) || towerName(text)) return towers(port, common);
  const seen = bridgePort(port, "image", "queries through a Q-Former, such as `bridge(q)`", {
    queries: true,
    text: false,
  });
  const read = bridgePort(port, "text", "the first row of a text, such as `bridge(caption).cls`", {
    queries: false,
    text: true,
  });
  if (reader.has("logit_scale"))
    reader.notYet("`logit_scale` through a Q-Former", reader.spanOf("logit_scale"));
  const temperature = learned(reader, "temperature", 0.07);
  if (seen === undefined || read === undefined || temperature === undefined) return undefined;
  const bridge = parts.module(read.bridge);
  const usual = bridge?.kind === "qformer" ? (bridge.config["embedding"] as number) : 256;
  const imageIds = reader.boolean("image_ids", false);
  return {
    ...common,
    variant: "contrastive",
    image: { value: seen.call, span: seen.span, isDefault: false },
    text: { value: read.call, span: read.span, isDefault: false },
    width: reader.number("width", usual),
    temperature,
    smoothing: reader.number("smoothing", 0.1),
    imageIds,
    gradient: reader.word<"both" | "row">("gradient", "both"),
  };
}

/** True for `.cls` of something other than a call of a Q-Former. */
function towerName(value: Value | undefined): boolean {
  return value?.kind === "member" && value.name.text === "cls" && value.of.kind === "block";
}

function towers(port: Port, common: Common): TowerContrastiveObjective | undefined {
  const { reader, block, parts } = port;
  const side = (name: "image" | "text", wanted: string): Placed<string> | undefined => {
    const value = reader.value(name);
    if (value === undefined) return undefined;
    const of = value.kind === "member" && value.name.text === "cls" ? value.of : undefined;
    const found = of && referredBlock(of, parts, block.name);
    if (found === "reported") return undefined;
    const module = found && parts.module(found);
    const kind = name === "image" ? "encoder" : "text-encoder";
    if (found !== undefined && found.kind === "encoder" && module === undefined) return undefined;
    if (module?.kind === kind) return { value: module.name, span: value.span, isDefault: false };
    wrongPortAt(port, name, wanted, value);
    return undefined;
  };
  for (const name of ["temperature", "smoothing", "image_ids", "gradient"]) {
    if (reader.has(name)) reader.notYet(`\`${name}\` between two towers`, reader.spanOf(name));
  }
  const image = side("image", "`.cls` of an image encoder");
  const text = side("text", "`.cls` of a text encoder");
  const scale = learned(reader, "logit_scale", 2.66);
  if (image === undefined || text === undefined || scale === undefined) return undefined;
  if (!scale.value.learned) reader.notYet("a fixed `logit_scale`", scale.span);
  return {
    ...common,
    variant: "tower-contrastive",
    image,
    text,
    width: reader.number("width", 64),
    logitScale: { ...scale, value: { init: scale.value.value, most: 100 } },
  };
}

/** `learned(0.07)` or a number. */
function learned(
  reader: SettingReader,
  name: string,
  fallback: number,
): ContrastiveObjective["temperature"] | undefined {
  const value = reader.value(name);
  if (value === undefined) return reader.default({ learned: true, value: fallback });
  if (value.kind === "number") return reader.placed({ learned: false, value: value.value }, value);
  const call = calledWord(value);
  const given = call?.name === "learned" ? call.positional[0] : undefined;
  if (given?.kind === "number") return reader.placed({ learned: true, value: given.value }, given);
  reader.wrongType(name, "a number or `learned(0.07)`", value);
  return undefined;
}

function matching(port: Port, common: Common): MatchingObjective | undefined {
  const { reader, parts, block } = port;
  checkMask(port, "bidirectional");
  const pair = bridgePort(port, "pair", "queries and text, such as `bridge(q, caption)`", {
    queries: true,
    text: true,
  });
  const value = reader.value("negatives");
  if (value === undefined) return undefined;
  const call = calledWord(value);
  const from = call?.named.get("from") ?? call?.positional[0];
  if (call?.name === "random" && from === undefined) {
    if (pair === undefined) return undefined;
    return {
      ...common,
      variant: "matching",
      pair: { value: pair.call, span: pair.span, isDefault: false },
      negatives: reader.placed({ kind: "random" }, value),
    };
  }
  const setting = from?.kind === "member" && from.of.kind === "block" ? from.name.text : undefined;
  const named = from?.kind === "member" && setting !== undefined ? from.of : from;
  const source = named && referredBlock(named, parts, block.name);
  if (source === "reported") return undefined;
  const isContrastless = source?.kind !== "objective" || source === block;
  if (call?.name !== "hard" || from === undefined || isContrastless) {
    if (from?.kind === "word") reader.unknownName(from);
    else
      wrongPortAt(
        port,
        "negatives",
        "`hard(from: …)` of a contrastive objective, or `random`",
        value,
      );
    return undefined;
  }
  const contrast = parts.objective(source);
  const isWritten = contrast?.variant === "expression";
  const similarity = isWritten
    ? similarityAxes(setting ?? "similarity", contrast.values)
    : undefined;
  const isContrast = contrast?.variant === "contrastive" && setting === undefined;
  if (contrast !== undefined && !isContrast && similarity === undefined) {
    const hint = isWritten
      ? `\`${setting ?? "similarity"}\` of \`${source.name}\` is no tensor of each picture with each text`
      : "";
    wrongPortAt(port, "negatives", "`hard(from: …)` of a contrastive objective", value, hint);
    return undefined;
  }
  if (pair === undefined) return undefined;
  return {
    ...common,
    variant: "matching",
    pair: { value: pair.call, span: pair.span, isDefault: false },
    negatives: {
      value: { kind: "hard", from: source.name, ...(similarity && { similarity }) },
      span: from.span,
      isDefault: false,
    },
  };
}

function captioning(port: Port, common: Common): CaptioningObjective | undefined {
  const { reader, parts } = port;
  const given = bridgePort(port, "given", "queries through a Q-Former, such as `bridge(q)`", {
    queries: true,
    text: false,
  });
  const predict = partPort(port, "predict", "text", "a text");
  checkMask(port, "causal");
  if (given === undefined || predict === undefined) return undefined;
  const bridge = parts.module(given.bridge);
  if (bridge?.kind !== "qformer") return undefined;
  const name = textOfBridge(port, predict.block, predict.span, bridge, given.bridge);
  if (name === undefined) return undefined;
  return {
    ...common,
    variant: "captioning",
    given: { value: given.call, span: given.span, isDefault: false },
    predict: { value: name, span: predict.span, isDefault: false },
    smoothing: reader.number("smoothing", 0.1),
  };
}

function language(port: Port, common: Common): LanguageObjective | undefined {
  const { reader, parts } = port;
  const model = partPort(port, "model", "lm", "a language model");
  const predict = partPort(port, "predict", "text", "a text");
  const prefix = reader.has("prefix")
    ? partPort(port, "prefix", "adapter", "an adapter")
    : undefined;
  if (model === undefined || predict === undefined) return undefined;
  if (reader.has("prefix") && prefix === undefined) return undefined;
  const lm = parts.module(model.block);
  const adapter = prefix && parts.module(prefix.block);
  if (lm?.kind !== "lm" || (prefix && adapter?.kind !== "adapter")) return undefined;
  if (adapter?.kind === "adapter" && adapter.target.value !== lm.name) {
    wrongPortAt(port, "prefix", `an adapter that feeds \`${lm.name}\``, reader.value("prefix")!);
    return undefined;
  }
  const name = textFitsLm(
    port,
    predict,
    model.span,
    lm,
    adapter?.kind === "adapter" ? adapter : undefined,
  );
  if (name === undefined) return undefined;
  return {
    ...common,
    variant: "language",
    model: { value: lm.name, span: model.span, isDefault: false },
    prefix: prefix && { value: prefix.block.name, span: prefix.span, isDefault: false },
    predict: { value: name, span: predict.span, isDefault: false },
    smoothing: reader.number("smoothing", 0),
  };
}

/** A mask may be stated; it must be the one that the variant implies. */
function checkMask(port: Port, implied: "unimodal" | "bidirectional" | "causal"): void {
  const { reader, parts, variant } = port;
  if (!reader.has("mask")) return;
  const mask = reader.word<string>("mask", implied);
  if (mask.value === implied) return;
  if (implied === "unimodal") {
    reader.isBroken = true;
    parts.context.sink.report(
      targetLeak,
      { variant },
      {
        primary: {
          span: mask.span,
          text:
            mask.value === "causal" ? "text sees the queries" : "queries and text see each other",
        },
        labels: [
          { span: reader.spanOf("image"), text: "one side" },
          { span: reader.spanOf("text"), text: "the other" },
        ],
        notes: [
          help(
            "delete this line: contrastive uses `unimodal` (queries see queries, text sees text)",
          ),
        ],
      },
    );
    return;
  }
  if (implied !== "causal" || mask.value !== "bidirectional") {
    reader.notYet(`\`mask = ${mask.value}\` for ${variant}`, reader.spanOf("mask"));
    return;
  }
  reader.isBroken = true;
  const note = "captioning uses `causal` (queries see each other, text sees queries and its past)";
  parts.context.sink.report(
    targetLeak,
    { variant },
    {
      primary: { span: mask.span, text: "every token sees every other token" },
      labels: [{ span: reader.spanOf("predict"), text: "target tokens" }],
      notes: [{ kind: "help", text: `delete this line: ${note}` }],
    },
  );
}
