/** What a pipeline means once it is checked: no unresolved name, every value with the place that set it. */
import type { Span } from "../../grammar/source.ts";
import type { Init } from "../ir/signatures.ts";
import type { SimilarityAxes } from "./expression/similarity.ts";
import type { NamedTerm, TensorOutput } from "./expression/term.ts";
import type { CheckedStage } from "./model-stage.ts";
import type { CheckedTest } from "./model-tests.ts";
import type { ModulePart } from "./module-part.ts";
import type { Placed } from "./placed.ts";

export type { TensorOutput } from "./expression/term.ts";
export type {
  Amount,
  CheckedOptimizer,
  CheckedSchedule,
  CheckedStage,
  CheckedValidation,
  Continuation,
  Excepted,
  Keep,
  Precision,
} from "./model-stage.ts";
export type { CheckedAssert, CheckedTest, Term } from "./model-tests.ts";
export type { Placed } from "./placed.ts";

/** A whole pipeline: what `build`, `plan` and `run` read. Names are those of the file that is run. */
export interface CheckedModel {
  /** Name of the source that was checked. */
  readonly file: string;
  readonly parameters: ReadonlyMap<string, Placed<ParameterValue>>;
  readonly modules: ReadonlyMap<string, CheckedModule>;
  readonly texts: ReadonlyMap<string, CheckedText>;
  readonly objectives: ReadonlyMap<string, CheckedObjective>;
  readonly data: ReadonlyMap<string, CheckedData>;
  /** In the order in which they stand. */
  readonly stages: ReadonlyMap<string, CheckedStage>;
  /** What `blipc test` finds out, in the order in which it stands. */
  readonly tests: readonly CheckedTest[];
}

/** Value of a `param`. */
export type ParameterValue = number | string | boolean | null | readonly ParameterValue[];

/** Anything with weights. */
export type CheckedModule =
  | EncoderModule
  | TextEncoderModule
  | QueriesModule
  | QFormerModule
  | AdapterModule
  | LmModule;

/** Whether the weights of a module are updated. Gradients pass through frozen modules all the same. */
export type ModuleState = "frozen" | "trainable";

/**
 * Where weights come from: `weights = "file"` (`path` as written, relative to the file that wrote it),
 * `weights = random`, or `published` when nothing was said and the source names a published backbone.
 * Parts that nobody publishes (queries, adapters) are `random`.
 */
export type WeightSource =
  | { readonly kind: "file"; readonly path: string; readonly base: string }
  | { readonly kind: "random" }
  | { readonly kind: "published"; readonly name: string };

interface ModuleBase {
  readonly name: string;
  /** The block itself: `encoder vision`. */
  readonly header: Span;
  readonly state: Placed<ModuleState>;
  readonly weights: Placed<WeightSource>;
  /** Parts of a trainable module that are not trained. */
  readonly freeze: Placed<readonly ModulePart[]>;
  /** Parts that start anew although what is taken over by `=` holds them. */
  readonly except: readonly ModulePart[];
  /** What `plan` prints under "where it comes from": `eva-clip-g/14`, `normal(std: 0.02)`, `s1.q`. */
  readonly origin: string;
  /** Put in front of the published parameter names: empty for the first module of its kind, else `name.`. */
  readonly prefix: string;
}

/** Numbers and words that a backbone needs, by the names of its config. */
export type BackboneConfig = Readonly<Record<string, number | string | boolean>>;

/** What a frozen encoder sees is computed once a picture and kept on disk in this number format. */
export interface FeatureCache {
  readonly dtype: "f16" | "f32";
}

/** An image tower: pixels f32[batch, 3, size, size] -> patches f32[batch, tokens, width]. */
export interface EncoderModule extends ModuleBase {
  readonly kind: "encoder";
  /** Registered name: `eva-clip-g/14`. */
  readonly backbone: Placed<string>;
  readonly config: BackboneConfig;
  /** Pixels a side. */
  readonly imageSize: Placed<number>;
  readonly patchSize: number;
  /** Patches and the class token. */
  readonly tokens: number;
  readonly width: number;
  /** What `.cls` is: the class token, or the mean of the patches. */
  readonly pool: Placed<"cls" | "mean">;
  readonly dtype: Placed<"f16" | "f32">;
  /** Undefined: it runs in every step. */
  readonly cache: Placed<FeatureCache | undefined>;
}

/** A text tower with the names of the Q-Former's text path: ids -> [CLS] vector f32[batch, width]. */
export interface TextEncoderModule extends ModuleBase {
  readonly kind: "text-encoder";
  readonly backbone: Placed<string>;
  readonly config: BackboneConfig;
  readonly width: number;
  /** Name of the text block it reads. */
  readonly text: Placed<string>;
  /** What `.cls` is: the first row, or the mean of the words. */
  readonly pool: Placed<"cls" | "mean">;
  readonly init: Placed<Init>;
}

/** Learned query tokens f32[count, width]. */
export interface QueriesModule extends ModuleBase {
  readonly kind: "queries";
  readonly count: Placed<number>;
  readonly width: Placed<number>;
  readonly init: Placed<Init>;
}

/** The Q-Former. */
export interface QFormerModule extends ModuleBase {
  readonly kind: "qformer";
  readonly backbone: Placed<string>;
  readonly config: BackboneConfig;
  readonly width: number;
  /** The query tokens of the shared self-attention. */
  readonly queries: Placed<string> | undefined;
  /** Further query tokens, each with calls of its own. */
  readonly moreQueries: readonly Placed<string>[];
  /** The text of the shared self-attention; absent when there is no text branch (left out or dropped). */
  readonly text: Placed<string> | undefined;
  /** Further texts, each with calls of its own. */
  readonly moreTexts: readonly Placed<string>[];
  /** The encoder whose patches the queries cross-attend. */
  readonly cross: Placed<string>;
  readonly crossWidth: number;
  /** Cross-attention in layers whose index is a multiple of it. */
  readonly every: Placed<number>;
  readonly heads: Placed<number>;
  readonly dropout: Placed<number>;
  /** Of parts that no file gives weights to. */
  readonly init: Placed<Init>;
}

/** A map between two widths: one matrix, or two with GELU between them. */
export interface AdapterModule extends ModuleBase {
  readonly kind: "adapter";
  readonly variant: "linear" | "mlp";
  /** Width between the two matrices of an `mlp`. */
  readonly hidden: Placed<number>;
  /** The call it reads: the queries seen through this Q-Former. */
  readonly input: Placed<BridgeCall>;
  /** The language model whose input embeddings it feeds. */
  readonly target: Placed<string>;
  readonly inputWidth: number;
  readonly outputWidth: number;
}

/** A causal language model. */
export interface LmModule extends ModuleBase {
  readonly kind: "lm";
  readonly backbone: Placed<string>;
  readonly config: BackboneConfig;
  /** Width of the input embeddings. */
  readonly width: number;
  readonly vocabulary: number;
  readonly dtype: Placed<"f16" | "f32">;
  /** Probability with which activations are dropped while training. */
  readonly dropout: Placed<number>;
}

/** `bridge(q)`, `bridge(q, caption)`, `bridge(caption).cls`: what enters a Q-Former. */
export interface BridgeCall {
  readonly module: string;
  readonly queries: string | undefined;
  readonly text: string | undefined;
}

/**
 * What stands around the words:
 * `bert` is [CLS] words [SEP] padding, `lm` is </s> words suffix padding, `document` is the words alone.
 */
export type TextForm = "bert" | "lm" | "document";

/** Text of a record -> token ids i32[batch, maxLength] and a mask. */
export interface CheckedText {
  readonly name: string;
  readonly header: Span;
  /** Registered tokenizer: `bert-base-uncased`, `facebook/opt-2.7b`, `shapes`. */
  readonly tokenizer: Placed<string>;
  readonly form: TextForm;
  /** Rows of the embedding table that reads the ids. */
  readonly vocabulary: number;
  readonly maxLength: Placed<number>;
  /** Which text of a record: its question, or else its caption, which is the answer where there is a question. */
  readonly field: Placed<"caption" | "question">;
  /** Put behind the words before they are cut to `maxLength`. */
  readonly suffix: Placed<string>;
  /** Put in front of the words, `{question}` replaced by that of the record; its tokens are not learned. */
  readonly prompt: Placed<string>;
}

interface ObjectiveBase {
  readonly name: string;
  readonly header: Span;
  readonly variantSpan: Span;
}

/** A loss. */
export type CheckedObjective =
  | ContrastiveObjective
  | TowerContrastiveObjective
  | MatchingObjective
  | CaptioningObjective
  | LanguageObjective
  | ExpressionObjective;

/** Image-text contrast through a Q-Former (blip2.md 2.2). */
export interface ContrastiveObjective extends ObjectiveBase {
  readonly variant: "contrastive";
  readonly image: Placed<BridgeCall>;
  readonly text: Placed<BridgeCall>;
  /** Width of the common space. */
  readonly width: Placed<number>;
  readonly temperature: Placed<{ readonly learned: boolean; readonly value: number }>;
  readonly smoothing: Placed<number>;
  /** True: records with the same image id are positives of each other (retrieval fine-tuning). */
  readonly imageIds: Placed<boolean>;
  /** `row`: only the side of a row learns from it, as in LAVIS; `both`: both sides do. */
  readonly gradient: Placed<"both" | "row">;
}

/** Symmetric contrast of two towers, as in CLIP. */
export interface TowerContrastiveObjective extends ObjectiveBase {
  readonly variant: "tower-contrastive";
  readonly image: Placed<string>;
  readonly text: Placed<string>;
  readonly width: Placed<number>;
  /** Similarities are multiplied by exp(scale), which is held to `most`. */
  readonly logitScale: Placed<{ readonly init: number; readonly most: number }>;
}

/** `hard`: drawn from the similarities of that contrast; `random`: all others are as likely. */
export type Negatives =
  | {
      readonly kind: "hard";
      readonly from: string;
      /** Where a contrast that is an expression has them; absent for a built-in one. */
      readonly similarity?: SimilarityAxes;
    }
  | { readonly kind: "random" };

/** Does the text belong to the image (blip2.md 2.3)? */
export interface MatchingObjective extends ObjectiveBase {
  readonly variant: "matching";
  readonly pair: Placed<BridgeCall>;
  readonly negatives: Placed<Negatives>;
}

/** The text from the image, inside of the Q-Former (blip2.md 2.4). */
export interface CaptioningObjective extends ObjectiveBase {
  readonly variant: "captioning";
  readonly given: Placed<BridgeCall>;
  readonly predict: Placed<string>;
  readonly smoothing: Placed<number>;
}

/** The text by a language model, behind a prefix when there is one (blip2.md 3.1). */
export interface LanguageObjective extends ObjectiveBase {
  readonly variant: "language";
  readonly model: Placed<string>;
  /** The adapter that gives the prefix; absent for plain text. */
  readonly prefix: Placed<string> | undefined;
  readonly predict: Placed<string>;
  readonly smoothing: Placed<number>;
}

/** A loss written out in the pipeline. */
export interface ExpressionObjective extends ObjectiveBase {
  readonly variant: "expression";
  /** `loss`, the metrics and what they need, each behind those that it needs itself. */
  readonly values: readonly NamedTerm[];
  /** Scalars that are measured and not learned from; `accuracy` is that of `similarity` where no value has this name. */
  readonly metrics: readonly string[];
  /** Undefined when its setting `similarity` is no tensor of each picture with each text. */
  readonly similarity: SimilarityAxes | undefined;
  /** What it reads of the model, each once, with its shape as people read it: `f32[batch B, width 64]`. */
  readonly outputs: readonly { readonly output: TensorOutput; readonly shape: string }[];
}

/** Where records come from. Paths are as written, relative to the source named `base`. */
export type DataSource =
  | { readonly kind: "captions" | "table" | "vqa"; readonly path: string; readonly base: string }
  | {
      readonly kind: "shards";
      /** As written: `pairs-{000..099}.tar`. */
      readonly path: string;
      /** What it stands for, in order. */
      readonly paths: readonly string[];
      readonly base: string;
    }
  | { readonly kind: "folder"; readonly path: string; readonly base: string }
  | {
      readonly kind: "shapes";
      readonly seed: number;
      /** Pictures of the training list; with `twins` the number of picture-and-twin pairs. */
      readonly pictures: number;
      /** True: each batch is batch / 2 pictures and then their twins. */
      readonly twins: boolean;
    }
  | { readonly kind: "documents"; readonly seed: number; readonly count: number }
  | { readonly kind: "mix"; readonly of: readonly MixedData[] };

/** One part of a mix. */
export interface MixedData {
  readonly data: CheckedData;
  /** Its share beside those of the others; undefined: each part has as many as it has records. */
  readonly weight: number | undefined;
}

/** One link of an image chain. */
export type ImageStep =
  | { readonly kind: "resize"; readonly size: number }
  | {
      readonly kind: "random_resized_crop";
      readonly size: number;
      readonly scale: readonly [number, number];
    }
  | { readonly kind: "random_flip" }
  | { readonly kind: "normalize"; readonly statistics: "clip" };

/** A data set and how its records become batches. */
export interface CheckedData {
  readonly name: string;
  readonly header: Span;
  readonly source: Placed<DataSource>;
  /** Folder of the pictures, relative to the source `base`; undefined: beside the annotation file. */
  readonly root: Placed<{ readonly path: string; readonly base: string } | undefined>;
  readonly image: Placed<readonly ImageStep[]>;
  /** Records a step (twins included). */
  readonly batch: Placed<number>;
  readonly split: Placed<string>;
  readonly shuffle: Placed<boolean>;
  readonly workers: Placed<number>;
}
