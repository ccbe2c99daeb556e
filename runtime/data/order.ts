/** (seed, epoch, position) → which record stands there; nothing but these numbers need be remembered. */

import { philox } from "../../compiler/philox.ts";
import { keyOf, purposes } from "../images/random.ts";

/** What an order depends on. */
export interface OrderSettings {
  /** Records of the data set. */
  readonly length: number;
  readonly seed: number;
  readonly epoch: number;
  /** False: the order of the file. */
  readonly shuffle: boolean;
  /** Records that stay together in the file's order (a picture and its twin: 2); 1 by default. Divides `length`. */
  readonly group?: number;
}

/**
 * The record at each position of an epoch: a permutation of 0 … length - 1, computed on its own for every position
 * (a Feistel network over the next power of four, walked until it falls inside).
 */
export function epochOrder(settings: OrderSettings): (position: number) => number {
  const { length, seed, epoch, shuffle, group = 1 } = settings;
  if (!Number.isInteger(group) || group < 1 || length % group !== 0) {
    throw new RangeError(`${length} records do not divide into groups of ${group}`);
  }
  const shuffled = shuffle ? permutation(length / group, seed, epoch) : undefined;
  return (position) => {
    if (!(Number.isInteger(position) && position >= 0 && position < length)) {
      throw new RangeError(`there is no position ${position} among ${length}`);
    }
    if (shuffled === undefined) return position;
    return shuffled(Math.floor(position / group)) * group + (position % group);
  };
}

const rounds = 6;

function permutation(size: number, seed: number, epoch: number): (index: number) => number {
  const key = keyOf(seed);
  // Small domains mix badly: at least eight bits, in two equal halves.
  const halfBits = Math.max(4, Math.ceil(Math.log2(Math.max(2, size)) / 2));
  const mask = 2 ** halfBits - 1;
  const step = (value: number): number => {
    let left = Math.floor(value / (mask + 1));
    let right = value & mask;
    for (let round = 0; round < rounds; round++) {
      const word = philox([right, epoch, purposes.order, round], key)[0];
      [left, right] = [right, (left ^ word) & mask];
    }
    return left * (mask + 1) + right;
  };
  return (index) => {
    let value = step(index);
    while (value >= size) value = step(value);
    return value;
  };
}

/** Batches of an epoch. `drop`: only whole ones. */
export function batchesPerEpoch(length: number, batchSize: number, drop: boolean): number {
  return drop ? Math.floor(length / batchSize) : Math.ceil(length / batchSize);
}
