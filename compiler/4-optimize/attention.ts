/** Attention and its gradient, where a kernel of their own does not pay → smaller ops. */
import { rootsOf, type TrainingGraph } from "../3-differentiate/training-graph.ts";
import type { Builder } from "../ir/builder.ts";
import { lowest } from "../ir/lowest.ts";
import { type Node, type NodeOf, reachable } from "../ir/node.ts";
import { elements } from "../ir/tensor-type.ts";
import type { Target } from "../program.ts";
import { rewrite } from "./rewrite.ts";
import { splat } from "./simplify.ts";

/** Bytes of a score matrix up to which its shares are kept from forward to backward: the fastest way. */
const mostKept = 4 * 2 ** 20;
/** Bytes of a score matrix up to which backward makes it again as a whole, for one layer at a time; beyond, kernels do without it. */
const mostWhole = 64 * 2 ** 20;
/** Bindings that the gradient's kernel may need. */
const mostBindings = 10;

type Attention = NodeOf<"attention"> | NodeOf<"attentionGradient">;

/**
 * Forward alone is a kernel on software drivers, where that pays from middling sizes on and costs little below; elsewhere it
 * is one where the scores are large. With a gradient the three ways go by the size of the scores.
 */
export function chooseAttention(graph: TrainingGraph, b: Builder, target: Target): TrainingGraph {
  const roots = rootsOf(graph);
  const differentiated = new Set(
    reachable(roots).flatMap((node) => (node.op === "attentionGradient" ? [keyOf(node)] : [])),
  );
  return rewrite(graph, b, (node, inputs) => {
    if (node.op !== "attention" && node.op !== "attentionGradient") return undefined;
    const bytes = 4 * elements(node.inputs[3].type.shape);
    const made = b.make<"attention" | "attentionGradient">(
      node.op,
      inputs as never,
      node.attributes as never,
    ) as Attention;
    const isKept = bytes <= mostKept;
    if (made.op === "attention") {
      const isKernel = differentiated.has(keyOf(node)) ? !isKept : target.deviceClass === "cpu";
      return isKernel || bytes > mostWhole ? made : b.expand(made);
    }
    if (isKept) return b.expand(made);
    const isBound = target.maxStorageBuffersPerShaderStage >= mostBindings;
    return bytes > mostWhole && isBound ? made : byLogSum(made, b);
  });
}

/** Equal for attention and the gradient of it. */
function keyOf({ inputs, attributes }: Attention): string {
  const ids = inputs.slice(0, 5).map(({ id }) => id);
  return [...ids, attributes.scale].join();
}

/** Shares made again from the log-sum by ordinary products. */
function byLogSum(node: NodeOf<"attentionGradient">, b: Builder): Node {
  const [queries, keys, values, bias, visible, logSum, adjoint, along] = node.inputs;
  const { scale, to } = node.attributes;
  const column = [...logSum.type.shape, 1];
  const product = b.add(b.mul(b.matmul(queries, b.swap(keys)), scale), bias);
  const scores = b.select(visible, product, lowest);
  const power = b.exp(b.sub(scores, b.reshape(logSum, column)));
  // Queries that see nothing attend to all keys alike; next to the lowest f32 their log-sum has lost its logarithm.
  const isSeeing = b.reshape(b.less(lowest, logSum), column);
  const isPlain = splat(visible) === 1 && splat(bias) === 0;
  const shares = isPlain
    ? power
    : b.select(b.broadcastTo(isSeeing, power.type.shape), power, 1 / keys.type.shape[2]!);
  const upper = b.transpose(adjoint, [0, 2, 1, 3]);
  if (to === "values") return b.matmul(b.swap(shares), upper);
  const own = b.sub(b.matmul(upper, b.swap(values)), b.reshape(along, column));
  const slopes = b.select(visible, b.mul(b.mul(shares, own), scale), 0);
  return to === "queries" ? b.matmul(slopes, keys) : b.matmul(b.swap(slopes), queries);
}
