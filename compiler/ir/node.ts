/** Nodes of the tensor graph: immutable, inputs by reference, made by the `Builder` alone. */
import type { OpName, Signatures } from "./signatures.ts";
import type { TensorType } from "./tensor-type.ts";

/** Where a node comes from: for messages and profiles. */
export interface Origin {
  /** Path of modules, such as `bridge.encoder.layer.0.attention`. */
  readonly path: string;
  /** `file:line:column` of the pipeline statement, when there is one. */
  readonly at?: string;
}

export interface NodeOf<K extends OpName> {
  readonly op: K;
  /** Position in the order of making: inputs have smaller numbers. */
  readonly id: number;
  readonly inputs: Signatures[K]["inputs"];
  readonly attributes: Signatures[K]["attributes"];
  readonly type: TensorType;
  readonly origin: Origin;
}

/** Discriminated by `op`. */
export type Node = { [K in OpName]: NodeOf<K> }[OpName];

/** Named results of a computation. Everything reachable from them is the graph. */
export interface Graph {
  readonly name: string;
  readonly outputs: ReadonlyMap<string, Node>;
}

/** All nodes that `roots` need, inputs before users; without `ends` and what these alone need. */
export function reachable(roots: Iterable<Node>, ends: Iterable<Node> = []): Node[] {
  const left = new Set(ends);
  const stack = [...roots].filter((root) => !left.has(root));
  const seen = new Array<Node | undefined>(
    1 + stack.reduce((most, { id }) => Math.max(most, id), 0),
  );
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (seen[node.id] !== undefined) continue;
    seen[node.id] = node;
    for (const input of node.inputs)
      if (seen[input.id] === undefined && (left.size === 0 || !left.has(input))) stack.push(input);
  }
  const found: Node[] = [];
  for (const node of seen) if (node !== undefined) found.push(node);
  return found;
}
