/** Plan -> when each stored tensor is written and read. */
import type { Plan } from "../5-schedule/plan.ts";
import type { Node } from "../ir/node.ts";
import { storageBytes } from "../ir/tensor-type.ts";

/** A stored tensor and the kernels that touch it. */
export interface LiveRange {
  readonly node: Node;
  readonly bytes: number;
  /** Positions of kernels, ascending: the one that writes it, then those that read it. */
  readonly uses: readonly number[];
}

/** Ranges by tensor; outputs are in use to the end, packs from beginning to end. */
export function liveRanges({ graph, kernels, places }: Plan): ReadonlyMap<Node, LiveRange> {
  const uses = new Map<Node, number[]>();
  kernels.forEach(({ writes, reads }, at) => {
    for (const node of writes) {
      const pack = places.get(node)?.pack;
      if (pack === undefined) uses.set(node, [at]);
      else uses.set(pack, [0, kernels.length]);
    }
    for (const node of reads) uses.get(node)?.push(at);
  });
  for (const node of graph.outputs.values()) uses.get(node)?.push(kernels.length);
  const ranges = new Map<Node, LiveRange>();
  for (const [node, each] of uses)
    ranges.set(node, { node, bytes: storageBytes(node.type), uses: [...new Set(each)] });
  return ranges;
}

/** Bytes in use while each kernel runs. */
export function liveBytes(ranges: Iterable<LiveRange>, count: number): Float64Array {
  const change = new Float64Array(count + 2);
  for (const { bytes, uses } of ranges) {
    change[uses[0]!]! += bytes;
    change[uses.at(-1)! + 1]! -= bytes;
  }
  const live = new Float64Array(count);
  let sum = 0;
  for (let at = 0; at < count; at++) {
    sum += change[at]!;
    live[at] = sum;
  }
  return live;
}
