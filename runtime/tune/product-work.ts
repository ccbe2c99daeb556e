/** Plans → the kinds of matrix products in them, the heaviest first; and a product by itself as a graph. */

import type { MatmulKernel, StridedOperand } from "../../compiler/5-schedule/kernel.ts";
import type { Plan } from "../../compiler/5-schedule/plan.ts";
import { schedule } from "../../compiler/5-schedule/schedule.ts";
import { productKind } from "../../compiler/6-emit/product-kind.ts";
import { invariant } from "../../compiler/invariant.ts";
import { Builder } from "../../compiler/ir/builder.ts";
import type { Node } from "../../compiler/ir/node.ts";
import { rules } from "../../compiler/ops/index.ts";
import type { Target } from "../../compiler/program.ts";

/** How an operand is stored: `N` as it is multiplied, `T` the other way round. */
type Side = "N" | "T";

/** `batch` times [rows, depth] by [depth, columns]. */
export interface ProductShape {
  readonly layout: `${Side}${Side}`;
  readonly left: "f32" | "f16";
  readonly right: "f32" | "f16";
  readonly batch: number;
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  /** True where all batches have one right operand. */
  readonly isShared: boolean;
}

/** A kind of products, and the shape of those that are most of it. */
export interface ProductWork extends ProductShape {
  /** As `productKind` says. */
  readonly kind: string;
  /** Operations of all products of the kind: a product and a sum are two. */
  readonly operations: number;
}

/** The kinds of all products of the plans, the heaviest first. Operands without a dense side are left out. */
export function worksOf(plans: readonly Plan[]): readonly ProductWork[] {
  const kinds = new Map<string, ProductWork[]>();
  for (const { kernel } of plans.flatMap(({ kernels }) => kernels)) {
    const work = kernel.kind === "matmul" ? workOf(kernel) : undefined;
    if (work === undefined) continue;
    kinds.set(work.kind, [...(kinds.get(work.kind) ?? []), work]);
  }
  const heaviest = [...kinds.values()].map((works) => {
    const operations = works.reduce((sum, work) => sum + work.operations, 0);
    const most = works.reduce((one, other) => (other.operations > one.operations ? other : one));
    return { ...most, operations };
  });
  return heaviest.sort((one, other) => other.operations - one.operations);
}

function workOf(kernel: MatmulKernel): ProductWork | undefined {
  const { row, column, depth, left, right } = kernel;
  const first = sideOf(left, "N", "T");
  const second = sideOf(right, "T", "N");
  const dtypes = [left, right].map(({ source }) => source.type.dtype);
  if (first === undefined || second === undefined) return undefined;
  const batch = kernel.batch.reduce((product, { extent }) => product * extent, 1);
  return {
    kind: productKind(kernel),
    layout: `${first}${second}`,
    left: dtypes[0] === "f16" ? "f16" : "f32",
    right: dtypes[1] === "f16" ? "f16" : "f32",
    batch,
    rows: row.extent,
    depth,
    columns: column.extent,
    isShared: batch > 1 && right.batch.every((stride) => stride === 0),
    operations: 2 * batch * row.extent * depth * column.extent,
  };
}

function sideOf(
  { inner, outer }: StridedOperand,
  alongDepth: Side,
  alongLines: Side,
): Side | undefined {
  if (inner === 1) return alongDepth;
  return outer === 1 ? alongLines : undefined;
}

/** A product that stands alone: operands `left` and `right` are state, its output is `result`. */
export interface LoneProduct {
  readonly plan: Plan;
  readonly kernel: MatmulKernel;
}

/** Throws an invariant error for a shape whose product is not one kernel. */
export function loneProduct(shape: ProductShape, target: Target): LoneProduct {
  const { batch, rows, depth, columns, layout, isShared } = shape;
  const b = new Builder(rules);
  const operand = (
    name: "left" | "right",
    isSwapped: boolean,
    [height, width]: readonly [number, number],
    batches: readonly number[],
  ): Node => {
    const sizes = [...batches, ...(isSwapped ? [width, height] : [height, width])];
    const stored = b.parameter(name, sizes, { kind: "zeros" }, shape[name]);
    const values = shape[name] === "f16" ? b.cast(stored, "f32") : stored;
    return isSwapped ? b.swap(values) : values;
  };
  const batches = batch === 1 ? [] : [batch];
  const left = operand("left", layout[0] === "T", [rows, depth], batches);
  const right = operand("right", layout[1] === "T", [depth, columns], isShared ? [] : batches);
  const outputs = new Map([["result", b.matmul(left, right)]]);
  const plan = schedule({ name: "product", outputs, updates: [] }, target);
  const [planned, ...others] = plan.kernels;
  invariant(planned?.kernel.kind === "matmul" && others.length === 0, "a product is one kernel");
  return { plan, kernel: planned.kernel };
}

/**
 * The same kind of product with at most so many operations, so that a device of any speed can do it many times: tiles are
 * the same over a whole result, so one with fewer rows, columns and batches says as much of them.
 */
export function shortened(work: ProductWork, most: number): ProductWork {
  const sizes = { batch: work.batch, rows: work.rows, columns: work.columns };
  const operations = () => 2 * work.depth * sizes.batch * sizes.rows * sizes.columns;
  while (operations() > most) {
    const name = (["batch", "rows", "columns"] as const).reduce((one, other) =>
      sizes[other] > sizes[one] ? other : one,
    );
    if (sizes[name] <= leastSize) break;
    // What is left over by tiles, and what is read four at once, stays as it is.
    const rest = sizes[name] % leastSize;
    const half = Math.floor(sizes[name] / leastSize / 2) * leastSize;
    sizes[name] = half + rest < sizes[name] && half > 0 ? half + rest : leastSize;
  }
  return { ...work, ...sizes };
}

const leastSize = 64;
