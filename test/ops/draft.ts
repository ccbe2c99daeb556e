/** A graph under way with the values that go into it: what random tests are made of. */
import { Builder } from "../../compiler/ir/builder.ts";
import type { Node } from "../../compiler/ir/node.ts";
import { elements, type Shape } from "../../compiler/ir/tensor-type.ts";
import { rules } from "../../compiler/ops/index.ts";
import { type Random, seeded } from "../support/random.ts";

export interface Draft {
  readonly b: Builder;
  readonly random: Random;
  /** Values of all inputs and parameters so far. */
  readonly given: Map<string, Float64Array>;
  /** Parameters so far: what gradients are taken of. */
  readonly targets: Node[];
  /** A parameter with values that f32 holds exactly, normal or uniform in [low, high). */
  parameter(shape: Shape, range?: readonly [low: number, high: number]): Node;
  /** A parameter with these values. */
  filled(shape: Shape, values: ArrayLike<number>): Node;
  /** An i32 input with values in [low, high]. */
  indices(shape: Shape, low: number, high: number): Node;
  /** An i32[2] input. */
  seed(): Node;
}

/** An empty draft; everything random in it comes from `seed`. */
export function draft(seed: number): Draft {
  const b = new Builder(rules);
  const random = seeded(seed);
  const given = new Map<string, Float64Array>();
  const targets: Node[] = [];
  const filled = (shape: Shape, values: ArrayLike<number>): Node => {
    const path = `p${given.size}`;
    given.set(path, Float64Array.from(values, Math.fround));
    const node: Node = b.parameter(path, shape);
    targets.push(node);
    return node;
  };
  const integers = (shape: Shape, draw: () => number): Node => {
    const name = `i${given.size}`;
    given.set(name, Float64Array.from({ length: elements(shape) }, draw));
    return b.input(name, shape, "i32");
  };
  return {
    b,
    random,
    given,
    targets,
    filled,
    parameter: (shape, range) =>
      filled(
        shape,
        Float64Array.from({ length: elements(shape) }, () =>
          range === undefined ? random.normal() : random.between(range[0], range[1]),
        ),
      ),
    indices: (shape, low, high) => integers(shape, () => random.integer(low, high)),
    seed: () => integers([2], () => random.integer(0, 2 ** 31 - 1)),
  };
}

/** A random shape of `rank` axes (0 to 4 when absent), each from `sizes`, of at most `most` elements. */
export function randomShape(
  random: Random,
  sizes: readonly number[],
  most: number,
  rank = random.integer(0, 4),
): number[] {
  const shape = Array.from({ length: rank }, () => random.pick(sizes));
  while (elements(shape) > most) shape[random.integer(0, rank - 1)] = 1;
  return shape;
}
