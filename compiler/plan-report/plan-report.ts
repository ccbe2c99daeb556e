/** A checked stage -> what it takes: parameters, gradients, memory, compute. No device, no weights. */

import type {
  Amount,
  CheckedModel,
  CheckedModule,
  CheckedOptimizer,
  CheckedStage,
  Precision,
} from "../1-check/model.ts";
import { partText } from "../1-check/module-part.ts";
import { stageOf } from "../1-check/stage-of.ts";
import { buildStage } from "../2-build/build-stage.ts";
import type { ModuleParameters, ParameterNode, StageGraphs } from "../2-build/stage-graphs.ts";
import type { Node } from "../ir/node.ts";
import { elements, typeText } from "../ir/tensor-type.ts";
import { portableTarget, type Target } from "../program.ts";
import type { Recomputation } from "../recompute/recomputation.ts";
import { type Compute, computeOf, operationsAgain, type Share } from "./compute.ts";
import { type KeptFeatures, keptFeatures } from "./feature-cache.ts";
import { type Flow, flowOf } from "./gradient-flow.ts";
import { type Buffer, type MemoryReport, memoryReport, stageMemory } from "./memory.ts";
import { sharesOf, type WholeReport, wholeReport } from "./whole-step.ts";

/** Numbers of parameters, exact. */
export interface ParameterCounts {
  readonly trainable: number;
  readonly frozen: number;
  readonly total: number;
}

/** One line of the table of modules. */
export interface ModuleReport {
  readonly name: string;
  readonly state: "frozen" | "trainable";
  readonly parameters: number;
  /** Those of them that no step updates. */
  readonly frozen: number;
  /** What `freeze` names of a trainable module: `blocks[0..20]`; empty when nothing. */
  readonly frozenParts: readonly string[];
  /** `257 x 1408`: tokens and width of what it gives. */
  readonly width: string;
  readonly source: string;
}

/** Everything that `blipc plan` says of a stage, as plain JSON. */
export interface PlanReport {
  readonly stage: string;
  readonly file: string;
  /** Records a step. */
  readonly batch: number;
  /** Micro-batches that a step is made of. */
  readonly accumulate: number;
  readonly train: Amount;
  readonly precision: Precision;
  readonly parameters: ParameterCounts;
  readonly modules: readonly ModuleReport[];
  readonly inputs: readonly { readonly name: string; readonly type: string }[];
  readonly gradients: Flow;
  readonly memory: MemoryReport;
  /** Whose state `memory.optimizer` is. */
  readonly optimizer: CheckedOptimizer["name"];
  /** Of a step that finds all features kept. */
  readonly compute: Compute;
  /** Objectives that see all micro-batches of a step; null where there are none. */
  readonly whole: WholeReport | null;
  /** What the step computes again to fit into `memory` of the stage; null when nothing. */
  readonly recomputed: Recomputation | null;
  /** Bytes that the stage may take; null when it does not say. */
  readonly limit: number | null;
  /** Encoders that run in the first epoch alone. */
  readonly features: readonly KeptFeatures[];
  /** The largest buffer of the step. */
  readonly largest: { readonly label: string; readonly type: string; readonly bytes: number };
  /** What the schedule was made for: it decides which tensors share a kernel, and so which are stored. */
  readonly target: Pick<
    Target,
    "maxStorageBuffersPerShaderStage" | "maxStorageBufferBindingSize" | "maxBufferSize"
  >;
}

/** What a plan may be asked instead of what the pipeline says. */
export interface PlanOptions {
  /** The least that WebGPU promises when absent. */
  readonly target?: Target;
  /** Records a step; those of the stage's data when absent. */
  readonly batch?: number;
}

/** The plan of one stage. Throws `InvariantError` when the model has no such stage. */
export function planReport(
  model: CheckedModel,
  stageName: string,
  options: PlanOptions = {},
): PlanReport {
  const { stage, batch, graphs, target } = openStage(model, stageName, options);
  const accumulate = stage.accumulate.value;
  const { training, optimized, buffers, recomputed } = stageMemory(graphs, stage, target);
  const shares = sharesOf(graphs, training, accumulate);
  const nodesOf = (pass: Share["pass"]) =>
    shares.flatMap((share) => (share.pass === pass ? share.nodes : []));
  const owner = ownerOf(graphs.modules, model, stage);
  const count = (parameters: readonly ParameterNode[]) =>
    parameters.reduce((sum, { type }) => sum + elements(type.shape), 0);
  const trainable = count(graphs.trainable);
  const frozen = count(graphs.frozen);
  return {
    stage: stageName,
    file: model.file,
    batch,
    accumulate,
    train: stage.train.value,
    precision: stage.precision.value,
    parameters: { trainable, frozen, total: trainable + frozen },
    modules: graphs.modules.map((each) =>
      moduleReport(each, count(each.parameters), count(each.frozen), model, graphs),
    ),
    inputs: graphs.inputs.map(({ name, type }) => ({ name, type: typeText(type) })),
    gradients: flowOf(model, stage, nodesOf("forward"), nodesOf("backward"), owner),
    memory: memoryReport(buffers),
    optimizer: stage.optimizer.name,
    compute: computeOf(shares, accumulate * operationsAgain(training.step, optimized), owner),
    whole: wholeReport(graphs),
    recomputed: recomputed ?? null,
    limit: stage.memory.value ?? null,
    features: keptFeatures(graphs, model.data.get(stage.data.value), accumulate),
    largest: largestOf(buffers),
    target: {
      maxStorageBuffersPerShaderStage: target.maxStorageBuffersPerShaderStage,
      maxStorageBufferBindingSize: target.maxStorageBufferBindingSize,
      maxBufferSize: target.maxBufferSize,
    },
  };
}

/** A stage's graphs at the size of one micro-batch. */
export function openStage(
  model: CheckedModel,
  stageName: string,
  { target = portableTarget, batch: asked }: PlanOptions,
): {
  readonly stage: CheckedStage;
  readonly batch: number;
  readonly graphs: StageGraphs;
  readonly target: Target;
} {
  const stage = stageOf(model, stageName);
  const batch = asked ?? model.data.get(stage.data.value)?.batch.value ?? 1;
  const micro = Math.max(1, Math.floor(batch / stage.accumulate.value));
  return { stage, batch, graphs: buildStage(model, stageName, { batch: micro }), target };
}

/** Name of the block that a node belongs to, by the path of what made it. */
export type OwnerOf = (node: Node) => string;

function ownerOf(
  modules: readonly ModuleParameters[],
  model: CheckedModel,
  stage: CheckedStage,
): OwnerOf {
  const places = modules.flatMap(({ owner, parameters }) =>
    parameters.map(({ attributes: { path } }) => [path, owner] as const),
  );
  const roots = new Map<string, string>();
  for (const [path, owner] of places) {
    const parts = path.split(".");
    for (let length = parts.length; length > 0; length--) {
      const root = parts.slice(0, length).join(".");
      if (!roots.has(root)) roots.set(root, owner);
    }
  }
  const byVariant = new Map(
    stage.minimize.map(({ objective }) => [shortName(model, objective), objective]),
  );
  const known = new Map<string, string>();
  const find = (path: string): string => {
    for (let at = path; at !== ""; at = at.slice(0, Math.max(0, at.lastIndexOf(".")))) {
      const owner = roots.get(at) ?? byVariant.get(at.split(".").at(-1) ?? "");
      if (owner !== undefined) return owner;
    }
    return stage.minimize[0]?.objective ?? stage.name;
  };
  return (node) => {
    const path = node.origin.path.replaceAll("'", "");
    const owner = known.get(path) ?? find(path);
    known.set(path, owner);
    return owner;
  };
}

/** Last word of the path under which an objective makes its nodes. */
function shortName(model: CheckedModel, objective: string): string {
  const names: Readonly<Partial<Record<string, string>>> = {
    contrastive: "itc",
    matching: "itm",
    captioning: "itg",
    language: "lm",
  };
  const variant = model.objectives.get(objective)?.variant;
  return (variant && names[variant]) ?? objective;
}

function moduleReport(
  each: ModuleParameters,
  parameters: number,
  frozen: number,
  model: CheckedModel,
  graphs: StageGraphs,
): ModuleReport {
  const module = model.modules.get(each.owner);
  const shapes = graphs.modules.find(({ owner }) => owner === each.owner)?.parameters ?? [];
  const head = shapes.find(({ attributes }) => attributes.path.endsWith("proj.weight"));
  return {
    name: each.owner,
    state: each.state,
    parameters,
    frozen,
    frozenParts: each.state === "frozen" ? [] : (module?.freeze.value ?? []).map(partText),
    width: module === undefined ? String(head?.type.shape[0] ?? "") : widthOf(module),
    source: module === undefined ? "new" : sourceOf(module, model),
  };
}

function widthOf(module: CheckedModule): string {
  switch (module.kind) {
    case "encoder":
      return `${module.tokens} x ${module.width}`;
    case "queries":
      return `${module.count.value} x ${module.width.value}`;
    case "adapter":
      return `${module.inputWidth} -> ${module.outputWidth}`;
    default:
      return String(module.width);
  }
}

function sourceOf(module: CheckedModule, model: CheckedModel): string {
  const weights = module.weights.value;
  const from = weights.kind === "file" ? `, weights ${weights.path}` : "";
  if (module.kind === "adapter") return `${module.origin}${from}`;
  const isFresh = weights.kind === "random" && module.kind !== "queries" ? ", fresh weights" : "";
  if (module.kind !== "qformer") return `${module.origin}${from}${isFresh}`;
  const layers = module.config["layers"] as number;
  const crossing = Math.ceil(layers / module.every.value);
  const isContinued = module.origin.includes(".") && model.stages.size > 0;
  const cross = isContinued ? "" : `; cross-attention new (${crossing} of ${layers} layers)`;
  return `${module.origin}${from}${isFresh}${cross}`;
}

function largestOf(buffers: readonly Buffer[]): PlanReport["largest"] {
  const largest = buffers.reduce((best, each) => (each.bytes > best.bytes ? each : best));
  return { label: largest.name, type: largest.type, bytes: largest.bytes };
}
