/** Symmetric contrast of two towers. Radford et al. 2021, arXiv:2103.00020, section 2.3. Pre-trains encoders. */
import type { Node } from "../ir/node.ts";
import { crossEntropy } from "../layers/cross-entropy.ts";
import { linear } from "../layers/linear.ts";
import { l2Normalize, layerNorm } from "../layers/norm.ts";
import type { Scope } from "../layers/scope.ts";
import { pairAccuracy } from "./contrastive.ts";

export interface TowerContrastiveOptions {
  readonly width: number;
  /** First value of the logarithm of the factor of similarities. */
  readonly logScale: number;
  /** The factor never exceeds this. */
  readonly greatestScale: number;
  /** Of the norm behind the vision tower. */
  readonly epsilon: number;
}

/** What a contrast of two towers gives. */
export interface TowerContrastive {
  readonly loss: Node;
  readonly similarity: Node;
  readonly accuracy: Node;
}

/** Both sides in the common space, f32[batch, common width], of any length. */
export interface TowerSides {
  readonly images: Node;
  readonly texts: Node;
}

/**
 * `image` [batch, width] class tokens and `text` [batch, width] first rows → both sides. Parameters of the head, dropped
 * after pre-training: `norm`, `image_projection` (no bias), `text_projection`.
 */
export function towerSides(
  s: Scope,
  image: Node,
  text: Node,
  { epsilon, width }: Pick<TowerContrastiveOptions, "epsilon" | "width">,
): TowerSides {
  const normal = layerNorm(s.at("norm"), image, epsilon);
  return {
    images: linear(s.at("image_projection"), normal, width, { bias: false }),
    texts: linear(s.at("text_projection"), text, width),
  };
}

/** Loss, similarities and accuracy. Parameter `logit_scale`, dropped after pre-training too. */
export function towerContrastive(
  s: Scope,
  { images, texts }: TowerSides,
  options: Pick<TowerContrastiveOptions, "logScale" | "greatestScale">,
): TowerContrastive {
  const { b } = s;
  const logScale = s.parameter("logit_scale", [], { kind: "constant", value: options.logScale });
  return s.within(() => {
    const factor = b.neg(b.max(b.neg(b.exp(logScale)), -options.greatestScale));
    const cosine = b.matmul(l2Normalize(s, images), b.swap(l2Normalize(s, texts)));
    const similarity = b.mul(cosine, factor);
    const own = b.iota([images.type.shape[0]!], 0);
    const backward = b.swap(similarity);
    const sum = b.add(crossEntropy(b, similarity, own), crossEntropy(b, backward, own));
    return { loss: b.mul(sum, 0.5), similarity, accuracy: pairAccuracy(s, similarity, backward) };
  });
}
