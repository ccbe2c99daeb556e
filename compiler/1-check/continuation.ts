/** A stage that continues -> whether the weights it takes over still fit the modules of this pipeline. */
import { help, why } from "../../grammar/message.ts";
import { changedModule } from "../../grammar/messages/stages.ts";
import { crossWidth } from "../../grammar/messages/types.ts";
import { textOf } from "../../grammar/source.ts";
import { backbone } from "../backbones/index.ts";
import { configSettings } from "./backbone-settings.ts";
import { type BlockView, BlockViews, type Entry } from "./block-view.ts";
import { type BlockDeclaration, qualifiedName } from "./file-scope.ts";
import type { CheckedModel, CheckedStage } from "./model.ts";
import type { Parts } from "./parts/parts.ts";
import { Sink } from "./sink.ts";
import type { Value } from "./value.ts";

/** Reports modules whose weights have another shape than those that the stage continues from. */
export function checkContinuations(model: CheckedModel, parts: Parts): void {
  for (const block of parts.context.active) {
    const stage = block.kind === "stage" ? model.stages.get(block.name) : undefined;
    if (stage?.from === undefined) continue;
    const trained = trainedStage(block, parts);
    if (trained === undefined) continue;
    for (const module of parts.context.active) {
      const isTaken = model.modules.has(module.name) && !startsAnew(stage, module.name, "all");
      if (isTaken) checkModule(module, trained, parts);
    }
    if (trained.scope === block.scope || parts.context.active.includes(trained))
      checkTower(stage, block, trained, model, parts);
  }
}

/** True when the stage leaves all of the module, or this part of it, out of what it takes over. */
function startsAnew(stage: CheckedStage, module: string, part: "all" | "cross"): boolean {
  return (stage.from?.value.except ?? []).some(
    ({ owner, part: left }) =>
      owner === module && (left === "all" || (part === "cross" && left.kind === "cross")),
  );
}

/** The stage behind `from`. */
function trainedStage(block: BlockDeclaration, parts: Parts): BlockDeclaration | undefined {
  let value = parts.context.reader(block)?.value("from");
  if (value?.kind === "call" && value.callee.kind === "member") value = value.callee.of;
  const of = value?.kind === "member" ? value.of : undefined;
  return of?.kind === "block" ? of.block : undefined;
}

/** The module as it was trained: the one taken over, or this one without what overrides it. */
function trainedView(
  module: BlockDeclaration,
  trained: BlockDeclaration,
  parts: Parts,
): BlockView | undefined {
  const { context } = parts;
  const base = context.chain(module)[1];
  if (base !== undefined)
    return base.scope.source === trained.scope.source ? context.view(base) : undefined;
  const view = context.view(module);
  if (view === undefined || module.scope !== trained.scope) return undefined;
  return new BlockViews(new Sink()).view(module.statement, module.scope, view.description, []);
}

function checkModule(module: BlockDeclaration, trained: BlockDeclaration, parts: Parts): void {
  const { context } = parts;
  const now = context.view(module);
  const before = trainedView(module, trained, parts);
  if (now === undefined || before === undefined) return;
  const numberOf = (entry: Entry | undefined): number | undefined => {
    const value: Value | undefined =
      entry && context.evaluator.value(entry.expression, entry.scope, entry.fromCommandLine);
    return value?.kind === "number" ? value.value : undefined;
  };
  for (const [name, entry] of now.entries) {
    const field = shapeField(module, name);
    if (field === undefined) continue;
    const earlier = before.entries.get(name);
    const value = numberOf(entry);
    const was = earlier === undefined ? presetValue(module, field, parts) : numberOf(earlier);
    if (value === undefined || was === undefined || value === was) continue;
    const layers = layersOf(module, parts);
    const isEvery = name === "every";
    context.sink.report(
      changedModule,
      { module: module.name, trained: qualifiedName(trained) },
      {
        primary: {
          span: entry.span,
          text: isEvery ? `cross-attends in layers ${crossing(value, layers).join(", ")}` : "",
        },
        labels: [
          {
            span: earlier?.span ?? before.header,
            text: isEvery
              ? `trained with layers ${crossing(was, layers).join(", ")}`
              : `trained with ${name} = ${was}`,
          },
        ],
        notes: [
          why(
            isEvery
              ? lostTensors(crossing(was, layers), crossing(value, layers))
              : "weights of another shape cannot be taken over",
          ),
          help(`delete \`${name}\`; it is inherited with the weights`),
        ],
      },
    );
    return;
  }
}

/** A number that the block itself writes, whatever overrides it. */
function writtenNumber(block: BlockDeclaration, name: string, parts: Parts): number | undefined {
  const setting = block.statement.body?.statements.find(
    (each) => each.kind === "setting" && textOf(each.path.span) === name,
  );
  if (setting?.kind !== "setting") return undefined;
  const value = parts.context.evaluator.value(setting.value, block.scope);
  return value.kind === "number" ? value.value : undefined;
}

/** Field of the config behind a setting on which the shapes of weights depend. */
function shapeField(module: BlockDeclaration, name: string): string | undefined {
  const shapes =
    /^(count|width|layers|mlp_width|vocabulary|positions|embedding|embedding_width|patch_size|channels|type_vocabulary)$/;
  if (module.kind === "qformer" && name === "every") return "crossEvery";
  if (module.kind === "queries") return name === "count" || name === "width" ? name : undefined;
  const role = { encoder: "vision", qformer: "bridge", lm: "decoder" } as const;
  const kind = module.kind as keyof typeof role;
  if (!(kind in role) || !shapes.test(name)) return undefined;
  return configSettings(role[kind]).get(name)?.field;
}

function presetOf(module: BlockDeclaration, parts: Parts): object | undefined {
  const root = parts.context.chain(module).at(-1) ?? module;
  const source = parts.context.source(root);
  if (source?.kind !== "string") return undefined;
  const role = { encoder: "vision", qformer: "bridge", lm: "decoder" } as const;
  const kind = module.kind as keyof typeof role;
  return kind in role ? backbone(role[kind], source.value)?.config : undefined;
}

function presetValue(module: BlockDeclaration, field: string, parts: Parts): number | undefined {
  const value = Object.entries(presetOf(module, parts) ?? {}).find(([key]) => key === field)?.[1];
  return typeof value === "number" ? value : undefined;
}

function layersOf(module: BlockDeclaration, parts: Parts): number {
  const made = parts.module(module);
  return made?.kind === "qformer" ? (made.config["layers"] as number) : 0;
}

/** Indices of the layers that cross-attend. */
function crossing(every: number, layers: number): readonly number[] {
  return Array.from({ length: layers }, (_, index) => index).filter((index) => index % every === 0);
}

/** Query, key, value, output and norm of a cross-attention have a weight and a bias each. */
const tensorsOfCross = 10;

function lostTensors(was: readonly number[], now: readonly number[]): string {
  const lost = was.filter((layer) => !now.includes(layer));
  const fresh = now.filter((layer) => !was.includes(layer));
  if (lost.length > 0)
    return `${lost.length * tensorsOfCross} trained tensors (layers ${lost.join(", ")}) have no place to go; elsewhere strict=False hides this`;
  return `${fresh.length * tensorsOfCross} tensors (layers ${fresh.join(", ")}) were never trained; elsewhere strict=False hides this`;
}

/** An override that swaps the tower below cross-attention that was trained for another width. */
function checkTower(
  stage: CheckedStage,
  block: BlockDeclaration,
  trained: BlockDeclaration,
  model: CheckedModel,
  parts: Parts,
): void {
  const { context } = parts;
  for (const bridge of model.modules.values()) {
    if (bridge.kind !== "qformer" || stage.from === undefined) continue;
    const tower = model.modules.get(bridge.cross.value);
    const towerBlock = context.active.find(({ name }) => name === tower?.name);
    const source = towerBlock?.statement.source;
    if (tower?.kind !== "encoder" || towerBlock?.scope !== trained.scope || source === undefined)
      continue;
    const before = context.evaluator.value(source, towerBlock.scope);
    const preset = before.kind === "string" ? backbone("vision", before.value) : undefined;
    const width = writtenNumber(towerBlock, "width", parts) ?? preset?.config.width;
    if (width === undefined || width === tower.width) continue;
    if (startsAnew(stage, bridge.name, "cross")) continue;
    const layers = bridge.config["layers"] as number;
    const count = crossing(bridge.every.value, layers).length;
    const entry = context.view(block)?.entries.get("from");
    const line = entry?.scope.source.text.slice(entry.span.start, entry.span.end);
    const number = entry?.scope.source.text.slice(0, entry.span.start).split("\n").length;
    context.sink.report(
      crossWidth,
      {
        bridge: bridge.name,
        trained: width,
        vision: tower.name,
        width: tower.width,
      },
      {
        primary: {
          span: stage.from.span,
          text: `cross_k, cross_v: f32[${width}, ${bridge.width}] in ${count} of ${layers} layers`,
        },
        labels: [
          {
            span: tower.backbone.span,
            text: `patches: f32[B, ${tower.tokens}, ${tower.width}]`,
            apart: true,
          },
        ],
        notes: [
          why(
            "a checkpoint fixes the shape of its weights; swapping the tower changes what they must accept",
          ),
          help(
            `start this run from scratch: delete line ${number} (stage 1 is advised again for a new tower)`,
          ),
          help(
            `or keep every other tensor and re-initialise only these ${2 * count + 2}:\n${line}.except(${bridge.name}.cross)`,
          ),
        ],
      },
    );
  }
}
