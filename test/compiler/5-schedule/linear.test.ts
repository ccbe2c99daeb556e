/** Addresses through reshapes, for random shapes and all values of the variables. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  constant,
  decompose,
  dense,
  flatten,
  type Linear,
  linearKey,
  of,
  plus,
  SplitNeeded,
  same,
  split,
  times,
  type Variable,
  variable,
  zero,
} from "../../../compiler/5-schedule/linear.ts";

type Values = ReadonlyMap<Variable, number>;

/** The number that a form is, where every loop has a value. */
function numberOf(form: Linear, values: Values): number {
  return form.terms.reduce(
    (sum, term) => sum + term.factor * variableValue(term.variable, values),
    form.offset,
  );
}

function variableValue(v: Variable, values: Values): number {
  const known = values.get(v);
  if (known !== undefined) return known;
  const { definition } = v;
  if (definition === undefined || definition.kind === "index" || definition.kind === "part")
    throw new Error("no value");
  const whole = numberOf(definition.form, values);
  return definition.kind === "quotient" ? Math.floor(whole / definition.by) : whole % definition.by;
}

/** All values of all loops, outermost first. */
function* everywhere(variables: readonly Variable[]): Generator<Values> {
  const total = variables.reduce((product, v) => product * v.extent, 1);
  for (let at = 0; at < total; at++) {
    let rest = at;
    const values = new Map<Variable, number>();
    for (const v of [...variables].reverse()) {
      values.set(v, rest % v.extent);
      rest = Math.floor(rest / v.extent);
    }
    yield values;
  }
}

/** Row-major coordinates of an address, by plain division. */
function coordinates(address: number, sizes: readonly number[]): number[] {
  const result: number[] = [];
  let rest = address;
  for (const size of [...sizes].reverse()) {
    result.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return result;
}

/** Decomposes, cutting loops where it is asked for. */
function cutting(loops: readonly Variable[], sizes: readonly number[]) {
  let variables = [...loops];
  for (;;) {
    try {
      return { variables, parts: decompose(dense(variables), sizes) };
    } catch (error) {
      if (!(error instanceof SplitNeeded)) throw error;
      variables = split(variables, error);
    }
  }
}

const primeSizes: readonly number[] = [1, 2, 2, 3, 5];

/** Two shapes with the same number of elements, at most 360. */
const twoShapes = fc
  .array(fc.constantFrom(...primeSizes), { maxLength: 6 })
  .filter((primes) => primes.reduce((a, b) => a * b, 1) <= 360)
  .chain((primes) => {
    const grouped = fc
      .tuple(
        fc.shuffledSubarray(primes, { minLength: primes.length }),
        fc.array(fc.nat(3), { minLength: primes.length, maxLength: primes.length }),
      )
      .map(([order, groups]) => {
        const shape = [1, 1, 1, 1];
        order.forEach((prime, i) => {
          shape[groups[i]!]! *= prime;
        });
        return shape.slice(0, Math.max(1, ...groups.map((group) => group + 1)));
      });
    return fc.tuple(grouped, grouped);
  });

describe("decompose", () => {
  test.each([true, false])(
    "gives the coordinates of every address (loops splittable: %s)",
    (splittable) => {
      fc.assert(
        fc.property(twoShapes, ([from, to]) => {
          const loops = from.map((extent) => variable(extent, splittable));
          const { variables, parts } = cutting(loops, to);
          const back = flatten(parts, to);
          for (const values of everywhere(variables)) {
            const address = numberOf(dense(variables), values);
            expect(parts.map((part) => numberOf(part, values))).toEqual(coordinates(address, to));
            expect(numberOf(back, values)).toBe(address);
          }
        }),
        { seed: 1, numRuns: 60 },
      );
    },
  );

  test("holds with an offset, and with strides of a slice", () => {
    fc.assert(
      fc.property(
        twoShapes,
        fc.nat(7),
        fc.integer({ min: 1, max: 3 }),
        ([from, to], offset, factor) => {
          const loops = from.map((extent) => variable(extent, false));
          const address = plus(times(dense(loops), factor), constant(offset));
          const sizes = [offset + factor * from.reduce((a, b) => a * b, 1), ...to];
          const parts = decompose(address, sizes);
          for (const values of everywhere(loops)) {
            expect(parts.map((part) => numberOf(part, values))).toEqual(
              coordinates(numberOf(address, values), sizes),
            );
          }
        },
      ),
      { seed: 2, numRuns: 60 },
    );
  });

  test("divides at run time only where no loop can be cut", () => {
    const divides = (forms: readonly Linear[]) =>
      forms.some((form) => form.terms.some((term) => term.variable.definition !== undefined));
    const loop = (extent: number) => variable(extent, true);
    expect(divides(cutting([loop(6), loop(4)], [6, 2, 2]).parts)).toBe(false);
    expect(divides(cutting([loop(6), loop(4)], [24]).parts)).toBe(false);
    expect(divides(cutting([loop(24)], [2, 3, 4]).parts)).toBe(false);
    expect(divides(cutting([loop(4), loop(3)], [3, 4]).parts)).toBe(true);
  });

  test("asks for the cut that makes the halves fit", () => {
    const loop = variable(12, true);
    const attempt = () => decompose(of(loop), [3, 4]);
    expect(attempt).toThrow(SplitNeeded);
    const [outer, inner] = split([loop], new SplitNeeded(loop, 4));
    expect([outer!.extent, inner!.extent]).toEqual([3, 4]);
    expect(() => split([inner!], new SplitNeeded(loop, 4))).toThrow("no loop of this kernel");
  });
});

describe("forms", () => {
  const [a, b] = [variable(5, true), variable(7, true)];

  test("add and scale as numbers do", () => {
    const form = plus(times(plus(of(a, 2), constant(3)), 4), of(b));
    for (const values of everywhere([a, b]))
      expect(numberOf(form, values)).toBe(4 * (2 * values.get(a)! + 3) + values.get(b)!);
    expect(times(form, 0)).toEqual(zero);
  });

  test("are the same whatever order they were added in", () => {
    const one = plus(of(a, 2), plus(of(b), constant(1)));
    const other = plus(constant(1), plus(of(b), plus(of(a), of(a))));
    expect(same(one, other)).toBe(true);
    expect(linearKey(one)).toBe(linearKey(other));
    expect(same(one, plus(other, constant(1)))).toBe(false);
    expect(same(of(a), of(b))).toBe(false);
  });

  test("a loop of one turn is no term", () => {
    expect(of(variable(1, true))).toEqual(zero);
    expect(dense([variable(1, true), variable(1, true)])).toEqual(zero);
  });
});
