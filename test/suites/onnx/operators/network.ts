/** ONNX operators that are layers: softmax, norms, losses, rotary positions, optimizers. */
import type { Node } from "../../../../compiler/ir/node.ts";
import { crossEntropy } from "../../../../compiler/layers/cross-entropy.ts";
import { layerNorm, rmsNorm } from "../../../../compiler/layers/norm.ts";
import { rootScope } from "../../../../compiler/layers/scope.ts";
import { logSoftmax, softmax } from "../../../../compiler/layers/softmax.ts";
import type { Call, Operator } from "../call.ts";
import { attention } from "./attention.ts";
import { asMatrix, axisOf, moved, take, upTo } from "./helpers.ts";

const alongAxis =
  (layer: typeof softmax): Operator =>
  (call) => {
    const x = call.input(0);
    const axis = axisOf(call.integer("axis", -1), x.type.shape.length);
    const { x: last, back } = moved(call.b, x, axis, "back");
    return [back(layer(call.b, last))];
  };

function layerNormalization(call: Call): Node[] {
  const { b } = call;
  const x = call.input(0);
  const { shape } = x.type;
  const axis = axisOf(call.integer("axis", -1), shape.length);
  const epsilon = call.float("epsilon", 1e-5);
  call.parameter(1, "weight");
  call.parameter(2, "bias");
  const rows = asMatrix(b, x, axis);
  const folded = shape.map((size, i) => (i < axis ? size : 1));
  const mean = b.mean(rows, [-1], true);
  const centered = b.sub(rows, mean);
  const variance = b.mean(b.mul(centered, centered), [-1], true);
  const inverse = b.div(1, b.sqrt(b.add(variance, epsilon)));
  const y = b.reshape(layerNorm(rootScope(b), rows, epsilon), shape);
  return [y, b.reshape(mean, folded), b.reshape(inverse, folded)];
}

function rmsNormalization(call: Call): Node[] {
  const { b } = call;
  const x = call.input(0);
  const { shape } = x.type;
  const axis = axisOf(call.integer("axis", -1), shape.length);
  call.parameter(1, "weight");
  const rows = asMatrix(b, x, axis);
  return [b.reshape(rmsNorm(rootScope(b), rows, call.float("epsilon", 1e-5)), shape)];
}

/** [N, C, d1, …] with the classes last and all else in rows; and targets as rows. */
function byRow(call: Call): { rows: Node; targets: Node; back: (y: Node) => Node } {
  const { b } = call;
  const { x, back } = moved(b, call.input(0), 1, "back");
  const rows = b.reshape(x, [-1, x.type.shape.at(-1)!]);
  return {
    rows,
    targets: b.reshape(call.input(1), [-1]),
    back: (y) => back(b.reshape(y, x.type.shape)),
  };
}

function reduced(call: Call, losses: Node, weights: Node | undefined): Node {
  const { b } = call;
  const kind = call.text("reduction", "mean");
  if (kind === "none") return b.reshape(losses, call.shape(1));
  const sum = b.sum(losses, [0]);
  if (kind === "sum") return sum;
  return weights === undefined ? b.mean(losses, [0]) : b.div(sum, b.sum(weights, [0]));
}

/** Weighted negative log likelihood of the targets' classes. */
function likelihoodLoss(call: Call, logarithms: Node, targets: Node): Node {
  const { b } = call;
  const [rows, classes] = logarithms.type.shape as [number, number];
  const isTarget = b.equal(b.iota([rows, classes], 1), b.reshape(targets, [rows, 1]));
  const picked = b.neg(b.sum(b.select(isTarget, logarithms, 0), [-1]));
  const given = call.optional(2);
  const ignored = call.model.attributes.get("ignore_index")?.integer;
  if (given === undefined && ignored === undefined) return reduced(call, picked, undefined);
  const classWeights = given ?? b.constant(1, [classes]);
  const weights = b.sum(b.select(isTarget, classWeights, 0), [-1]);
  const kept =
    ignored === undefined ? weights : b.select(b.equal(targets, ignored), b.constant(0), weights);
  return reduced(call, b.mul(kept, picked), kept);
}

function negativeLogLikelihood(call: Call): Node[] {
  const { rows, targets } = byRow(call);
  return [likelihoodLoss(call, rows, targets)];
}

/** Without class weights this is the project's own loss. */
function softmaxCrossEntropy(call: Call): Node[] {
  const { b } = call;
  const { rows, targets, back } = byRow(call);
  const logarithms = logSoftmax(b, rows);
  return [
    call.has(2) ? likelihoodLoss(call, logarithms, targets) : ownLoss(call, rows, targets),
    back(logarithms),
  ];
}

function ownLoss(call: Call, rows: Node, targets: Node): Node {
  const { b } = call;
  const ignored = call.model.attributes.get("ignore_index")?.integer;
  const marked =
    ignored === undefined
      ? targets
      : b.select(b.equal(targets, ignored), b.constant(-100, [], "i32"), targets);
  const kind = call.text("reduction", "mean");
  if (kind === "mean") return crossEntropy(b, rows, marked);
  return reduced(call, crossEntropy(b, rows, marked, { reduction: "none" }), undefined);
}

function rotaryEmbedding(call: Call): Node[] {
  const { b } = call;
  const x = call.input(0);
  const isFlat = x.type.shape.length === 3;
  const heads = call.integer("num_heads", 0);
  // [batch, tokens, heads, width]
  const byToken = isFlat
    ? b.reshape(x, [...x.type.shape.slice(0, 2), heads, x.type.shape[2]! / heads])
    : b.transpose(x, [0, 2, 1, 3]);
  const width = byToken.type.shape[3]!;
  const turned = call.integer("rotary_embedding_dim", 0) || width;
  const isInterleaved = call.integer("interleaved", 0) === 1;
  const half = turned / 2;
  const part = (offset: number): Node =>
    isInterleaved
      ? take(
          b,
          byToken,
          3,
          upTo(half).map((i) => 2 * i + offset),
        )
      : b.slice(byToken, 3, offset * half, (offset + 1) * half);
  const places = call.optional(3);
  const table = (index: number): Node => {
    const cache = call.input(index);
    const rows = places === undefined ? cache : b.gather(cache, places);
    const [batch, tokens, size] = rows.type.shape as [number, number, number];
    return b.reshape(rows, [batch, tokens, 1, size]);
  };
  const [cosine, sine, first, second] = [table(1), table(2), part(0), part(1)];
  const real = b.sub(b.mul(first, cosine), b.mul(second, sine));
  const imaginary = b.add(b.mul(first, sine), b.mul(second, cosine));
  const pairs = [...real.type.shape, 1];
  const joined = isInterleaved
    ? b.reshape(b.concat([b.reshape(real, pairs), b.reshape(imaginary, pairs)], 4), [
        ...real.type.shape.slice(0, 3),
        turned,
      ])
    : b.concat([real, imaginary], 3);
  const whole =
    turned === width ? joined : b.concat([joined, b.slice(byToken, 3, turned, width)], 3);
  return [isFlat ? b.reshape(whole, x.type.shape) : b.transpose(whole, [0, 2, 1, 3])];
}

/** Adam of ai.onnx.preview.training: the correction of the moments is folded into the rate. */
function adam(call: Call): Node[] {
  const { b } = call;
  const [rate, step] = [call.input(0), b.cast(call.input(1), "f32")];
  const count = (call.count - 2) / 4;
  const [alpha, beta] = [call.float("alpha", 0.9), call.float("beta", 0.999)];
  const power = (base: number) => b.exp(b.mul(step, Math.log(base)));
  const corrected = b.div(b.mul(rate, b.sqrt(b.sub(1, power(beta)))), b.sub(1, power(alpha)));
  const adjusted = b.reshape(b.select(b.less(0, step), corrected, rate), []);
  const tensors = upTo(count).map((i) => {
    const [x, slope, first, second] = [0, 1, 2, 3].map((kind) =>
      call.input(2 + kind * count + i),
    ) as [Node, Node, Node, Node];
    const gradient = b.add(b.mul(x, call.float("norm_coefficient", 0)), slope);
    const mean = b.add(b.mul(first, alpha), b.mul(gradient, 1 - alpha));
    const spread = b.add(b.mul(second, beta), b.mul(b.mul(gradient, gradient), 1 - beta));
    const divisor = b.add(b.sqrt(spread), call.float("epsilon", 0));
    const next = b.sub(x, b.div(b.mul(mean, adjusted), divisor));
    return [b.mul(next, 1 - call.float("norm_coefficient_post", 0)), mean, spread] as const;
  });
  return [0, 1, 2].flatMap((kind) => tensors.map((tensor) => tensor[kind]!));
}

export const network: Readonly<Record<string, Operator>> = {
  Adam: adam,
  Attention: attention,
  LayerNormalization: layerNormalization,
  LogSoftmax: alongAxis(logSoftmax),
  NegativeLogLikelihoodLoss: negativeLogLikelihood,
  RMSNormalization: rmsNormalization,
  RotaryEmbedding: rotaryEmbedding,
  Softmax: alongAxis(softmax),
  SoftmaxCrossEntropyLoss: softmaxCrossEntropy,
};
