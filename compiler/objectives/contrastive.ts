/**
 * Image-text contrast: pulls a picture and its text together and apart from the others in the batch.
 * BLIP-2 (arXiv:2301.12597, section 3.1).
 */
import type { Node } from "../ir/node.ts";
import { crossEntropy, softCrossEntropy } from "../layers/cross-entropy.ts";
import { linear } from "../layers/linear.ts";
import { l2Normalize } from "../layers/norm.ts";
import type { Scope } from "../layers/scope.ts";

export interface ContrastiveOptions {
  /** Width of the common space. */
  readonly width: number;
  readonly smoothing: number;
  /** First value of the temperature by which similarities are divided. */
  readonly temperature: number;
  /** False fixes the temperature at its first value. Default true. */
  readonly learnsTemperature?: boolean;
  /**
   * Who learns from a row of similarities. `both` (default): the row's side and the side of all the others.
   * `row`: the row's side alone, as in LAVIS, which gathers the others without gradient.
   */
  readonly gradient?: "both" | "row";
}

/** Unit vectors of the common space. */
export interface ContrastiveSides {
  /** [batch, queries, common width] */
  readonly images: Node;
  /** [batch, common width] */
  readonly texts: Node;
}

export interface ContrastiveInputs extends ContrastiveSides {
  /** i32[batch]; equal numbers are positives of each other. Absent: only the own text is. */
  readonly imageIds?: Node | undefined;
}

export interface Contrastive {
  readonly loss: Node;
  /** Similarities divided by the temperature [batch, batch]; rows are pictures. */
  readonly imageToText: Node;
  /** The same with texts as rows. */
  readonly textToImage: Node;
  /** Share of rows, both ways, whose own partner is the most similar. */
  readonly accuracy: Node;
}

/** Hidden rows [..., width] → unit vectors [..., common width]. Place `vision_proj` or `text_proj`. */
export function projected(
  s: Scope,
  side: "vision_proj" | "text_proj",
  x: Node,
  width: number,
): Node {
  return l2Normalize(s.at(side), linear(s.at(side), x, width));
}

/** Greatest cosine over queries of each picture with each text: [images, texts]. */
export function queryTextSimilarity(s: Scope, images: Node, texts: Node): Node {
  const [count, queries, width] = images.type.shape as [number, number, number];
  const { b } = s;
  const product = b.matmul(b.reshape(images, [count * queries, width]), b.swap(texts));
  const others = texts.type.shape[0]!;
  return b.reduce("max", b.reshape(product, [count, queries, others]), [1]);
}

/**
 * Query outputs of the picture pass [batch, queries, width] and the first row of the text pass [batch, width] → both sides.
 * Parameters `vision_proj` and `text_proj`.
 */
export function contrastiveSides(
  s: Scope,
  queries: Node,
  text: Node,
  { width }: Pick<ContrastiveOptions, "width">,
): ContrastiveSides {
  return {
    images: projected(s, "vision_proj", queries, width),
    texts: projected(s, "text_proj", text, width),
  };
}

/** Loss, similarities and accuracy. Parameter `temp`, a scalar. */
export function contrastive(
  s: Scope,
  { images, texts, imageIds }: ContrastiveInputs,
  options: Omit<ContrastiveOptions, "width">,
): Contrastive {
  const { b } = s;
  const temperature =
    options.learnsTemperature === false
      ? b.constant(options.temperature)
      : s.parameter("temp", [], { kind: "constant", value: options.temperature });
  return s.at("itc").within(() => {
    const hold = (x: Node) => (options.gradient === "row" ? b.stopGradient(x) : x);
    const similarity = (image: Node, text: Node) =>
      b.div(queryTextSimilarity(s, image, text), temperature);
    const imageToText = similarity(images, hold(texts));
    const textToImage = b.swap(similarity(hold(images), texts));
    const loss = (rows: Node) => directionLoss(s, rows, imageIds, options.smoothing);
    return {
      loss: b.mul(b.add(loss(imageToText), loss(textToImage)), 0.5),
      imageToText,
      textToImage,
      accuracy: pairAccuracy(s, imageToText, textToImage),
    };
  });
}

/** Share of rows of both matrices whose greatest element is on the diagonal. */
export function pairAccuracy(s: Scope, first: Node, second: Node): Node {
  const { b } = s;
  const own = b.iota([first.type.shape[0]!], 0);
  const share = (x: Node) => b.mean(b.cast(b.equal(b.argmax(x, 1), own), "f32"), [0]);
  return b.mul(b.add(share(first), share(second)), 0.5);
}

/** bool [batch, batch]: the two records show the same picture. */
export function samePicture(s: Scope, imageIds: Node): Node {
  const { b } = s;
  const batch = imageIds.type.shape[0]!;
  return b.equal(b.reshape(imageIds, [batch, 1]), b.reshape(imageIds, [1, batch]));
}

function directionLoss(
  s: Scope,
  similarity: Node,
  imageIds: Node | undefined,
  smoothing: number,
): Node {
  const { b } = s;
  const batch = similarity.type.shape[0]!;
  if (imageIds === undefined) return crossEntropy(b, similarity, b.iota([batch], 0), { smoothing });
  const same = b.cast(samePicture(s, imageIds), "f32");
  const shares = b.div(same, b.sum(same, [1], true));
  const targets = b.add(b.mul(shares, 1 - smoothing), smoothing / batch);
  return softCrossEntropy(b, similarity, targets);
}
