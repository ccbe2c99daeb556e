/** The passes of a stage, each made once and shared by the objectives that need it. */

import { placeText } from "../../grammar/source.ts";
import type {
  AdapterModule,
  CheckedModel,
  CheckedModule,
  CheckedText,
  ContrastiveObjective,
  EncoderModule,
  LmModule,
  Precision,
  QFormerModule,
  TextEncoderModule,
} from "../1-check/model.ts";
import { type BertConfig, type BertPass, bert } from "../backbones/bert.ts";
import type { OptConfig } from "../backbones/opt.ts";
import {
  type ImageMemory,
  imageMemory,
  jointPass,
  type QformerConfig,
  queryPass,
  textPass,
  visionNorm,
} from "../backbones/qformer.ts";
import { type VitConfig, vit } from "../backbones/vit.ts";
import { invariant } from "../invariant.ts";
import { Builder } from "../ir/builder.ts";
import type { Node } from "../ir/node.ts";
import type { DType, Shape } from "../ir/tensor-type.ts";
import { gelu } from "../layers/activation.ts";
import { linear } from "../layers/linear.ts";
import { rootScope, type Scope } from "../layers/scope.ts";
import { firstRow } from "../objectives/scores.ts";
import { rules } from "../ops/index.ts";
import type { Binding, InputSource, InputSpec } from "./stage-graphs.ts";

/** Ids and mask of a text, i32[batch, length]. */
export interface TextNodes {
  readonly ids: Node;
  readonly mask: Node;
  /** Only when a prompt must not be learned. */
  readonly labels: Node | undefined;
}

/** Where further queries of a Q-Former stand, below it. */
export function queryPath(queries: string): string {
  return `${queries}.query_tokens`;
}

type Kinds = { readonly [K in CheckedModule["kind"]]: Extract<CheckedModule, { kind: K }> };

/** What parts may be made otherwise. */
interface PartsOptions {
  /** True: random draws read the input `seed`; default `training`. */
  readonly sampling?: boolean;
  /** Default `full`. */
  readonly precision?: Precision;
}

export class StageParts {
  readonly b = new Builder(rules);
  readonly model: CheckedModel;
  readonly binding: Binding;
  readonly root: Scope;
  readonly precision: Precision;
  readonly #training: boolean;
  readonly #inputs = new Map<string, InputSpec>();
  readonly #made = new Map<string, unknown>();

  /** `training` turns dropout and sampling on, `sampling` the latter alone. */
  constructor(
    model: CheckedModel,
    binding: Binding,
    training: boolean,
    { sampling = training, precision = "full" }: PartsOptions = {},
  ) {
    this.model = model;
    this.binding = binding;
    this.precision = precision;
    this.#training = training;
    const seed = sampling ? { seed: this.input("seed", [2], "i32", { kind: "seed" }) } : {};
    this.root = rootScope(this.b, "", { ...seed, drops: training });
  }

  /** Declares an input, once a name. */
  input(name: string, shape: Shape, dtype: DType, source: InputSource): Node {
    if (!this.#inputs.has(name)) this.#inputs.set(name, { name, type: { shape, dtype }, source });
    return this.b.input(name, shape, dtype);
  }

  /** The inputs among `nodes`, in order of declaration. */
  inputsAmong(nodes: readonly Node[]): readonly InputSpec[] {
    const used = new Set(
      nodes.flatMap((node) => (node.op === "input" ? [node.attributes.name] : [])),
    );
    return [...this.#inputs.values()].filter(({ name }) => used.has(name));
  }

  /** A module of the pipeline by name. */
  module<K extends CheckedModule["kind"]>(kind: K, name: string): Kinds[K] {
    const module = this.model.modules.get(name);
    invariant(module?.kind === kind, () => `${name} is no ${kind}`);
    return module as Kinds[K];
  }

  text(name: string): CheckedText {
    const text = this.model.texts.get(name);
    invariant(text !== undefined, () => `${name} is no text`);
    return text;
  }

  /** Where the parameters of a module stand. */
  place(module: CheckedModule, own = ""): Scope {
    const place = this.root
      .at(module.prefix.replace(/\.$/, ""))
      .at(own)
      .with({ declared: placeText(module.header) });
    return module.state.value === "frozen" && this.#isHalf(module)
      ? place.with({ stored: "f16" })
      : place;
  }

  /** Where a contrast's projections and temperature stand: the first one's as published, others' beneath their own name. */
  contrastHeads(contrast: ContrastiveObjective): Scope {
    const bridge = this.module("qformer", contrast.image.value.module);
    const contrasts = [...this.model.objectives.values()].filter(
      ({ variant }) => variant === "contrastive",
    );
    return contrasts[0] === contrast ? this.place(bridge) : this.place(bridge, contrast.name);
  }

  /** How a frozen module is stored: as it says, else as the precision wants it. */
  #isHalf(module: CheckedModule): boolean {
    const isSaid = "dtype" in module && !module.dtype.isDefault;
    return isSaid ? module.dtype.value === "f16" : this.precision === "mixed";
  }

  tokens(name: string): TextNodes {
    const text = this.text(name);
    const length = this.binding.lengths?.[name] ?? text.maxLength.value;
    const shape = [this.binding.batch, length];
    const make = (what: string, kind: "token-ids" | "token-mask" | "token-labels") =>
      this.input(`${name}.${what}`, shape, "i32", { kind, text: name });
    return {
      ids: make("ids", "token-ids"),
      mask: make("mask", "token-mask"),
      labels: text.prompt.value === "" ? undefined : make("labels", "token-labels"),
    };
  }

  imageIds(): Node {
    return this.input("image_ids", [this.binding.batch], "i32", { kind: "image-ids" });
  }

  /** [batch, tokens, width], not yet normalized. A training graph takes kept features as an input instead. */
  patches(module: EncoderModule): Node {
    return this.#once(`patches ${module.name}`, () => {
      if (this.#training && module.cache.value !== undefined) {
        const features = module.prefix === "" ? "features" : `${module.name}.features`;
        const of: Shape = [this.binding.batch, module.tokens, module.width];
        return this.input(features, of, "f32", { kind: "features", module: module.name });
      }
      const c = module.config as unknown as VitConfig;
      const side = module.imageSize.value;
      const name = module.prefix === "" ? "image" : `${module.name}.image`;
      const shape = [this.binding.batch, c.channels, side, side];
      const pixels = this.input(name, shape, "f32", { kind: "image", module: module.name });
      return vit(this.place(module, "visual_encoder"), pixels, c);
    });
  }

  /** One vector a picture [batch, width]: the class token, or the mean of the patches. */
  classToken(module: EncoderModule): Node {
    if (module.pool.value === "mean") {
      const rows = this.patches(module);
      return this.place(module, "visual_encoder").within(() =>
        this.b.mean(this.b.slice(rows, 1, 1, module.tokens), [1]),
      );
    }
    return firstRow(this.place(module, "visual_encoder"), this.patches(module));
  }

  /** One vector a text [batch, width]: the first row of a text tower, or the mean of those that are words. */
  textVector(module: TextEncoderModule): Node {
    const { ids, mask } = this.tokens(module.text.value);
    const place = this.place(module, "Qformer.bert");
    const { hidden } = bert(place, ids, mask, module.config as unknown as BertConfig);
    return module.pool.value === "mean"
      ? place.within(() => meanOfWords(this.b, hidden, mask))
      : firstRow(place, hidden);
  }

  /** Of a pass with these queries; those that the Q-Former names first when it is not said. */
  config(bridge: QFormerModule, queries = bridge.queries?.value): QformerConfig {
    const first = bridge.config as unknown as QformerConfig;
    if (queries === undefined || queries === bridge.queries?.value) return first;
    const { count, init } = this.module("queries", queries);
    const queryStd = init.value.kind === "normal" ? init.value.std : first.queryStd;
    return { ...first, queries: count.value, queryStd, queryPath: queryPath(queries) };
  }

  /** What the cross-attention of a Q-Former reads of its encoder. */
  memory(bridge: QFormerModule, patches?: Node): ImageMemory {
    const make = () => {
      const c = this.config(bridge);
      const x = patches ?? this.patches(this.module("encoder", bridge.cross.value));
      return imageMemory(this.place(bridge), visionNorm(this.place(bridge), x, c), c);
    };
    return patches === undefined ? this.#once(`memory ${bridge.name}`, make) : make();
  }

  /** Queries alone, reading pictures. */
  queryPass(bridge: QFormerModule, queries = bridge.queries?.value): BertPass {
    return this.#once(`queries ${bridge.name} ${queries}`, () =>
      queryPass(this.place(bridge), this.memory(bridge), this.config(bridge, queries)),
    );
  }

  /** Text alone: first row [batch, width]. */
  textRow(bridge: QFormerModule, text: string): Node {
    return firstRow(this.place(bridge), this.textRows(bridge, text));
  }

  /** Text alone: [batch, tokens, width]. */
  textRows(bridge: QFormerModule, text: string): Node {
    return this.#once(`text ${bridge.name} ${text}`, () => {
      const { ids, mask } = this.tokens(text);
      return textPass(this.place(bridge), ids, mask, this.config(bridge)).hidden;
    });
  }

  /** Queries and text, each sees all: the rows of the queries [batch, queries, width]. */
  jointQueries(bridge: QFormerModule, text: string, queries = bridge.queries?.value): Node {
    return this.#once(`joint ${bridge.name} ${text} ${queries}`, () => {
      const { ids, mask } = this.tokens(text);
      const c = this.config(bridge, queries);
      const place = this.place(bridge);
      const { hidden } = jointPass(place, ids, mask, this.memory(bridge), c);
      return place.within(() => this.b.slice(hidden, 1, 0, c.queries));
    });
  }

  /** Queries as inputs of a language model: [batch, queries, width of its embeddings]. */
  prefix(adapter: AdapterModule): Node {
    const { module, text, queries } = adapter.input.value;
    const bridge = this.module("qformer", module);
    return this.#once(`prefix ${adapter.name}`, () => {
      const rows =
        text === undefined
          ? this.queryPass(bridge, queries).hidden
          : this.jointQueries(bridge, text, queries);
      return adapted(this.place(adapter, "opt_proj"), rows, adapter);
    });
  }

  /** Where the parameters of a language model stand, and its config. */
  decoder(lm: LmModule): { readonly place: Scope; readonly config: OptConfig } {
    return { place: this.place(lm, "opt_model"), config: lm.config as unknown as OptConfig };
  }

  #once<T>(key: string, make: () => T): T {
    if (!this.#made.has(key)) this.#made.set(key, make());
    return this.#made.get(key) as T;
  }
}

/** `hidden` [batch, tokens, width], `mask` i32[batch, tokens] → the mean over tokens that the mask shows [batch, width]. */
function meanOfWords(b: Builder, hidden: Node, mask: Node): Node {
  const [batch, tokens] = mask.type.shape as [number, number];
  const shown = b.cast(mask, "f32");
  const sum = b.sum(b.mul(hidden, b.reshape(shown, [batch, tokens, 1])), [1]);
  return b.div(sum, b.max(b.sum(shown, [1], true), 1));
}

/** One matrix; or two with GELU between them, called as PyTorch's `Sequential` calls them. */
function adapted(place: Scope, x: Node, { variant, hidden, outputWidth }: AdapterModule): Node {
  if (variant === "linear") return linear(place, x, outputWidth);
  const wide = linear(place.at("0"), x, hidden.value);
  return linear(
    place.at("2"),
    place.within(() => gelu(place.b, wide)),
    outputWidth,
  );
}
