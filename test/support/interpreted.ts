/** Graph → values by the reference loops, in the types that a device gives. */

import { interpret } from "../../compiler/ir/interpret.ts";
import type { Node } from "../../compiler/ir/node.ts";
import { rules } from "../../compiler/ops/index.ts";

/** Values by name: f32 as floats, i32 as integers, bool as 0 or 1. */
export type Results = ReadonlyMap<string, Float32Array | Int32Array>;

/** Values of `outputs` by the reference loops; `given` holds inputs by name and parameters by path. */
export function interpreted(
  outputs: ReadonlyMap<string, Node>,
  given: ReadonlyMap<string, ArrayLike<number>>,
): Results {
  const values = interpret(rules, [...outputs.values()], given);
  return new Map(
    [...outputs].map(([name, node], i) => [
      name,
      node.type.dtype === "f32" || node.type.dtype === "f16"
        ? Float32Array.from(values[i]!)
        : Int32Array.from(values[i]!),
    ]),
  );
}
