/** Nodes -> floating-point operations of the matrix products, by module. */
import { rootsOf, type TrainingGraph } from "../3-differentiate/training-graph.ts";
import { type Node, reachable } from "../ir/node.ts";
import { productOperations, productsMadeAgain } from "../ir/operations.ts";

/** Floating-point operations a step: 2 for each multiply-add of a matrix product, nothing else counted. */
export interface Compute {
  readonly forward: number;
  readonly backward: number;
  /** Products of attention that backward makes again, because their results take more memory than time; not in `backward`. */
  readonly again: number;
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

/** What a step computes beyond its graph, a run: `run` is what became of `given` in `4-optimize`. */
export function operationsAgain(given: TrainingGraph, run: TrainingGraph): number {
  const own = reachable(rootsOf(given));
  if (!own.some(({ op }) => op === "attentionGradient")) return 0;
  const products = (nodes: readonly Node[]) =>
    nodes.reduce((sum, node) => sum + productOperations(node), 0);
  const nodes = reachable(rootsOf(run));
  return products(nodes) + productsMadeAgain(nodes) - products(own);
}

/** Sums by the owner of each node, in order of appearance. */
export function computeOf(
  shares: readonly Share[],
  again: number,
  ownerOf: (node: Node) => string,
): Compute {
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
    again,
    modules: all,
  };
}
