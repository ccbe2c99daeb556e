/** Addresses as linear forms over loop variables, and how they pass through reshapes. */
import { invariant } from "../invariant.ts";
import { denseStrides } from "../ir/tensor-type.ts";
import type { Expression } from "./expression.ts";

/** A number in [0, extent): a loop or grid index, or a value computed on the way. */
export interface Variable {
  readonly id: number;
  readonly extent: number;
  /** A loop over it may be cut in two. */
  readonly splittable: boolean;
  readonly definition?: Definition;
}

export type Definition =
  /** floor(form / by) */
  | { readonly kind: "quotient"; readonly form: Linear; readonly by: number }
  /** form mod by */
  | { readonly kind: "remainder"; readonly form: Linear; readonly by: number }
  /** `form` where that lies in [0, extent), else any number there: a coordinate in one part of a whole. */
  | { readonly kind: "part"; readonly form: Linear }
  /** An index loaded at run time, held to [0, extent). */
  | { readonly kind: "index"; readonly value: Expression };

/** offset + Σ factor * variable. Terms are sorted by variable; factors are positive; extents exceed 1. */
export interface Linear {
  readonly offset: number;
  readonly terms: readonly Term[];
}
export interface Term {
  readonly variable: Variable;
  readonly factor: number;
}

/**
 * Thrown when an address needs the two halves of a loop: split `variable` so that the inner part has `size` values.
 * No `Error`: it is thrown for every second kernel, and a stack trace costs more than the kernel.
 */
export class SplitNeeded {
  readonly variable: Variable;
  readonly size: number;
  constructor(variable: Variable, size: number) {
    this.variable = variable;
    this.size = size;
  }
}

let lastVariable = 0;

/** A variable unlike every other; ids only order terms and never reach the program. */
export function variable(extent: number, splittable: boolean, definition?: Definition): Variable {
  lastVariable += 1;
  return definition === undefined
    ? { id: lastVariable, extent, splittable }
    : { id: lastVariable, extent, splittable, definition };
}

export const zero: Linear = { offset: 0, terms: [] };

export function constant(offset: number): Linear {
  return { offset, terms: [] };
}

export function of(variable: Variable, factor = 1): Linear {
  return variable.extent === 1 || factor === 0
    ? zero
    : { offset: 0, terms: [{ variable, factor }] };
}

export function plus(a: Linear, b: Linear): Linear {
  const offset = a.offset + b.offset;
  if (b.terms.length === 0) return { offset, terms: a.terms };
  if (a.terms.length === 0) return { offset, terms: b.terms };
  const terms: Term[] = [];
  let i = 0;
  let j = 0;
  while (i < a.terms.length && j < b.terms.length) {
    const x = a.terms[i]!;
    const y = b.terms[j]!;
    if (x.variable === y.variable) {
      terms.push({ variable: x.variable, factor: x.factor + y.factor });
      i += 1;
      j += 1;
    } else if (x.variable.id < y.variable.id) {
      terms.push(x);
      i += 1;
    } else {
      terms.push(y);
      j += 1;
    }
  }
  for (; i < a.terms.length; i++) terms.push(a.terms[i]!);
  for (; j < b.terms.length; j++) terms.push(b.terms[j]!);
  return { offset, terms };
}

export function times(a: Linear, factor: number): Linear {
  if (factor === 0) return zero;
  if (factor === 1) return a;
  return {
    offset: a.offset * factor,
    terms: a.terms.map((term) => ({ variable: term.variable, factor: term.factor * factor })),
  };
}

/** Σ coordinate * stride of a dense tensor. */
export function flatten(coordinates: readonly Linear[], sizes: readonly number[]): Linear {
  const strides = denseStrides(sizes);
  return coordinates.reduce(
    (sum, coordinate, axis) => plus(sum, times(coordinate, strides[axis]!)),
    zero,
  );
}

/** Same form, term for term. */
export function same(a: Linear, b: Linear): boolean {
  return (
    a === b ||
    (a.offset === b.offset &&
      a.terms.length === b.terms.length &&
      a.terms.every(({ variable, factor }, i) => {
        const other = b.terms[i]!;
        return variable === other.variable && factor === other.factor;
      }))
  );
}

/** A text that is equal exactly for equal forms. */
export function linearKey(form: Linear): string {
  return `${form.offset}${form.terms.map((term) => `+${term.factor}*${term.variable.id}`).join("")}`;
}

function greatest(form: Linear): number {
  return form.terms.reduce(
    (sum, term) => sum + term.factor * (term.variable.extent - 1),
    form.offset,
  );
}

/**
 * Coordinates of a row-major address in a dense tensor of `sizes`.
 * Throws `SplitNeeded` where cutting a loop avoids a division; divides at run time where nothing can be cut.
 */
export function decompose(address: Linear, sizes: readonly number[]): Linear[] {
  const strides = denseStrides(sizes);
  let rest = address;
  return sizes.map((size, axis) => {
    if (size === 1) return zero;
    const stride = strides[axis]!;
    if (stride === 1) {
      const last = rest;
      rest = zero;
      return last;
    }
    const high = rest.terms.filter((term) => term.factor % stride === 0);
    const low = rest.terms.filter((term) => term.factor % stride !== 0);
    const highOffset = Math.floor(rest.offset / stride);
    const remainder: Linear = { offset: rest.offset - highOffset * stride, terms: low };
    if (greatest(remainder) < stride) {
      rest = remainder;
      return {
        offset: highOffset,
        terms: high.map((term) => ({ variable: term.variable, factor: term.factor / stride })),
      };
    }
    const crossing = low.find(({ variable: v, factor }) => {
      const part = stride / factor;
      return (
        v.splittable &&
        Number.isInteger(part) &&
        part > 1 &&
        part < v.extent &&
        v.extent % part === 0
      );
    });
    if (crossing !== undefined && rest.offset === 0)
      throw new SplitNeeded(crossing.variable, stride / crossing.factor);
    const whole = rest;
    rest = of(variable(stride, false, { kind: "remainder", form: whole, by: stride }));
    return of(variable(size, false, { kind: "quotient", form: whole, by: stride }));
  });
}

/** Cuts `cut.variable` in `variables` (outermost first) in two. What follows is made anew: the youngest stays the innermost. */
export function split(variables: readonly Variable[], cut: SplitNeeded): Variable[] {
  invariant(
    variables.includes(cut.variable),
    "a split of a variable that is no loop of this kernel",
  );
  const at = variables.indexOf(cut.variable);
  const { extent } = cut.variable;
  return [
    ...variables.slice(0, at),
    variable(extent / cut.size, true),
    variable(cut.size, true),
    ...variables.slice(at + 1).map((v) => variable(v.extent, v.splittable)),
  ];
}

/** The address of a dense tensor whose elements the loops walk in order, outermost first. */
export function dense(variables: readonly Variable[]): Linear {
  return flatten(
    variables.map((v) => of(v)),
    variables.map((v) => v.extent),
  );
}
