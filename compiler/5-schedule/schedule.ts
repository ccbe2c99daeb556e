/** TrainingGraph → Plan: what is stored, which kernels compute it, in which order, in which memory. */

import type { TrainingGraph } from "../3-differentiate/training-graph.ts";
import { reachable } from "../ir/node.ts";
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
  const stored = chooseStored(nodes, outputs, sinks, most - 2);
  const kernels = order(
    fuse(
      nodes.filter((node) => stored.has(node)),
      graph.updates,
      outputs,
      { mostBuffers: most },
    ),
  );
  const kept = new Set([...outputs].filter((node) => !isSource(node) || isSplat(node)));
  return { graph, target, kernels, slots: slots(kernels, kept) };
}
