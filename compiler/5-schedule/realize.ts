/** Groups of stored nodes → kernels: loops chosen, every node at its address. Throws `NotFusible` when a group does not fit one kernel. */
import { invariant } from "../invariant.ts";
import type { Node, NodeOf } from "../ir/node.ts";
import { elements, sameShape } from "../ir/tensor-type.ts";
import { addressAbove } from "./address-above.ts";
import { type Expression, Lowering, NotFusible } from "./expression.ts";
import type { Group, Member, Realized } from "./group.ts";
import type { Fold, Store } from "./kernel.ts";
import {
  dense,
  type Linear,
  of,
  plus,
  SplitNeeded,
  same,
  split,
  times,
  type Variable,
  variable,
} from "./linear.ts";
import { operandView, productVariables } from "./operand-view.ts";
import { realizeAttention } from "./realize-attention.ts";

/** `isStored` says which nodes have buffers; `isNeeded` which members must be written. */
export function realize(
  group: Group,
  isStored: (node: Node) => boolean,
  isNeeded: (member: Member) => boolean,
): Realized {
  switch (group.kind) {
    case "map":
      return realizeMap(group, isStored, isNeeded);
    case "rows":
      return realizeRows(group, isStored, isNeeded);
    case "matmul":
      return realizeMatmul(group, isStored, isNeeded);
    case "attention":
      return realizeAttention(group, isStored, isNeeded);
    case "scatter":
      return realizeScatter(group, isStored);
  }
}

type Asks = (node: Node) => boolean;

/** Cuts loops until no address needs another cut. */
function withSplits<T>(
  variables: readonly Variable[],
  attempt: (variables: readonly Variable[]) => T,
): T {
  let current = [...variables];
  for (;;) {
    try {
      return attempt(current);
    } catch (error) {
      if (!(error instanceof SplitNeeded)) throw error;
      current = split(current, error);
    }
  }
}

function realizeMap(group: Group, isStored: Asks, isNeeded: (member: Member) => boolean): Realized {
  const count = elements(group.members[0]!.node.type.shape);
  if (group.members.some(({ node }) => elements(node.type.shape) !== count)) throw new NotFusible();
  const members = new Set(group.members.map(({ node }) => node));
  return withSplits([variable(count, true)], (variables) => {
    const address = dense(variables);
    const lowering = new Lowering({
      isStored,
      own: (node) =>
        members.has(node) && (!isStored(node) || owns(group, node))
          ? { address, atHand: false }
          : undefined,
    });
    const stores = storesOf(group.members.filter(isNeeded), () => address, lowering);
    const overwritten = new Set(stores.map((store) => store.to));
    const isTorn = lowering.parameterReads.some(
      (read) => overwritten.has(read.node) && !same(read.address, address),
    );
    if (isTorn) throw new NotFusible();
    return { kernel: { kind: "map", variables, stores }, reads: lowering.loads };
  });
}

/** A member that is written to a parameter may also be stored by another kernel: then it is read, not computed. */
function owns(group: Group, node: Node): boolean {
  return group.members.some((member) => member.node === node && member.to === node);
}

function storesOf(
  members: readonly Member[],
  addressOf: (node: Node) => Linear,
  lowering: Lowering,
): Store[] {
  return members.map(({ node, to }) => {
    const address = addressOf(node);
    return { node, to, address, value: lowering.value(node, address) };
  });
}

type FoldNode = NodeOf<"reduce"> | NodeOf<"argmax">;

/** Nodes that fold axes away. */
export const isFold = (node: Node): node is FoldNode =>
  node.op === "reduce" || node.op === "argmax";

const foldedAxes = (node: FoldNode): readonly number[] =>
  node.op === "reduce" ? node.attributes.axes : [node.attributes.axis];

/** Sizes of the folded tensor in runs of kept and folded axes: folds of one kernel have the same. */
export function rowSpace(node: FoldNode): {
  readonly sizes: readonly number[];
  readonly folded: readonly boolean[];
} {
  const sizes: number[] = [];
  const folded: boolean[] = [];
  const axes = foldedAxes(node);
  node.inputs[0].type.shape.forEach((size, axis) => {
    if (size === 1) return;
    const isFolded = axes.includes(axis);
    if (folded.at(-1) === isFolded) sizes[sizes.length - 1]! *= size;
    else {
      sizes.push(size);
      folded.push(isFolded);
    }
  });
  return { sizes, folded };
}

function realizeRows(
  group: Group,
  isStored: Asks,
  isNeeded: (member: Member) => boolean,
): Realized {
  const folds = group.members.map(({ node }) => node).filter(isFold);
  invariant(folds.length > 0, "rows without a fold");
  const space = rowSpace(folds[0]!);
  for (const fold of folds) {
    const other = rowSpace(fold);
    if (!sameShape(space.sizes, other.sizes) || space.folded.some((f, i) => f !== other.folded[i]))
      throw new NotFusible();
  }
  const whole = elements(space.sizes);
  const rowCount = elements(space.sizes.filter((_, i) => !space.folded[i]));
  const start = space.sizes.map((size) => variable(size, true));
  const isColumn = new Map<Variable, boolean>(start.map((v, i) => [v, space.folded[i]!]));
  return withSplits(start, (variables) => {
    for (const v of variables)
      if (!isColumn.has(v)) isColumn.set(v, columnOfSplit(v, variables, isColumn, space));
    const full = dense(variables);
    const rows = variables.filter((v) => !isColumn.get(v));
    const columns = variables.filter((v) => isColumn.get(v));
    const row = dense(rows);
    const isFull = (node: Node) => elements(node.type.shape) === whole && !isFold(node);
    const others = group.members.filter(({ node }) => !isFold(node));
    const fullMembers = others.filter(({ node }) => isFull(node));
    const rowMembers = others.filter(({ node }) => !isFull(node));
    if (rowMembers.some(({ node }) => elements(node.type.shape) !== rowCount))
      throw new NotFusible();
    const own = new Map<Node, { address: Linear; atHand: boolean }>();
    for (const fold of folds) own.set(fold, { address: row, atHand: true });
    for (const { node } of fullMembers) own.set(node, { address: full, atHand: false });
    for (const { node } of rowMembers) own.set(node, { address: row, atHand: false });
    const lowering = new Lowering({ isStored, own: (node) => own.get(node) });
    const made = new Map<Node, Fold>();
    const level = (expression: Expression): number => greatestLevel(expression, made);
    for (const fold of [...folds].sort((a, b) => a.id - b.id)) {
      const value = lowering.value(fold.inputs[0], full);
      made.set(fold, { node: fold, level: level(value) + 1, value });
    }
    const rowStores: Store[] = group.members
      .filter((member) => isNeeded(member) && !fullMembers.includes(member))
      .map(({ node, to }) => ({
        node,
        to,
        address: row,
        value: isFold(node) ? { kind: "local", node } : lowering.value(node, row),
      }));
    const stores = fullMembers
      .filter(isNeeded)
      .map(({ node, to }) => ({ node, to, address: full, value: lowering.value(node, full) }));
    const ordered = [...made.values()].sort((a, b) => a.level - b.level || a.node.id - b.node.id);
    return {
      kernel: { kind: "rows", rows, columns, folds: ordered, rowStores, stores },
      reads: lowering.loads,
    };
  });
}

/** The halves of a cut loop are what the loop was: found by walking the sizes of the space. */
function columnOfSplit(
  v: Variable,
  variables: readonly Variable[],
  known: ReadonlyMap<Variable, boolean>,
  space: { readonly sizes: readonly number[]; readonly folded: readonly boolean[] },
): boolean {
  let i = 0;
  let product = 1;
  for (const each of variables) {
    if (each === v) return space.folded[i]!;
    product *= each.extent;
    if (product === space.sizes[i]) {
      i += 1;
      product = 1;
    }
  }
  return known.get(v) ?? false;
}

function greatestLevel(expression: Expression, made: ReadonlyMap<Node, Fold>): number {
  const seen = new Set<Expression>();
  const visit = (e: Expression): number => {
    if (seen.has(e)) return -1;
    seen.add(e);
    if (e.kind === "local") {
      const fold = made.get(e.node);
      if (fold === undefined) throw new NotFusible();
      return fold.level;
    }
    return Math.max(-1, ...children(e).map(visit), ...formsOf(e).flatMap(indexValues).map(visit));
  };
  return visit(expression);
}

/** Operands of an expression. */
export function children(e: Expression): readonly Expression[] {
  if (e.kind === "scalar") return e.operands;
  if (e.kind === "choose") return [e.inside, e.outside];
  return e.kind === "random" ? e.seed : [];
}

/** Addresses in an expression itself. */
export function formsOf(e: Expression): readonly Linear[] {
  if (e.kind === "load") return [e.address];
  if (e.kind === "coordinate") return [e.form];
  if (e.kind === "random") return [e.position];
  return e.kind === "choose" ? e.bounds.map((bound) => bound.form) : [];
}

/** Expressions of the run-time indices in an address. */
export function indexValues(form: Linear): Expression[] {
  return form.terms.flatMap(({ variable: v }) => {
    if (v.definition === undefined) return [];
    return v.definition.kind === "index" ? [v.definition.value] : indexValues(v.definition.form);
  });
}

function realizeMatmul(
  group: Group,
  isStored: Asks,
  isNeeded: (member: Member) => boolean,
): Realized {
  const node = group.anchor as NodeOf<"matmul">;
  const variables = productVariables(node);
  const { batch, row, column } = variables;
  const address = dense([...batch, row, column]);
  const left = operandView(node, 0, variables, isStored).operand;
  const right = operandView(node, 1, variables, isStored).operand;
  const own = new Map<Node, { address: Linear; atHand: boolean }>([
    [node, { address, atHand: true }],
  ]);
  for (const { node: member } of group.members) {
    if (member !== node)
      own.set(member, { address: addressAbove(member, node, address), atHand: false });
  }
  const lowering = new Lowering({ isStored, own: (each) => own.get(each) });
  const stores: Store[] = group.members.filter(isNeeded).map(({ node: member, to }) => ({
    node: member,
    to,
    address: own.get(member)!.address,
    value:
      member === node
        ? { kind: "local", node: member }
        : lowering.value(member, own.get(member)!.address),
  }));
  const reads = new Set([left.source, right.source, ...lowering.loads]);
  return {
    kernel: {
      kind: "matmul",
      node,
      batch,
      row,
      column,
      depth: variables.depth.extent,
      left,
      right,
      stores,
    },
    reads,
  };
}

function realizeScatter(group: Group, isStored: Asks): Realized {
  const node = group.anchor as NodeOf<"scatterAdd">;
  const [indices, updates] = node.inputs;
  const count = elements(indices.type.shape);
  const run = elements(updates.type.shape) / count;
  const position = variable(count, false);
  return withSplits([variable(run, true)], (within) => {
    const lowering = new Lowering({ isStored, own: () => undefined });
    const index = lowering.value(indices, of(position));
    const update = lowering.value(updates, plus(times(of(position), run), dense(within)));
    return {
      kernel: {
        kind: "scatter",
        node,
        position,
        index,
        within,
        run,
        update,
        head: { label: "scatter head", bytes: 4 * node.attributes.rows },
        next: { label: "scatter next", bytes: 4 * count },
      },
      reads: lowering.loads,
    };
  });
}
