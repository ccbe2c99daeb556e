/** A parameter → random values as it would start with, drawn quickly: a window of one pool of normal numbers. */
import type { ParameterNode } from "../../compiler/2-build/stage-graphs.ts";
import { elements } from "../../compiler/ir/tensor-type.ts";
import { initialValues } from "../../runtime/weights/initial-values.ts";

/** A prime, so that rows of a matrix do not repeat each other. */
const poolSize = 1_048_573;

let pool: Float32Array<ArrayBuffer> | undefined;

/** Row-major. The same parameter gets the same values each time. */
export function randomValues({ attributes }: ParameterNode): Float32Array<ArrayBuffer> {
  const { init, path, shape } = attributes;
  const values = new Float32Array(elements(shape));
  switch (init.kind) {
    case "zeros":
      return values;
    case "ones":
      return values.fill(1);
    case "constant":
      return values.fill(init.value);
    case "uniform":
      return drawn(values, path, init.bound / Math.sqrt(3));
    case "normal":
    case "truncated-normal":
      return drawn(values, path, init.std);
  }
}

function drawn(values: Float32Array<ArrayBuffer>, path: string, std: number) {
  pool ??= initialValues({ kind: "truncated-normal", std: 1 }, poolSize, { seed: 1, path: "pool" });
  let at = startOf(path);
  for (let i = 0; i < values.length; i++) {
    values[i] = pool[at]! * std;
    at = at + 1 === poolSize ? 0 : at + 1;
  }
  return values;
}

function startOf(path: string): number {
  let hash = 0;
  for (const letter of path) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0;
  return hash % poolSize;
}
