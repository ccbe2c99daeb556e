/** TrainingGraph → Plan: what is stored, which kernels compute it, in which order, in which memory. */

import type { TrainingGraph, Update } from "../3-differentiate/training-graph.ts";
import { type Node, reachable } from "../ir/node.ts";
import { elements } from "../ir/tensor-type.ts";
import type { Target } from "../program.ts";
import { fuse } from "./fuse.ts";
import { slots } from "./memory.ts";
import { order } from "./order.ts";
import type { Plan } from "./plan.ts";
import { chooseStored, isSource, isSplat } from "./stored.ts";

/** Runs after `4-optimize`. */
export function schedule(graph: TrainingGraph, target: Target): Plan {
  const outputs = new Set(graph.outputs.values());
  const sinks = [...outputs, ...graph.updates.map((update) => update.value)];
  const nodes = reachable(sinks);
  const most = target.maxStorageBuffersPerShaderStage;
  const stored = new Set(chooseStored(nodes, outputs, most - 2));
  for (const update of graph.updates) if (readsElsewhere(update, stored)) stored.add(update.value);
  const kernels = order(
    fuse(
      nodes.filter((node) => stored.has(node) && elements(node.type.shape) > 0),
      graph.updates,
      outputs,
      { mostBuffers: most },
    ),
  );
  const kept = new Set([...outputs].filter((node) => !isSource(node) || isSplat(node)));
  return { graph, target, kernels, slots: slots(kernels, kept) };
}

/** True when a new value takes the parameter's old one from other places: it must be complete before it is written. */
function readsElsewhere({ target, value }: Update, stored: ReadonlySet<Node>): boolean {
  const seen = new Set<Node>();
  const visit = (node: Node, moved: boolean): boolean => {
    if (node === (target as Node)) return moved;
    if (stored.has(node) || (seen.has(node) && !moved)) return false;
    seen.add(node);
    const moves = moved || moving.has(node.op);
    return (node.inputs as readonly Node[]).some((input) => visit(input, moves));
  };
  return value !== (target as Node) && visit(value, false);
}

const moving = new Set<Node["op"]>(["transpose", "broadcast", "slice", "pad", "concat", "gather"]);
