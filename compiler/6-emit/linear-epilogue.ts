/** Stores of a product → the ones that most products have in common: a factor and up to two tensors that are added. */
import type { Expression } from "../5-schedule/expression.ts";
import type { MatmulKernel, Store } from "../5-schedule/kernel.ts";
import type { Variable } from "../5-schedule/linear.ts";

/** `product * scale + terms[0] + terms[1]`, rounded after each step. */
export interface LinearEpilogue {
  readonly store: Store;
  /** 1 where nothing is multiplied. */
  readonly scale: number;
  readonly terms: readonly (Expression & { readonly kind: "load" })[];
}

/** Tensors that the text adds, whether they are there or not. */
export const mostTerms = 2;

/** Undefined where a product stores something else. */
export function linearEpilogue(kernel: MatmulKernel): LinearEpilogue | undefined {
  const [store, second] = kernel.stores;
  if (store === undefined || second !== undefined || store.node.type.dtype !== "f32")
    return undefined;
  const axes = [...kernel.batch, kernel.row, kernel.column];
  const terms: (Expression & { kind: "load" })[] = [];
  let rest: Expression = store.value;
  for (;;) {
    if (rest.kind !== "scalar" || rest.node.op !== "add") break;
    const [first, other] = rest.operands as readonly [Expression, Expression];
    const term = isTerm(other, axes) ? other : isTerm(first, axes) ? first : undefined;
    if (term === undefined) return undefined;
    terms.unshift(term);
    rest = term === other ? first : other;
  }
  if (terms.length > mostTerms) return undefined;
  const scale = scaleOf(rest, kernel);
  return scale === undefined ? undefined : { store, scale, terms };
}

function isTerm(
  expression: Expression,
  axes: readonly Variable[],
): expression is Expression & { kind: "load" } {
  return (
    expression.kind === "load" &&
    expression.node.type.dtype === "f32" &&
    expression.address.terms.every(({ variable }) => axes.includes(variable))
  );
}

/** What the product itself is multiplied by. */
function scaleOf(expression: Expression, { node }: MatmulKernel): number | undefined {
  const isProduct = (each: Expression) => each.kind === "local" && each.node === node;
  if (isProduct(expression)) return 1;
  if (expression.kind !== "scalar" || expression.node.op !== "mul") return undefined;
  const [first, second] = expression.operands as readonly [Expression, Expression];
  const factor = isProduct(first) ? second : isProduct(second) ? first : undefined;
  return factor?.kind === "constant" && factor.node.type.dtype === "f32" ? factor.value : undefined;
}
