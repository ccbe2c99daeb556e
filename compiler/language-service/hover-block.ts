/** Block -> what an editor says of it: shapes, dtype, parameters, state, gradient, where it comes from. */
import { positionAt, type Span, textOf } from "../../grammar/source.ts";
import type { BlockDeclaration } from "../1-check/file-scope.ts";
import { kinds } from "../1-check/kinds/index.ts";
import type { CheckedModel, CheckedModule, Placed } from "../1-check/model.ts";
import { partText } from "../1-check/module-part.ts";
import type { Analysis } from "./analysis.ts";
import { gradientWords } from "./gradient-words.ts";
import type { Meant } from "./names.ts";
import { parameterCounts } from "./parameter-counts.ts";
import { outputsOf } from "./shapes.ts";

/** `stage1.blip:12`. */
export function placeText(span: Span): string {
  const isFile = !span.source.name.startsWith("--");
  return isFile
    ? `${span.source.name}:${positionAt(span.source, span.start).line}`
    : span.source.name;
}

/** `set at stage1.blip:12`, or that nobody said it. */
export function originText(placed: Placed<unknown>, isCurrent: boolean): string {
  if (placed.isDefault) return "default";
  return isCurrent ? `set at ${placeText(placed.span)}` : "set";
}

/** Lines of markdown on a block; the first is its header. */
export function blockLines(
  analysis: Analysis,
  meant: Meant & { readonly declaration: BlockDeclaration },
): readonly string[] {
  const { declaration, via } = meant;
  const { statement, name } = declaration;
  const model = analysis.modelOf(via);
  const isOwn = via.source.name === analysis.source.name;
  const isCurrent = !isOwn || analysis.isCurrent;
  const lines = [code(textOf(statement.header))];
  if (statement.documentation !== undefined) lines.push(statement.documentation);
  const about = kinds.get(declaration.kind);
  const variant = statement.variant?.kind === "identifier" ? statement.variant.text : "";
  const does = about?.variants?.[variant]?.about;
  if (does !== undefined) lines.push(does);
  if (model !== undefined) lines.push(...facts(name, model, isCurrent));
  if (!isCurrent && model !== undefined) lines.push("_as it was before the errors in this file_");
  if (via.source.name !== declaration.scope.source.name || !isOwn)
    lines.push(`declared at ${placeText(declaration.identifier.span)}`);
  return lines;
}

function facts(name: string, model: CheckedModel, isCurrent: boolean): readonly string[] {
  const module = model.modules.get(name);
  if (module !== undefined) return moduleFacts(module, model, isCurrent);
  const text = model.texts.get(name);
  if (text !== undefined) {
    return [
      `gives \`tokens[B, ${text.maxLength.value}]\``,
      `tokenizer \`${text.tokenizer.value}\`, ${text.vocabulary} entries, ${originText(text.tokenizer, isCurrent)}`,
    ];
  }
  const objective = model.objectives.get(name);
  if (objective !== undefined) {
    const parameters = parameterCounts(model).get(name);
    return [
      "gives a scalar `f32[]`",
      ...(parameters === undefined
        ? []
        : [`${amount(parameters)} parameters of its own, trainable`]),
      ...weightsIn(name, model),
    ];
  }
  const data = model.data.get(name);
  if (data !== undefined) {
    return [`${data.batch.value} records a step, ${originText(data.batch, isCurrent)}`];
  }
  const stage = model.stages.get(name);
  if (stage === undefined) return [];
  const loss = stage.minimize.map(({ objective: each, weight }) => `${weight} * ${each}`);
  const { value, unit } = stage.train.value;
  const { from } = stage;
  return [
    `minimizes \`${loss.join(" + ")}\` for ${value.toLocaleString("en-US")} ${unit}`,
    `${stage.optimizer.name}, lr ${stage.optimizer.lr.value}, ${originText(stage.optimizer.lr, isCurrent)}`,
    ...(from === undefined ? [] : [`continues from ${from.value.which} of ${from.value.stage}`]),
  ];
}

function moduleFacts(
  module: CheckedModule,
  model: CheckedModel,
  isCurrent: boolean,
): readonly string[] {
  const outputs = outputsOf(module).map(({ name, shape }) =>
    name === "" ? `gives \`${shape}\`` : `\`.${name}\` \`${shape}\``,
  );
  const width =
    module.kind === "qformer"
      ? [
          `gives \`f32[B, _, ${module.width}]\``,
          `cross-attends \`${module.cross.value}\`, ${module.crossWidth} wide, every ${module.every.value} layers`,
        ]
      : [];
  const dtype =
    "dtype" in module
      ? [`stored as \`${module.dtype.value}\`, ${originText(module.dtype, isCurrent)}`]
      : ["stored as `f32`"];
  const parameters = parameterCounts(model).get(module.name);
  const kept = module.freeze.value.map(partText).join(", ");
  const state = `**${module.state.value}**${kept === "" ? "" : `, but for the frozen \`${kept}\``}`;
  return [
    ...outputs,
    ...width,
    ...dtype,
    parameters === undefined ? state : `${amount(parameters)} parameters, ${state}`,
    gradientWords(module, model),
    `weights: ${weightsText(module)}, ${originText(module.weights, isCurrent)}`,
  ];
}

function weightsText({ weights, origin }: CheckedModule): string {
  switch (weights.value.kind) {
    case "file":
      return `file \`${weights.value.path}\``;
    case "random":
      return `fresh, ${origin}`;
    case "published":
      return `\`${origin}\``;
  }
}

function weightsIn(objective: string, model: CheckedModel): readonly string[] {
  return [...model.stages.values()].flatMap(({ name, minimize }) =>
    minimize
      .filter((term) => term.objective === objective)
      .map(({ weight }) => `weighs ${weight} in stage ${name}`),
  );
}

/** `986 M (985,894,528)`. */
function amount(count: number): string {
  const exact = count.toLocaleString("en-US");
  if (count < 10_000) return exact;
  const units = [
    { size: 1e9, letter: "G" },
    { size: 1e6, letter: "M" },
    { size: 1e3, letter: "k" },
  ];
  const unit = units.find(({ size }) => count >= size)!;
  return `${(count / unit.size).toPrecision(3)} ${unit.letter} (${exact})`;
}

/** A line as source code in markdown. */
export function code(text: string): string {
  return `\`\`\`blip\n${text}\n\`\`\``;
}
