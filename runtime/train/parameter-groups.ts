/** Parameters → groups with one weight decay and one learning-rate scale each, as LAVIS's Blip2Base forms them. */

/** A parameter as the groups see it. */
export interface GroupedParameter {
  readonly name: string;
  readonly shape: readonly number[];
  /** True: not trained. */
  readonly isFrozen?: boolean;
}

/** Parameters that share decay and scale, in the order given. */
export interface ParameterGroup {
  readonly weightDecay: number;
  /** What the learning rate is multiplied by. LAVIS stores it and never applies it. */
  readonly rateScale: number;
  readonly names: readonly string[];
}

/** Groups in order of first appearance, and the names that are not trained. */
export interface ParameterGroups {
  readonly groups: readonly ParameterGroup[];
  readonly frozen: readonly string[];
}

/** Settings of `parameterGroups`. */
export interface GroupOptions {
  readonly weightDecay: number;
  /** Scale between one ViT layer and the next; 1 (default) changes nothing. */
  readonly layerDecay?: number;
  /** Which names are the ViT's and how its blocks are named; absent: no layers are told apart. */
  readonly vit?: {
    readonly flavor: "eva" | "clip";
    /** "visual_encoder." by default. */
    readonly prefix?: string;
  };
}

/** Weight decay of a parameter: none for one-dimensional tensors and names that end in ".bias"; scalars are decayed. */
export function weightDecayOf(parameter: GroupedParameter, weightDecay: number): number {
  return parameter.shape.length === 1 || parameter.name.endsWith(".bias") ? 0 : weightDecay;
}

/**
 * Groups by (ViT layer, decayed or not). Layer k of a ViT with n blocks has the scale layerDecay^(n + 1 - k):
 * embeddings are layer 0, block i is layer i + 1; what is not of the ViT has scale 1.
 */
export function parameterGroups(
  parameters: readonly GroupedParameter[],
  options: GroupOptions,
): ParameterGroups {
  const { weightDecay, layerDecay = 1, vit } = options;
  const prefix = vit?.prefix ?? "visual_encoder.";
  const ofVit = (name: string) => vit !== undefined && name.startsWith(prefix);
  const blocks = blockCount(parameters.filter(({ name }) => ofVit(name)));
  const groups = new Map<string, { weightDecay: number; rateScale: number; names: string[] }>();
  for (const parameter of parameters) {
    if (parameter.isFrozen === true) continue;
    const decay = weightDecayOf(parameter, weightDecay);
    const layer = ofVit(parameter.name)
      ? layerOf(parameter.name.slice(prefix.length), vit!.flavor, blocks)
      : undefined;
    const rateScale = layer === undefined ? 1 : layerDecay ** (blocks + 1 - layer);
    const key = `${layer ?? "other"} ${decay === 0 ? "plain" : "decayed"}`;
    const group = groups.get(key) ?? { weightDecay: decay, rateScale, names: [] };
    group.names.push(parameter.name);
    groups.set(key, group);
  }
  const frozen = parameters.filter(({ isFrozen }) => isFrozen === true).map(({ name }) => name);
  return { groups: [...groups.values()], frozen };
}

const blockName = /(?:^|\.)(?:blocks|resblocks)\.(\d+)\./;

function blockCount(parameters: readonly GroupedParameter[]): number {
  const indices = parameters.map(({ name }) => Number(blockName.exec(name)?.[1] ?? -1));
  return Math.max(-1, ...indices) + 1;
}

/** LAVIS's `get_num_layer`. Its CLIP asks for the bare names, so conv1 and ln_pre fall into the last layer. */
function layerOf(name: string, flavor: "eva" | "clip", blocks: number): number {
  const block = blockName.exec(name)?.[1];
  if (block !== undefined) return Number(block) + 1;
  const first =
    flavor === "eva"
      ? ["cls_token", "mask_token", "pos_embed"].includes(name) || name.startsWith("patch_embed")
      : ["class_embedding", "positional_embedding", "conv1", "ln_pre"].includes(name);
  return first ? 0 : blocks;
}
