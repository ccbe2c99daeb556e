/** A large product that is used up row by row → products of some of its rows, each used up before the next is made. */
import { rootsOf, type TrainingGraph } from "../3-differentiate/training-graph.ts";
import type { Builder } from "../ir/builder.ts";
import { type Node, reachable } from "../ir/node.ts";
import { elementwise } from "../ir/operations.ts";
import { elements, type Shape, storageBytes } from "../ir/tensor-type.ts";
import type { Target } from "../program.ts";
import { axisOfInput, isAsLarge, mayHaveRegions, type RowRegion, rowRegion } from "./row-region.ts";

/** Bytes of a product from which on it is made in parts, and that a part stays under. */
export const mostProductBytes = 32 * 2 ** 20;

/** Parts have so many rows, times a number: what stands in parts of that size in a pack has no gaps. */
const rowStep = 64;

/**
 * Logits over a vocabulary and their gradient, a few rows at a time: loss, shares and what they add to the gradients. Order is
 * all that makes it worth while, so all nodes are made anew, by a builder of their own: this runs last.
 */
export function cutLargeProducts(
  graph: TrainingGraph,
  rules: Builder,
  _target?: Target,
  most = mostProductBytes,
): TrainingGraph {
  let current = graph;
  for (let tried = 0; ; ) {
    const nodes = reachable(rootsOf(current));
    const roots = new Set(rootsOf(current));
    const large = nodes.filter((node) => rowsOfPart(node, most) !== undefined).slice(tried);
    const bySize = new Map<number, ReadonlySet<Node>>();
    const mayHaveRegion = (node: Node) => {
      const size = elements(node.type.shape);
      const found = bySize.get(size) ?? mayHaveRegions(nodes, size);
      bySize.set(size, found);
      return found.has(node);
    };
    let region: RowRegion | undefined;
    for (const node of large) {
      if (node.op === "matmul" && mayHaveRegion(node)) {
        const found = rowRegion(node, nodes, roots);
        if (found !== undefined && isWorthIt(found, most)) region = found;
      }
      if (region !== undefined) break;
      tried += 1;
    }
    if (region === undefined) return current;
    current = inParts(current, nodes, region, rowsOfPart(region.product, most)!, rules.anew());
  }
}

/** In parts, the sums over rows stand in memory from the first part on; they may take more than all that the parts leave out. */
function isWorthIt({ product, places }: RowRegion, most: number): boolean {
  const sums = [...places].reduce(
    (bytes, [node, place]) => (place === "sum" ? bytes + storageBytes(node.type) : bytes),
    0,
  );
  return storageBytes(product.type) > most + sums;
}

/** How many rows a part of a large product has, all but the last; undefined where it stays whole. */
function rowsOfPart({ op, type: { shape } }: Node, most: number): number | undefined {
  const [rows, columns] = shape;
  if (op !== "matmul" || shape.length !== 2 || 4 * elements(shape) <= most) return undefined;
  const greatest = Math.max(rowStep, rowStep * Math.floor(most / (4 * columns! * rowStep)));
  const parts = Math.ceil(rows! / greatest);
  const size = rowStep * Math.ceil(rows! / parts / rowStep);
  return size < rows! ? size : undefined;
}

/** Rows of a part. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/** The graph with `region` made part by part, as soon as the first of its nodes stood in the old order. */
function inParts(
  graph: TrainingGraph,
  nodes: readonly Node[],
  region: RowRegion,
  size: number,
  b: Builder,
): TrainingGraph {
  const made = new Map<Node, Node>();
  const make = (node: Node) => {
    if (made.has(node)) return;
    const inputs = (node.inputs as readonly Node[]).map((input) => made.get(input)!);
    made.set(
      node,
      b.within(node.origin, () => remade(node, inputs, b)),
    );
  };
  for (const node of nodes) {
    if (node === region.product) {
      const given = [...region.places.keys()].flatMap((each) => each.inputs as readonly Node[]);
      for (const each of reachable(given, region.places.keys())) make(each);
      for (const [each, value] of madeOf(region, size, made, b)) made.set(each, value);
    } else if (!region.places.has(node)) make(node);
  }
  return {
    name: graph.name,
    outputs: new Map([...graph.outputs].map(([name, node]) => [name, made.get(node)!])),
    updates: graph.updates.map(({ target, value }) => ({
      target: b.make("parameter", [], target.attributes),
      value: made.get(value)!,
    })),
  };
}

/** What the region gives to the rest of the graph. */
function madeOf(
  { product, places, needed }: RowRegion,
  size: number,
  made: ReadonlyMap<Node, Node>,
  b: Builder,
): ReadonlyMap<Node, Node> {
  const rows = product.type.shape[0]!;
  const starts = Array.from({ length: Math.ceil(rows / size) }, (_, i) => i * size);
  const parts = new Map<Node, Node[]>([...needed].map((node) => [node, []]));
  const sums = new Map<Node, Node>();
  const isLarge = (node: Node) => isAsLarge(node, product);
  for (const start of starts) {
    const range = { start, end: Math.min(rows, start + size) };
    const own = new Map<Node, Node>();
    for (const [node, place] of places) {
      const value = b.within(node.origin, () => {
        const inputs = (node.inputs as readonly Node[]).map((input, i) => {
          const axis = axisOfInput(node, i, place);
          const whole = () => made.get(input)!;
          return (
            own.get(input) ??
            (axis === undefined ? whole() : rowsOf(whole(), axis, range, isLarge, b))
          );
        });
        const part = remade(node, inputs, b, place === "sum" ? undefined : { axis: place, range });
        const sofar = sums.get(node);
        return sofar === undefined ? part : b.add(sofar, part);
      });
      if (place === "sum") sums.set(node, value);
      else own.set(node, value);
      parts.get(node)?.push(value);
    }
  }
  const joined = [...parts].map(
    ([node, each]) =>
      [node, b.within(node.origin, () => joinedRows(each, node.type.shape, b))] as const,
  );
  return new Map([...joined, ...sums]);
}

/** The same op on other inputs, of as many rows as `part` says. */
function remade(
  node: Node,
  inputs: readonly Node[],
  b: Builder,
  part?: { readonly axis: number; readonly range: Range },
): Node {
  const isShaped = node.op === "reshape" || node.op === "broadcast";
  const attributes =
    isShaped && part !== undefined
      ? { shape: withRows(node.type.shape, part.axis, part.range) }
      : node.attributes;
  return b.make(node.op, inputs as never, attributes as never) as Node;
}

/** Some rows of a tensor from outside of the region. Of a large one nothing is made as a whole that can be made in parts. */
function rowsOf(
  node: Node,
  axis: number,
  range: Range,
  isLarge: (node: Node) => boolean,
  b: Builder,
): Node {
  const shape = withRows(node.type.shape, axis, range);
  const inner = (input: Node) => rowsOf(input, axis, range, isLarge, b);
  if (node.op === "broadcast") {
    const [input] = node.inputs;
    return b.broadcastTo(input.type.shape[axis] === 1 ? input : inner(input), shape);
  }
  if (isLarge(node) && elementwise.has(node.op))
    return b.make(
      node.op,
      (node.inputs as readonly Node[]).map(inner) as never,
      node.attributes as never,
    ) as Node;
  if (node.op === "iota" && node.attributes.axis !== axis)
    return b.iota(shape, node.attributes.axis);
  return b.slice(node, axis, range.start, range.end);
}

function withRows(shape: Shape, axis: number, { start, end }: Range): Shape {
  return shape.map((size, i) => (i === axis ? end - start : size));
}

/** Parts are written where they stand in the whole. */
function joinedRows(parts: readonly Node[], shape: Shape, b: Builder): Node {
  return b.reshape(b.slice(b.pack(parts), 0, 0, elements(shape)), shape);
}
