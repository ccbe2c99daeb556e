/** What a stage is as tensor graphs: losses, metrics, inputs, parameters. Read by training, plan and evaluation. */
import type { ModuleState, Precision } from "../1-check/model.ts";
import type { Builder } from "../ir/builder.ts";
import type { Node, NodeOf } from "../ir/node.ts";
import type { TensorType } from "../ir/tensor-type.ts";
import type { Held } from "./hold.ts";

/** Numbers for the sizes that the language leaves free. */
export interface Binding {
  /** Records in a (micro-)batch. */
  readonly batch: number;
  /** Tokens by name of the text block; `max_len` of the block where it says nothing. */
  readonly lengths?: Readonly<Record<string, number>>;
}

/** What the host has to write into an input before a run. */
export type InputSource =
  /** f32[batch, 3, size, size], normalized pictures for this encoder. */
  | { readonly kind: "image"; readonly module: string }
  /** f32[batch, tokens, width]: what this frozen encoder sees, from its feature graph. */
  | { readonly kind: "features"; readonly module: string }
  /** i32[batch, length] token ids of this text block, padded on the right. */
  | { readonly kind: "token-ids"; readonly text: string }
  /** i32[batch, length], 1 at tokens, 0 at padding. */
  | { readonly kind: "token-mask"; readonly text: string }
  /** i32[batch, length]: what is to be predicted, -100 where nothing is (padding, prompt). */
  | { readonly kind: "token-labels"; readonly text: string }
  /** i32[batch]: equal numbers belong to the same picture. */
  | { readonly kind: "image-ids" }
  /** i32[2]: another one for every run (dropout, hard negatives). */
  | { readonly kind: "seed" }
  /** Made by another graph or by the caller, such as image features. */
  | { readonly kind: "given" };

/** An input of a graph. */
export interface InputSpec {
  readonly name: string;
  readonly type: TensorType;
  readonly source: InputSource;
}

/** A weight of the graph. */
export type ParameterNode = NodeOf<"parameter">;

/** The parameters of a module or an objective. */
export interface ModuleParameters {
  /** Name of the block: `bridge`, `itc`. */
  readonly owner: string;
  readonly state: ModuleState;
  readonly parameters: readonly ParameterNode[];
  /** Those of them that are not updated: all of a frozen module, the parts in `freeze` of a trainable one. */
  readonly frozen: readonly ParameterNode[];
}

/** Paths of parameters that are not taken over. */
export interface StartsAnew {
  /** Not from the checkpoint that the stage continues from. */
  readonly checkpoint: ReadonlySet<string>;
  /** Not from the module's own file either. */
  readonly file: ReadonlySet<string>;
}

/** A fresh parameter that starts as a copy of another, unless its file holds it. */
export interface InitialCopy {
  readonly from: string;
  readonly to: string;
}

/** Objectives that see all micro-batches of a step. */
export interface WholeLosses {
  readonly microBatches: number;
  readonly held: readonly Held[];
  /** Inputs of a micro-batch that are read of all of them, one behind the other. */
  readonly inputs: readonly Node[];
  /** Weighted sum of these losses, scalar: of what is held, parameters and inputs of the whole step. */
  readonly total: Node;
  /** Where the micro-batches find it. */
  readonly totalPlace: ParameterNode;
  /** Unweighted scalars by name of the objective. */
  readonly losses: ReadonlyMap<string, Node>;
  /** Scalars without gradient. */
  readonly metrics: ReadonlyMap<string, Node>;
}

/** A stage bound to sizes, before differentiation. */
export interface StageGraphs {
  readonly stage: string;
  readonly binding: Binding;
  /** Makes further nodes of the same graph: gradients, updates. */
  readonly builder: Builder;
  readonly inputs: readonly InputSpec[];
  /** Weighted sum of the losses of a micro-batch and, read from its place, of that of `whole`; scalar. */
  readonly total: Node;
  /** Unweighted scalars by name of the objective, in the order of `minimize`; without those of `whole`. */
  readonly losses: ReadonlyMap<string, Node>;
  /** Scalars without gradient: `itc.accuracy`; without those of `whole`. */
  readonly metrics: ReadonlyMap<string, Node>;
  /** Undefined where every objective sees one micro-batch at a time. */
  readonly whole: WholeLosses | undefined;
  /** Parameters that the stage updates, in order of path. */
  readonly trainable: readonly ParameterNode[];
  /** Parameters that the graph reads and never writes, in order of path. */
  readonly frozen: readonly ParameterNode[];
  /** Every parameter once, by owner. */
  readonly modules: readonly ModuleParameters[];
  readonly initialCopies: readonly InitialCopy[];
  /** Paths that `.except(…)` keeps from being taken over. */
  readonly startsAnew: StartsAnew;
  /** Frozen prefixes that are computed once a picture: the graph starts at what they give. */
  readonly features: readonly FeatureGraph[];
  /** The same losses on held data, at the batch of that data; undefined when nothing is validated. */
  readonly validation: InferenceGraph | undefined;
}

/** What a frozen encoder sees: input `image` (or `MODULE.image`), output `features` f32[batch, tokens, width]. */
export interface FeatureGraph {
  readonly module: string;
  /** Input of the stage's graph that takes them. */
  readonly input: string;
  /** How they are kept; the stage sees them rounded so. */
  readonly dtype: "f16" | "f32";
  readonly graph: InferenceGraph;
}

/** A graph without training: named inputs and named results. */
export interface InferenceGraph {
  readonly name: string;
  readonly precision: Precision;
  readonly builder: Builder;
  readonly inputs: readonly InputSpec[];
  readonly outputs: ReadonlyMap<string, Node>;
  readonly parameters: readonly ParameterNode[];
}
