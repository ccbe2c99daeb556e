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

export const towerContrastiveDefaults: TowerContrastiveOptions = {
  width: 64,
  logScale: 2.66,
  greatestScale: 100,
  epsilon: 1e-6,
};

/**
 * `image` [batch, width] class tokens and `text` [batch, width] first rows → loss, similarities, accuracy.
 * Parameters of the head, dropped after pre-training: `norm`, `image_projection` (no bias), `text_projection`, `logit_scale`.
 */
export function towerContrastive(
  s: Scope,
  image: Node,
  text: Node,
  options: TowerContrastiveOptions = towerContrastiveDefaults,
): { readonly loss: Node; readonly similarity: Node; readonly accuracy: Node } {
  const { b } = s;
  const normal = layerNorm(s.at("norm"), image, options.epsilon);
  const imageSide = linear(s.at("image_projection"), normal, options.width, { bias: false });
  const textSide = linear(s.at("text_projection"), text, options.width);
  const logScale = s.parameter("logit_scale", [], { kind: "constant", value: options.logScale });
  return s.within(() => {
    const factor = b.neg(b.max(b.neg(b.exp(logScale)), -options.greatestScale));
    const cosine = b.matmul(l2Normalize(s, imageSide), b.swap(l2Normalize(s, textSide)));
    const similarity = b.mul(cosine, factor);
    const own = b.iota([image.type.shape[0]!], 0);
    const backward = b.swap(similarity);
    const sum = b.add(crossEntropy(b, similarity, own), crossEntropy(b, backward, own));
    return { loss: b.mul(sum, 0.5), similarity, accuracy: pairAccuracy(s, similarity, backward) };
  });
}
