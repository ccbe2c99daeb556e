/** A reference folder while it is checked: hands out tensors, compares, and knows what nobody has read. */
import { join } from "node:path";
import type { Builder } from "../../compiler/ir/builder.ts";
import type { Node } from "../../compiler/ir/node.ts";
import { type Comparison, largestDifference, measured } from "./comparison.ts";
import { chainLengths, inPrecision, isMixed, mixedBounds } from "./precision.ts";
import { type ReferenceTensor, readTensors } from "./tensors.ts";

/** Bounds of the strict kind for f32 arithmetic. */
export const strict = { hidden: 2e-5, logits: 2e-5, loss: 2e-5, trace: 5e-5, step: 2e-5 } as const;

export class ReferenceCase {
  readonly lines: Comparison[] = [];
  readonly #tensors: ReadonlyMap<string, ReferenceTensor>;
  readonly #unread: Set<string>;
  readonly #chains = new Map<string, { readonly length: number; readonly sharpness: number }>();

  constructor(folder: string, file = "tensors.safetensors") {
    this.#tensors = readTensors(join(folder, file));
    this.#unread = new Set(this.#tensors.keys());
  }

  has(key: string): boolean {
    return this.#tensors.has(key);
  }

  /** The tensor `key`. Throws when the case has none. */
  take(key: string): ReferenceTensor {
    const tensor = this.#tensors.get(key);
    if (tensor === undefined) throw new Error(`the case has no tensor ${key}`);
    this.#unread.delete(key);
    return tensor;
  }

  /** All tensors below `folder/`, by the rest of their key. */
  below(folder: string): ReadonlyMap<string, ReferenceTensor> {
    const found = new Map<string, ReferenceTensor>();
    for (const key of this.#tensors.keys())
      if (key.startsWith(`${folder}/`)) found.set(key.slice(folder.length + 1), this.take(key));
    return found;
  }

  /** Largest absolute difference from the tensor `key`. */
  compare(key: string, actual: ArrayLike<number>, strictBound: number, note?: string): void {
    const { data, shape } = this.take(key);
    const bound = this.bound(key, data, strictBound);
    this.line(key, `[${shape}], largest difference`, largestDifference(actual, data), bound, note);
  }

  /** max|d| ≤ 5e-5 max|g| + 1e-6; key biases, whose true gradient is 0, by size alone. */
  compareGradient(key: string, actual: ArrayLike<number>): void {
    const { data, shape } = this.take(key);
    if (/\bkey\.bias$|k_proj\.bias$/.test(key)) {
      // What is left of it is rounding, of the size that the weight's gradient has.
      const weight = this.#tensors.get(key.replace(/bias$/, "weight"))?.data ?? [];
      const bound = this.bound(key, weight, 1e-5);
      this.line(
        key,
        `[${shape}], largest element`,
        largest(actual),
        bound,
        "the true gradient is 0",
      );
      return;
    }
    const bound = this.bound(key, data, 5e-5 * largest(data) + 1e-6);
    this.line(key, `[${shape}], largest difference`, largestDifference(actual, data), bound);
  }

  /** A gradient that the graph does not have is zero: so must the reference's be, where it has one. */
  compareZeroGradient(
    key: string,
    made: ReadonlyMap<string, unknown>,
    shape: readonly number[],
  ): void {
    if (made.has(key) || !this.has(key)) return;
    const size = shape.reduce((product, length) => product * length, 1);
    this.compareGradient(key, new Float32Array(size));
  }

  /** From now on keys of `outputs` are compared as their nodes allow it in the precision of the run; `sharpness` is 1 / temperature. */
  expect(outputs: ReadonlyMap<string, Node>, b: Builder, sharpness = 1): void {
    if (!isMixed()) return;
    const made = inPrecision({ name: "golden", outputs, updates: [] }, b).outputs;
    for (const [key, length] of chainLengths(made)) this.#chains.set(key, { length, sharpness });
  }

  /** The strict bound, in mixed precision with what the table allows the key. */
  bound(key: string, reference: ArrayLike<number>, strictBound: number): number {
    const chain = this.#chains.get(key);
    if (chain === undefined) return strictBound;
    const { factor } = mixedBounds.find(({ keys }) => keys.test(key))!;
    const share = 2 ** -10 * Math.sqrt(chain.length) * factor(chain.sharpness);
    return strictBound + share * largest(reference);
  }

  line(key: string, compared: string, error: number, bound: number, note?: string): void {
    this.lines.push(measured(key, compared, error, bound, note));
  }

  /** Two lists of ids, element by element. */
  compareIds(
    key: string,
    actual: readonly (readonly number[])[],
    expected: readonly (readonly number[])[],
  ): void {
    let wrong = actual.length === expected.length ? 0 : 1;
    expected.forEach((row, i) => {
      if (row.join(" ") !== actual[i]?.join(" ")) wrong++;
    });
    const note = wrong === 0 ? undefined : firstDifference(actual, expected);
    this.line(key, `${expected.length} sequences, how many differ`, wrong, 0, note);
  }

  leaveOut(key: string, reason: string): void {
    if (this.#tensors.has(key)) this.take(key);
    this.lines.push({ name: key, leftOut: reason });
  }

  /** All lines; tensors that nobody has read are lines that fail. */
  finish(): readonly Comparison[] {
    const unread = [...this.#unread].map((key) => measured(key, "a key nothing reads", 1, 0));
    return [...this.lines, ...unread];
  }
}

/** Size of the largest element. */
function largest(values: ArrayLike<number>): number {
  return largestDifference(values, new Float64Array(values.length));
}

function firstDifference(
  actual: readonly (readonly number[])[],
  expected: readonly (readonly number[])[],
): string {
  const row = expected.findIndex((ids, i) => ids.join(" ") !== actual[i]?.join(" "));
  return `row ${row}: ${actual[row]?.join(" ")} for ${expected[row]?.join(" ")}`;
}
