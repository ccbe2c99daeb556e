/** TrainingGraph → Plan: what is stored, which kernels compute it, in which order, in which memory. */

import { rootsOf, type TrainingGraph } from "../3-differentiate/training-graph.ts";
import { type Node, type NodeOf, reachable } from "../ir/node.ts";
import { elements } from "../ir/tensor-type.ts";
import type { Target } from "../program.ts";
import { bindingsOf } from "./blocks.ts";
import { fuse } from "./fuse.ts";
import type { PlannedKernel } from "./kernel.ts";
import { slots } from "./memory.ts";
import { Circle, order } from "./order.ts";
import { partsOf, type Write, withPacks } from "./packs.ts";
import type { Plan } from "./plan.ts";
import { chooseStored, isSource, isSplat } from "./stored.ts";

/**
 * Runs after `4-optimize`. All outputs and all new values see the parameters as they were before the run.
 * The same graph gives the same plan.
 */
export function schedule(given: TrainingGraph, target: Target): Plan {
  const { graph, writes, places } = withPacks(withCopies(given));
  const outputs = new Set(graph.outputs.values());
  const nodes = reachable([...outputs, ...graph.updates.map((update) => update.value)]);
  const most = target.maxStorageBuffersPerShaderStage;
  const mostBytes = target.maxStorageBufferBindingSize;
  const again = computedAgain(nodes);
  const attempt = (mostReads: number): PlannedKernel[] => {
    const stored = new Set(chooseStored(nodes, outputs, mostReads));
    for (const write of writes) if (readsElsewhere(write, stored)) stored.add(write.value);
    return withoutCircles(writes, (apart) => {
      const all = nodes.filter(
        (node) => (stored.has(node) || apart.has(node)) && elements(node.type.shape) > 0,
      );
      const limits = { mostBuffers: most, mostBytes, apart, again, writesHalves: target.shaderF16 };
      return order(fuse(all, writes, outputs, limits));
    });
  };
  // Tensors that need several bindings leave fewer for others.
  let mostReads = most - 2;
  let kernels = attempt(mostReads);
  while (mostReads > 3 && kernels.some((each) => bindingsOf(each, mostBytes) > most)) {
    mostReads = Math.max(3, mostReads >> 1);
    kernels = attempt(mostReads);
  }
  const kept = new Set([...outputs].filter((node) => !isSource(node) || isSplat(node)));
  return { graph, target, kernels, slots: slots(kernels, kept, places), places };
}

/** What starts from a value that is used again, and all that reads it. `nodes` are in order. */
function computedAgain(nodes: readonly Node[]): ReadonlySet<Node> {
  const again = new Set<Node>();
  for (const node of nodes) {
    const isStart = node.op === "stopGradient" && node.attributes.again === true;
    if (isStart || (node.inputs as readonly Node[]).some((input) => again.has(input)))
      again.add(node);
  }
  return again;
}

/** Where parameters take each other's old values in a circle, one value is stored before it is written. */
function withoutCircles(
  writes: readonly Write[],
  attempt: (apart: ReadonlySet<Node>) => PlannedKernel[],
): PlannedKernel[] {
  const apart = new Set<Node>();
  for (;;) {
    try {
      return attempt(apart);
    } catch (error) {
      if (!(error instanceof Circle)) throw error;
      const overwritten = new Set(error.kernels.flatMap((kernel) => [...kernel.overwrites]));
      const next = writes.find(
        ({ target, value }) => overwritten.has(target) && !isSource(value) && !apart.has(value),
      );
      if (next === undefined) throw error;
      apart.add(next.value);
    }
  }
}

/** Parameters that are outputs or new values of others while they change themselves are copied first. */
function withCopies(graph: TrainingGraph): TrainingGraph {
  const changed = new Set<Node>(graph.updates.map((update) => update.target));
  let last = Math.max(-1, ...rootsOf(graph).map(({ id }) => id));
  const copies = new Map<Node, Node>();
  const old = (node: Node): Node => {
    if (!changed.has(node) && !partsOf(node).some((part) => changed.has(part))) return node;
    let copy = copies.get(node);
    if (copy === undefined) {
      last += 1;
      const made: NodeOf<"stopGradient"> = {
        op: "stopGradient",
        id: last,
        inputs: [node],
        attributes: {},
        type: node.type,
        origin: node.origin,
      };
      copy = made;
      copies.set(node, copy);
    }
    return copy;
  };
  return {
    name: graph.name,
    outputs: new Map([...graph.outputs].map(([name, node]) => [name, old(node)])),
    updates: graph.updates.flatMap(({ target, value }) =>
      value === target ? [] : [{ target, value: old(value) }],
    ),
  };
}

/** True when a new value takes the parameter's old one from other places: it must be complete before it is written. */
function readsElsewhere({ target, value }: Write, stored: ReadonlySet<Node>): boolean {
  const seen = new Set<Node>();
  const visit = (node: Node, moved: boolean): boolean => {
    if (node === (target as Node)) return moved;
    if (partsOf(target).includes(node)) return true;
    if (stored.has(node) || (seen.has(node) && !moved)) return false;
    seen.add(node);
    const moves = moved || moving.has(node.op);
    return (node.inputs as readonly Node[]).some((input) => visit(input, moves));
  };
  return visit(value, false);
}

const moving = new Set<Node["op"]>(["transpose", "broadcast", "slice", "pad", "concat", "gather"]);
