/** Removes arithmetic that changes nothing: x + 0, x * 1, x / 1, -(-x), casts to the same type, moves that move nothing. */

import type { TrainingGraph } from "../3-differentiate/training-graph.ts";
import type { Builder } from "../ir/builder.ts";
import type { Node } from "../ir/node.ts";
import { sameShape } from "../ir/tensor-type.ts";
import { rewrite } from "./rewrite.ts";

export function simplify(graph: TrainingGraph, b: Builder): TrainingGraph {
  return rewrite(graph, b, simpler);
}

function simpler(node: Node, inputs: readonly Node[], b: Builder): Node | undefined {
  const [x, y] = inputs;
  switch (node.op) {
    case "add":
      return isSplat(x!, 0) ? y : isSplat(y!, 0) ? x : undefined;
    case "sub":
      return isSplat(y!, 0) ? x : isSplat(x!, 0) ? b.neg(y!) : undefined;
    case "mul":
      return isSplat(x!, 1)
        ? y
        : isSplat(y!, 1)
          ? x
          : isSplat(x!, -1)
            ? b.neg(y!)
            : isSplat(y!, -1)
              ? b.neg(x!)
              : folded(node, x!, y!, b);
    case "div":
      return isSplat(y!, 1) ? x : undefined;
    case "neg":
      return x!.op === "neg" ? x!.inputs[0] : undefined;
    case "select": {
      const condition = splat(x!);
      return condition === undefined ? undefined : inputs[condition === 0 ? 2 : 1];
    }
    case "stopGradient":
      return node.attributes.again === true ? undefined : x;
    case "reshape":
      return x!.op === "reshape"
        ? b.reshape(x!.inputs[0], node.attributes.shape)
        : sameShape(x!.type.shape, node.type.shape)
          ? x
          : undefined;
    case "transpose":
      return x!.op === "transpose"
        ? b.transpose(
            x!.inputs[0],
            node.attributes.permutation.map(
              (axis) => (x as Node & { op: "transpose" }).attributes.permutation[axis]!,
            ),
          )
        : undefined;
    default:
      return undefined;
  }
}

/** (x * a) * b with two numbers is x * (a b). */
function folded(node: Node, x: Node, y: Node, b: Builder): Node | undefined {
  const factor = splat(y) ?? splat(x);
  const other = splat(y) === undefined ? y : x;
  if (factor === undefined || other.op !== "mul" || node.type.dtype !== "f32") return undefined;
  const inner = splat(other.inputs[1]) ?? splat(other.inputs[0]);
  if (inner === undefined) return undefined;
  const rest = splat(other.inputs[1]) === undefined ? other.inputs[1] : other.inputs[0];
  return b.mul(rest, factor * inner);
}

/** The number that a tensor is full of, if it is one number through and through. */
export function splat(node: Node): number | undefined {
  if (node.op === "constant")
    return node.attributes.data.length === 1 ? node.attributes.data[0] : undefined;
  if (node.op === "broadcast" || node.op === "reshape") return splat(node.inputs[0]);
  return undefined;
}

function isSplat(node: Node, value: number): boolean {
  return splat(node) === value;
}
