/** Which nodes get a buffer: the rest is computed again inside of each kernel that needs it. */
import type { Node } from "../ir/node.ts";
import { elements } from "../ir/tensor-type.ts";
import { attentionView, isAttention } from "./attention-view.ts";
import { operandView, productVariables } from "./operand-view.ts";

/** Inlining a node that several kernels need is fine up to this many operations … */
const cheap = 8;
/** … and up to this many where they all start from one tensor of its size. */
const cheapFromOne = 24;

/** Rough cost of a scalar operation next to an addition. */
const weights: Partial<Record<Node["op"], number>> = {
  exp: 4,
  log: 4,
  sqrt: 3,
  div: 2,
  tanh: 6,
  erf: 10,
  random: 20,
  gather: 2,
};

const movement = new Set<Node["op"]>([
  "reshape",
  "transpose",
  "broadcast",
  "slice",
  "stopGradient",
]);

/** True for nodes that are buffers already, or no more than a number. */
export function isSource(node: Node): boolean {
  return node.op === "input" || node.op === "parameter" || node.op === "constant";
}

/** `order` is topological; `most` is how many buffers a kernel may read. */
export function chooseStored(
  order: readonly Node[],
  outputs: ReadonlySet<Node>,
  most: number,
): ReadonlySet<Node> {
  const stored = new Set<Node>();
  for (const node of outputs) if (!isSource(node) || isSplat(node)) stored.add(node);
  for (const node of order) {
    if (
      node.op === "matmul" ||
      isAttention(node) ||
      node.op === "scatterAdd" ||
      node.op === "reduce" ||
      node.op === "argmax" ||
      node.op === "pack"
    )
      stored.add(node);
    if (node.op === "pack") for (const part of node.inputs) if (!isSource(part)) stored.add(part);
  }
  for (const node of order) {
    if (isAttention(node)) {
      const { operands } = attentionView(node, (candidate) => stored.has(candidate));
      for (const { source } of Object.values(operands))
        if (!isSource(source) || isSplat(source)) stored.add(source);
    }
    if (node.op !== "matmul") continue;
    const variables = productVariables(node);
    for (const side of [0, 1] as const) {
      const { source } = operandView(node, side, variables, (candidate) => stored.has(candidate));
      if (!isSource(source) || isSplat(source)) stored.add(source);
    }
  }
  const uses = countUses(order, stored);
  const addedOnce = summands(order, uses);
  const costs = new Float64Array((order.at(-1)?.id ?? 0) + 1);
  const leaves = new Array<ReadonlySet<Node>>(costs.length);
  const carriers = new Map<Node, Node>();
  const setCost = (node: Node, cost: number) => {
    costs[node.id] = cost;
  };
  const keep = (node: Node) => {
    stored.add(node);
    setCost(node, 1);
    leaves[node.id] = new Set([node]);
    carriers.delete(node);
  };
  for (const node of order) {
    if (isSource(node)) {
      setCost(node, isSplat(node) ? 0 : 1);
      leaves[node.id] = isSplat(node) ? none : new Set([node]);
      continue;
    }
    const inputs = node.inputs as readonly Node[];
    if (node.op === "pack") {
      keep(node);
      continue;
    }
    if (
      node.op === "broadcast" &&
      elements(node.type.shape) >= 4 * elements(inputs[0]!.type.shape)
    ) {
      const small = beneath(inputs[0]!, stored);
      if (
        !stored.has(small) &&
        !isSource(small) &&
        costs[small.id]! > 1 &&
        leaves[small.id]!.size > 0
      ) {
        keep(small);
        for (let n = inputs[0]!; n !== small; n = n.inputs[0] as Node) {
          setCost(n, 1);
          leaves[n.id] = new Set([small]);
        }
      }
    }
    let union = unionOf(inputs, leaves);
    while (union.size > most) {
      const inlined = inputs.filter((input) => !stored.has(input) && !isSource(input));
      if (inlined.length === 0) break;
      keep(inlined.reduce((a, b) => (leaves[b.id]!.size > leaves[a.id]!.size ? b : a)));
      union = unionOf(inputs, leaves);
    }
    if (stored.has(node)) {
      keep(node);
      if (node.op === "matmul") carriers.set(node, node);
      continue;
    }
    setCost(
      node,
      inputs.reduce(
        (sum, input) => sum + costs[input.id]!,
        movement.has(node.op) ? 0 : (weights[node.op] ?? 1),
      ),
    );
    leaves[node.id] = union;
    const carrier = inputs.map((input) => carriers.get(input)).find((found) => found !== undefined);
    const carries =
      carrier !== undefined &&
      elements(carrier.type.shape) === elements(node.type.shape) &&
      inputs.filter((input) => carriers.has(input)).every((input) => uses[input.id] === 1);
    if (carries) carriers.set(node, carrier);
    if (isPartialSum(node, stored, addedOnce)) {
      keep(node);
      continue;
    }
    if (uses[node.id]! < 2) continue;
    const count = elements(node.type.shape);
    let large = 0;
    for (const leaf of union) if (4 * elements(leaf.type.shape) > count) large += 1;
    if (
      costs[node.id]! > (large <= 1 ? cheapFromOne : cheap) ||
      (carries && !movement.has(node.op))
    )
      keep(node);
  }
  return stored;
}

/** Sums whose only user is another sum of their size. */
function summands(order: readonly Node[], uses: Float64Array): ReadonlySet<Node> {
  const found = new Set<Node>();
  for (const node of order) {
    if (node.op !== "add") continue;
    for (const input of node.inputs)
      if (input.op === "add" && uses[input.id] === 1) found.add(input);
  }
  return found;
}

/**
 * Part of a longer sum of products and folds: the kernel of the later one adds the earlier one, so that any number of
 * summands is a chain of kernels of one shape.
 */
function isPartialSum(
  node: Node,
  stored: ReadonlySet<Node>,
  addedOnce: ReadonlySet<Node>,
): boolean {
  return (
    addedOnce.has(node) &&
    (node.inputs as readonly Node[]).every((input) => isComputed(input, stored))
  );
}

/** What a product or a fold gives, in whatever shape. */
function isComputed(node: Node, stored: ReadonlySet<Node>): boolean {
  let result = node;
  while (result.op === "reshape") result = result.inputs[0];
  return (
    result.op === "matmul" || result.op === "reduce" || (result.op === "add" && stored.has(result))
  );
}

/** Leaves of all inputs, `leaves` by id; those of a single one are not copied. */
function unionOf(inputs: readonly Node[], leaves: readonly ReadonlySet<Node>[]): ReadonlySet<Node> {
  let largest: ReadonlySet<Node> = none;
  for (const input of inputs) {
    const own = leaves[input.id]!;
    if (own.size > largest.size) largest = own;
  }
  let union: Set<Node> | undefined;
  for (const input of inputs) {
    const own = leaves[input.id]!;
    if (own === largest) continue;
    for (const leaf of own) {
      if (largest.has(leaf)) continue;
      union ??= new Set(largest);
      union.add(leaf);
    }
  }
  return union ?? largest;
}

const none: ReadonlySet<Node> = new Set();

/** A constant of one value needs no buffer. */
export function isSplat(node: Node): boolean {
  return node.op === "constant" && node.attributes.data.length === 1;
}

function beneath(node: Node, stored: ReadonlySet<Node>): Node {
  let result = node;
  while (!stored.has(result) && result.op === "reshape") result = result.inputs[0];
  return result;
}

/** How many computing users a node has, by its id, looking through movement. New values of parameters are computed where they are written. */
function countUses(order: readonly Node[], stored: ReadonlySet<Node>): Float64Array {
  const uses = new Float64Array((order.at(-1)?.id ?? 0) + 1);
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]!;
    const own = movement.has(node.op) && !stored.has(node) ? uses[node.id]! : 1;
    const inputs: readonly Node[] = node.inputs;
    for (let at = 0; at < inputs.length; at++) {
      const input = inputs[at]!;
      if (inputs.indexOf(input) === at) uses[input.id]! += own;
    }
  }
  return uses;
}
