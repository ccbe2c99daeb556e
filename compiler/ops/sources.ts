/** Where tensors begin: inputs, parameters, constants, coordinates, random numbers. */
import { invariant } from "../invariant.ts";
import type { NodeOf } from "../ir/node.ts";
import type { OpRule, Values } from "../ir/rule.ts";
import { denseStrides, elements, sameShape } from "../ir/tensor-type.ts";
import { philox, unitFloat } from "../philox.ts";

const given = (node: { readonly op: string }): Values => {
  throw new Error(`${node.op} has no value of its own: the interpreter is given it`);
};

export const input: OpRule<"input"> = {
  infer: (_, { shape, dtype }) => ({ shape, dtype }),
  gradient: () => [],
  reference: (_, node) => given(node),
  lowering: { kind: "source" },
};

export const parameter: OpRule<"parameter"> = {
  infer: (_, { shape, dtype }) => ({ shape, dtype }),
  gradient: () => [],
  reference: (_, node) => given(node),
  lowering: { kind: "source" },
};

export const constant: OpRule<"constant"> = {
  infer: (_, { data, shape, dtype }) => {
    invariant(
      data.length === 1 || data.length === elements(shape),
      `constant of ${data.length} values in [${shape}]`,
    );
    return { shape, dtype };
  },
  gradient: () => [],
  reference: (_, node) => {
    const { data, shape } = node.attributes;
    return data.length === 1
      ? new Float64Array(elements(shape)).fill(data[0]!)
      : Float64Array.from(data);
  },
  lowering: { kind: "source" },
};

export const iota: OpRule<"iota"> = {
  infer: (_, { shape, axis }) => {
    invariant(axis >= 0 && axis < shape.length, `iota along axis ${axis} of [${shape}]`);
    return { shape, dtype: "i32" };
  },
  gradient: () => [],
  reference: (_, { attributes: { shape, axis } }) => {
    const stride = denseStrides(shape)[axis]!;
    return Float64Array.from(
      { length: elements(shape) },
      (__, i) => Math.floor(i / stride) % shape[axis]!,
    );
  },
  lowering: { kind: "source" },
};

/** Element i takes word i mod 4 of the block with counter (i div 4, stream, 0, 0). */
export const random: OpRule<"random"> = {
  infer: ([seed], { shape }) => {
    invariant(seed.type.dtype === "i32" && sameShape(seed.type.shape, [2]), "a seed is i32[2]");
    return { shape, dtype: "f32" };
  },
  gradient: () => [null],
  reference: ([seed], node: NodeOf<"random">) =>
    Float64Array.from({ length: elements(node.attributes.shape) }, (_, i) =>
      unitFloat(philox([i >>> 2, node.attributes.stream, 0, 0], [seed![0]!, seed![1]!])[i & 3]!),
    ),
  lowering: { kind: "source" },
};
