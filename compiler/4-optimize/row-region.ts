/** A product → what is made of its rows one by one: such as losses over a vocabulary, and their gradients. */
import type { Node, NodeOf } from "../ir/node.ts";
import { elementwise } from "../ir/operations.ts";
import { elements, type Shape } from "../ir/tensor-type.ts";

/** The axis along which a tensor has the product's rows; "sum" where it is a sum over them. */
export type Place = number | "sum";

/** Nodes that can be made of some rows of a product at a time. */
export interface RowRegion {
  readonly product: NodeOf<"matmul">;
  /** In order. Sums have no node of the region behind them. */
  readonly places: ReadonlyMap<Node, Place>;
  /** Those with rows that others need too: f32, the rows outermost, all smaller than the product. */
  readonly needed: ReadonlySet<Node>;
}

/**
 * A quick look at products of `size` elements: those whose columns are folded (they are classes then), and of which nothing,
 * nor anything as large that is made of it, is read by what mixes rows. `nodes` are in order.
 */
export function mayHaveRegions(nodes: readonly Node[], size: number): ReadonlySet<Node> {
  const count = 1 + (nodes.at(-1)?.id ?? 0);
  const isFolded = new Uint8Array(count);
  const isMixed = new Uint8Array(count);
  const found = new Set<Node>();
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!;
    const { id, op } = node;
    if (op === "matmul") {
      if (isFolded[id] === 1 && isMixed[id] === 0 && elements(node.type.shape) === size)
        found.add(node);
      continue;
    }
    const isFold = op === "reduce" && foldsColumns(node);
    const isByRow = op === "reduce" || elementwise.has(op) || moves.has(op);
    const isLarge = op !== "reduce" && isByRow && elements(node.type.shape) >= size;
    for (const input of node.inputs) {
      if (isFold || (isLarge && isFolded[id] === 1)) isFolded[input.id] = 1;
      if (!isByRow || (isLarge && isMixed[id] === 1)) isMixed[input.id] = 1;
    }
  }
  return found;
}

function foldsColumns({ attributes, inputs }: NodeOf<"reduce">): boolean {
  return attributes.axes.includes(inputs[0].type.shape.length - 1);
}

const moves: ReadonlySet<Node["op"]> = new Set(["reshape", "transpose", "broadcast"]);

/** True for a tensor of as many elements as a product at least. */
export function isAsLarge(node: Node, product: Node): boolean {
  return elements(node.type.shape) >= elements(product.type.shape);
}

/**
 * Whatever behind a product [rows, columns] is as large as it, what leads there, and what is folded or multiplied out of it.
 * Undefined where one row needs another, where something else needs all of that at once, and where a way through the rest of
 * the graph leads back. `nodes` are in order.
 */
export function rowRegion(
  product: NodeOf<"matmul">,
  nodes: readonly Node[],
  roots: ReadonlySet<Node>,
): RowRegion | undefined {
  const behind = placesBehind(product, nodes);
  if (behind === undefined) return undefined;
  const order = [...behind.keys()];
  const hasRows = (node: Node) => typeof behind.get(node) === "number";
  const isLarge = (node: Node) => isAsLarge(node, product);
  const own = new Set<Node>();
  for (const node of order) {
    const isLargeInput = (input: Node) => hasRows(input) && isLarge(input);
    if (isLargeInput(node) || (node.inputs as readonly Node[]).some(isLargeInput)) own.add(node);
  }
  for (const node of order.toReversed())
    if (own.has(node)) for (const input of node.inputs) if (hasRows(input)) own.add(input);
  const needed = new Set<Node>([...roots].filter((root) => own.has(root) && hasRows(root)));
  for (const node of order)
    if (!own.has(node))
      for (const input of node.inputs) if (own.has(input) && hasRows(input)) needed.add(input);
  const places = new Map(
    order.flatMap((node) => {
      const place = behind.get(node);
      return own.has(node) && place !== undefined ? [[node, place] as const] : [];
    }),
  );
  const areParts = [...needed].every((node) => !isLarge(node) && isPart(node, places.get(node)!));
  return areParts ? { product, places, needed } : undefined;
}

function isPart({ type }: Node, place: Place): boolean {
  return place === 0 && type.dtype === "f32";
}

/**
 * Everything that a product leads to, in order, each with its place, or undefined where its rows are mixed. Undefined as a whole
 * where rows of a tensor as large as the product are.
 */
function placesBehind(
  product: NodeOf<"matmul">,
  nodes: readonly Node[],
): ReadonlyMap<Node, Place | undefined> | undefined {
  const places = new Map<Node, Place | undefined>([[product, 0]]);
  for (const node of nodes.slice(nodes.indexOf(product) + 1)) {
    const inputs: readonly Node[] = node.inputs;
    if (!inputs.some((input) => places.has(input))) continue;
    const from = inputs.filter((input) => places.has(input));
    const place = placeOf(node, places, product.type.shape[0]!);
    const isLarge = (input: Node) => places.get(input) !== "sum" && isAsLarge(input, product);
    if (
      place === undefined &&
      from.some((input) => places.get(input) !== undefined && isLarge(input))
    )
      return undefined;
    places.set(node, place);
  }
  return places;
}

function placeOf(
  node: Node,
  places: ReadonlyMap<Node, Place | undefined>,
  rows: number,
): Place | undefined {
  if (node.op === "matmul") return placeOfProduct(node, places);
  const inputs = (node.inputs as readonly Node[]).filter((input) => places.has(input));
  const axis = places.get(inputs[0]!);
  if (typeof axis !== "number" || inputs.some((input) => places.get(input) !== axis))
    return undefined;
  switch (node.op) {
    case "reshape": {
      const { shape } = node.attributes;
      const outside = before(node.inputs[0].type.shape, axis);
      const at = shape.findIndex((size, i) => size === rows && before(shape, i) === outside);
      return at < 0 ? undefined : at;
    }
    case "transpose":
      return node.attributes.permutation.indexOf(axis);
    case "broadcast":
      return axis;
    case "reduce": {
      const { kind, axes } = node.attributes;
      if (axes.includes(axis)) return kind === "sum" ? "sum" : undefined;
      return axis - axes.filter((each) => each < axis).length;
    }
    default:
      return elementwise.has(node.op) ? axis : undefined;
  }
}

function placeOfProduct(
  { inputs: [left, right], type }: NodeOf<"matmul">,
  places: ReadonlyMap<Node, Place | undefined>,
): Place | undefined {
  if (type.shape.length !== 2) return undefined;
  const fits = (side: Node, axis: number) => !places.has(side) || places.get(side) === axis;
  if (!places.has(right) && places.get(left) === 0) return 0;
  if (!places.has(left) && places.get(right) === 1) return 1;
  return fits(left, 1) && fits(right, 0) ? "sum" : undefined;
}

/** Along which axis an input of a node of a region is cut; undefined where each cut needs it whole. */
export function axisOfInput(node: Node, index: number, place: Place): number | undefined {
  if (node.op !== "matmul") return place === "sum" ? undefined : place;
  if (place === "sum") return 1 - index;
  return place === index ? place : undefined;
}

/** Number of elements of the axes outside of `axis`. */
function before(shape: Shape, axis: number): number {
  return elements(shape.slice(0, axis));
}
