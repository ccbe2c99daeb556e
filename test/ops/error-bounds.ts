/** How far a kernel in f32 may be from the reference in f64, op by op; at most the budgets of WebNN's conformance tests. */
import { interpret } from "../../compiler/ir/interpret.ts";
import { type Node, reachable } from "../../compiler/ir/node.ts";
import type { OpRule, Rules, Values } from "../../compiler/ir/rule.ts";
import type { OpName } from "../../compiler/ir/signatures.ts";
import { elements } from "../../compiler/ir/tensor-type.ts";
import { rules } from "../../compiler/ops/index.ts";
import { type Random, seeded } from "../support/random.ts";

/** Distance of an f32 from the next. */
export function ulp(value: number): number {
  const size = Math.abs(value);
  return 2 ** (Math.max(Math.floor(Math.log2(size)), -126) - 23);
}

/** Values below this may be flushed to zero. */
const smallest = 2 ** -126;

/** Greatest error of one element: `value` is the result, `operands` are the elements that it is made of. */
type Bound = (value: number, operands: readonly number[]) => number;

const ulps =
  (count: number): Bound =>
  (value) =>
    count * ulp(value);

/** Elementwise ops with a rounding. WebNN: add, sub, mul 1; div 2; sqrt 1; exp 32; log, tanh, erf 1/1024 absolute. */
export const elementwiseBounds: Partial<Record<OpName, Bound>> = {
  add: ulps(1),
  sub: ulps(1),
  mul: ulps(1),
  div: ulps(2),
  sqrt: ulps(1),
  // WGSL asks for 3 + 2|x| ulp.
  exp: (value, [x]) => Math.min(32, 3 + 2 * Math.abs(x!)) * ulp(value),
  // WGSL asks for 2^-21 between 0.5 and 2, else for 3 ulp.
  log: (value) => 2 ** -21 + 3 * ulp(value),
  // WGSL asks for 1e-5.
  tanh: (value) => 1e-5 + ulp(value),
  // The polynomial of the kernels.
  erf: (value) => 2e-6 + ulp(value),
  // The numerator of a quotient that a kernel may form first is rounded once.
  cast: ulps(1),
};

/** Sums of n products or terms: 2n ulp (matmul) or n ulp (sum) of the sum of the absolute values. */
const foldUlps = { matmul: 2, reduce: 1, scatterAdd: 1 } as const;

/** Greatest error of each element of `node`, its inputs being exact; 0 for what moves, compares or counts. */
export function errorBounds(node: Node, inputs: readonly Values[], values: Values): Values {
  const count = values.length;
  if (node.op === "matmul" || node.op === "scatterAdd" || node.op === "reduce") {
    if (node.op === "reduce" && (node.attributes.kind === "max" || node.type.dtype === "i32"))
      return new Float64Array(count);
    const rule = rules[node.op] as OpRule<typeof node.op>;
    const sizes = inputs.map((input, i) =>
      node.op === "scatterAdd" && i === 0 ? input : input.map(Math.abs),
    );
    const terms = termsOf(node);
    return rule
      .reference(sizes, node as never)
      .map((size) => foldUlps[node.op as "matmul"] * terms * ulp(size));
  }
  const bound = elementwiseBounds[node.op];
  if (bound === undefined || node.type.dtype !== "f32") return new Float64Array(count);
  return values.map((value, i) =>
    bound(
      value,
      inputs.map((input) => input[i]!),
    ),
  );
}

function termsOf(node: Node): number {
  if (node.op === "matmul") return node.inputs[0].type.shape.at(-1)!;
  if (node.op === "scatterAdd") return elements(node.inputs[0].type.shape);
  const from = elements(node.inputs[0]!.type.shape);
  return from / Math.max(1, elements(node.type.shape));
}

/** The reference loops, every element of every op off by its bound up or down. */
function disturbed(random: Random): Rules {
  const entries = Object.entries(rules).map(([op, rule]) => {
    const plain = rule as OpRule<"add">;
    const reference = (inputs: readonly Values[], node: Node): Values => {
      const values = plain.reference(inputs, node as never);
      const bounds = errorBounds(node, inputs, values);
      return values.map((value, i) => value + (random.unit() < 0.5 ? -1 : 1) * bounds[i]!);
    };
    return [op, { ...plain, reference }];
  });
  return Object.fromEntries(entries) as Rules;
}

export interface Expected {
  readonly values: Values;
  /** Greatest error, element by element. */
  readonly within: Values;
}

/**
 * Values of `roots` and how far off kernels may be. A single op gets its own bound; a graph gets four times the
 * largest of six disturbed runs, since errors of inner ops grow on the way.
 */
export function expectations(
  roots: readonly Node[],
  given: ReadonlyMap<string, ArrayLike<number>>,
): Expected[] {
  const exact = interpret(rules, roots, given);
  const runs = Array.from({ length: 6 }, (_, seed) =>
    interpret(disturbed(seeded(seed + 1)), roots, given),
  );
  return roots.map((root, k) => {
    const rounded = reachable([root]).filter(
      (node) => node.op in foldUlps || elementwiseBounds[node.op] !== undefined,
    ).length;
    const factor = rounded > 1 ? 4 : 1;
    const values = exact[k]!;
    const within = values.map((value, i) => {
      const spread = Math.max(...runs.map((run) => Math.abs(run[k]![i]! - value)));
      return factor * spread + (rounded > 1 ? ulp(value) : 0) + smallest;
    });
    return { values, within };
  });
}

/** Where `results` leave the bounds, in words; undefined when nowhere. */
export function fault(
  name: string,
  results: ArrayLike<number>,
  { values, within }: Expected,
): string | undefined {
  if (results.length !== values.length)
    return `${name} has ${results.length} elements, not ${values.length}`;
  for (let i = 0; i < values.length; i++) {
    const error = Math.abs(results[i]! - values[i]!);
    if (!(error <= within[i]!) && !Object.is(results[i]!, values[i]!))
      return `${name}[${i}] is ${results[i]}, not ${values[i]} within ${within[i]}`;
  }
  return undefined;
}
