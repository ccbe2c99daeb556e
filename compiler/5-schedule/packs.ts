/**
 * Packs of a graph → where their parts stand: what computes a part writes it into the pack's buffer, and the state of packed
 * parameters is one buffer, which one kernel changes.
 */
import { rootsOf, type TrainingGraph, type Update } from "../3-differentiate/training-graph.ts";
import { type Node, type NodeOf, reachable } from "../ir/node.ts";
import { packLayout } from "../ir/pack-layout.ts";
import { elements, sameShape } from "../ir/tensor-type.ts";
import { isSource } from "./stored.ts";

/** A new value of a parameter, or of a pack of parameters. */
export interface Write {
  readonly target: NodeOf<"parameter"> | NodeOf<"pack">;
  readonly value: Node;
}

/** Where a part stands in its pack. Elements. */
export interface Place {
  readonly pack: NodeOf<"pack">;
  readonly start: number;
}

/** A graph each of whose packs can be filled in place. */
export interface PackedGraph {
  readonly graph: TrainingGraph;
  /** The graph's updates, those of packed parameters as one. */
  readonly writes: readonly Write[];
  readonly places: ReadonlyMap<Node, Place>;
}

/** What a pack holds; nothing for other nodes. */
export function partsOf(node: Node): readonly Node[] {
  return node.op === "pack" ? node.inputs : [];
}

/** A part that something else needs too, or that is a buffer already, is copied into its pack. */
export function withPacks(given: TrainingGraph): PackedGraph {
  const nodes = reachable(rootsOf(given));
  const graph = withPackCopies(given, nodes);
  const packs = packsAmong(graph === given ? nodes : reachable(rootsOf(graph)));
  const writes = joinedWrites(graph.updates, packs);
  const targets = new Set<Node>(writes.map(({ target }) => target));
  const places = new Map<Node, Place>();
  for (const pack of packs) {
    const { starts } = packLayout(pack.inputs.map(({ type }) => type.shape));
    pack.inputs.forEach((part, i) => {
      if (targets.has(pack) || !isSource(part)) places.set(part, { pack, start: starts[i]! });
    });
  }
  return { graph, writes, places };
}

function packsAmong(nodes: readonly Node[]): readonly NodeOf<"pack">[] {
  return nodes.filter((node) => node.op === "pack");
}

/** Updates of all parameters of a pack, each by its own part of one value, become one. */
function joinedWrites(
  updates: readonly Update[],
  packs: readonly NodeOf<"pack">[],
): readonly Write[] {
  const byTarget = new Map<Node, Update>(updates.map((update) => [update.target, update]));
  const packOf = new Map<Node, Write>();
  for (const pack of packs) {
    const { starts } = packLayout(pack.inputs.map(({ type }) => type.shape));
    const views = pack.inputs.map((part) => {
      const update = byTarget.get(part);
      return update === undefined || packOf.has(part) ? undefined : viewOf(update.value);
    });
    const value = views[0]?.source;
    const isWhole =
      value !== undefined &&
      pack.inputs.length > 1 &&
      sameShape(value.type.shape, pack.type.shape) &&
      new Set(pack.inputs).size === pack.inputs.length &&
      views.every((view, i) => view?.source === value && view.start === starts[i]);
    if (!isWhole) continue;
    const write = { target: pack, value };
    for (const part of pack.inputs) packOf.set(part, write);
  }
  const writes: Write[] = updates.map((update) => packOf.get(update.target) ?? update);
  return [...new Set(writes)];
}

/** A run of a vector, in whatever shape. */
function viewOf(value: Node): { readonly source: Node; readonly start: number } {
  let source = value;
  while (source.op === "reshape") source = source.inputs[0];
  if (source.op !== "slice" || source.type.shape.length !== 1) return { source, start: 0 };
  return { source: source.inputs[0], start: source.attributes.start[0]! };
}

/** Parts that cannot be computed in their place get a node of their own that copies them. `nodes` are those of the graph. */
function withPackCopies(graph: TrainingGraph, nodes: readonly Node[]): TrainingGraph {
  const packs = packsAmong(nodes);
  if (packs.length === 0) return graph;
  const uses = new Uint32Array(1 + (nodes.at(-1)?.id ?? 0));
  const use = ({ id }: Node) => {
    uses[id]! += 1;
  };
  for (const root of rootsOf(graph)) use(root);
  for (const node of nodes) for (const input of node.inputs) use(input);
  const targets = new Set<Node>(joinedWrites(graph.updates, packs).map(({ target }) => target));
  const needsCopy = (part: Node) =>
    elements(part.type.shape) > 0 && (isSource(part) || part.op === "pack" || uses[part.id]! > 1);
  let next = (nodes.at(-1)?.id ?? 0) + 1;
  const changed = new Map<Node, Node>();
  for (const node of nodes) {
    const given: readonly Node[] = node.inputs;
    let inputs = changed.size === 0 ? given : given.map((input) => changed.get(input) ?? input);
    if (node.op === "pack" && !targets.has(node)) {
      inputs = inputs.map((part, i): Node => {
        if (!needsCopy(node.inputs[i]!)) return part;
        const { type, origin } = part;
        return { op: "stopGradient", id: next++, inputs: [part], attributes: {}, type, origin };
      });
    }
    if (inputs.some((input, i) => input !== node.inputs[i]))
      changed.set(node, { ...node, id: next++, inputs } as Node);
  }
  if (changed.size === 0) return graph;
  const now = (node: Node) => changed.get(node) ?? node;
  return {
    name: graph.name,
    outputs: new Map([...graph.outputs].map(([name, node]) => [name, now(node)])),
    updates: graph.updates.map(({ target, value }) => ({ target, value: now(value) })),
  };
}
