/** Nodes -> floating-point operations of the matrix products, by module. */
import type { Node } from "../ir/node.ts";
import { productOperations } from "../ir/operations.ts";

/** Floating-point operations a step: 2 for each multiply-add of a matrix product, nothing else counted. */
export interface Compute {
  readonly forward: number;
  readonly backward: number;
  readonly modules: readonly {
    readonly name: string;
    readonly forward: number;
    readonly backward: number;
  }[];
}

/** Nodes that a step computes `times` times. */
export interface Share {
  readonly pass: "forward" | "backward";
  readonly nodes: readonly Node[];
  readonly times: number;
}

/** Sums by the owner of each node, in order of appearance. */
export function computeOf(shares: readonly Share[], ownerOf: (node: Node) => string): Compute {
  const modules = new Map<string, { forward: number; backward: number }>();
  for (const { pass, nodes, times } of shares) {
    for (const node of nodes) {
      const operations = times * productOperations(node);
      if (operations === 0) continue;
      const name = ownerOf(node);
      const sums = modules.get(name) ?? { forward: 0, backward: 0 };
      sums[pass] += operations;
      modules.set(name, sums);
    }
  }
  const all = [...modules].map(([name, sums]) => ({ name, ...sums }));
  return {
    forward: all.reduce((sum, each) => sum + each.forward, 0),
    backward: all.reduce((sum, each) => sum + each.backward, 0),
    modules: all,
  };
}
