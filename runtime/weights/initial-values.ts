/** A seed and a parameter's path → its fresh values, the same in whatever order parameters are made. */
import { createHash } from "node:crypto";
import { type Four, philox } from "../../compiler/philox.ts";

/**
 * How a parameter starts. `truncated-normal` draws again whatever lies further than `limit` standard deviations from
 * zero (default 2), so the spread that remains is a little smaller than `std`.
 */
export type InitialValues =
  | { readonly kind: "normal"; readonly std: number }
  | { readonly kind: "uniform"; readonly bound: number }
  | { readonly kind: "zeros" }
  | { readonly kind: "ones" }
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "truncated-normal"; readonly std: number; readonly limit?: number };

/** What the values depend on, and on nothing else. `seed` is a whole number from 0 to 2^53 - 1. */
export interface ValueOrigin {
  readonly seed: number;
  /** The parameter's path. */
  readonly path: string;
  /** Index of the parameter's element that `target[0]` is; default 0. */
  readonly start?: number;
}

/** Fresh f32 values for all elements of a parameter. */
export function initialValues(
  values: InitialValues,
  elements: number,
  origin: ValueOrigin,
): Float32Array<ArrayBuffer> {
  const target = new Float32Array(elements);
  fillInitialValues(target, values, origin);
  return target;
}

/**
 * Fills `target`, a whole parameter or a range of it, with fresh values. Element i reads the Philox block (i / 4, attempt,
 * hash of the path) under the seed as key, so a range holds what the whole would hold there.
 */
export function fillInitialValues(
  target: Float32Array,
  values: InitialValues,
  origin: ValueOrigin,
): void {
  switch (values.kind) {
    case "zeros":
      target.fill(0);
      return;
    case "ones":
      target.fill(1);
      return;
    case "constant":
      target.fill(values.value);
      return;
    case "uniform":
      drawInto(target, origin, (words, lane) => {
        const unit = ((words[lane] as number) + 0.5) * 2 ** -32;
        return (2 * unit - 1) * values.bound;
      });
      return;
    case "normal":
      drawInto(target, origin, (words, lane) => normalOf(words, lane) * values.std);
      return;
    case "truncated-normal": {
      const limit = values.limit ?? 2;
      drawInto(target, origin, (words, lane, redraw) => {
        let value = normalOf(words, lane);
        for (let attempt = 1; Math.abs(value) > limit; attempt += 1) {
          value = normalOf(redraw(attempt), lane);
        }
        return value * values.std;
      });
    }
  }
}

type Draw = (words: Four, lane: number, redraw: (attempt: number) => Four) => number;

function drawInto(target: Float32Array, origin: ValueOrigin, draw: Draw): void {
  const { seed, path, start = 0 } = origin;
  const key = [seed >>> 0, Math.floor(seed / 2 ** 32)] as const;
  const digest = createHash("sha256").update(path, "utf8").digest();
  const hash0 = digest.readUInt32LE(0);
  const hash1 = digest.readUInt32LE(4);
  let block = -1;
  let words: Four = [0, 0, 0, 0];
  const wordsAt = (attempt: number): Four => philox([block, attempt, hash0, hash1], key);
  for (let index = 0; index < target.length; index += 1) {
    const element = start + index;
    const wanted = Math.floor(element / 4);
    if (wanted !== block) {
      block = wanted;
      words = wordsAt(0);
    }
    target[index] = draw(words, element % 4, wordsAt);
  }
}

/** Box and Muller 1958: lanes 0 and 1 share the first two words as radius and angle, lanes 2 and 3 the others. */
function normalOf(words: Four, lane: number): number {
  const first = words[lane & 2] as number;
  const second = words[(lane & 2) + 1] as number;
  const radius = Math.sqrt(-2 * Math.log((first + 0.5) * 2 ** -32));
  const angle = 2 * Math.PI * (second + 0.5) * 2 ** -32;
  return radius * ((lane & 1) === 0 ? Math.cos(angle) : Math.sin(angle));
}
