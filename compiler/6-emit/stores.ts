/** A value and a place → the statements that store it, by the tensor's dtype; halves are rounded and packed here. */
import type { Expression } from "../5-schedule/expression.ts";
import type { Store } from "../5-schedule/kernel.ts";
import type { DType } from "../ir/tensor-type.ts";
import type { Element, ShaderText } from "./shader-text.ts";

/** How the elements of a tensor are stored. */
export function elementOf(dtype: DType): Element {
  return dtype === "bool" || dtype === "f16" ? "u32" : dtype;
}

/** The value that a store takes: of one that is rounded to a half last, the value before, since storing rounds. */
export function storedValue({ node, value }: Store): Expression {
  const isRounding =
    node.type.dtype === "f16" &&
    value.kind === "scalar" &&
    value.node.op === "cast" &&
    value.node.inputs[0].type.dtype === "f32";
  return isRounding ? value.operands[0]! : value;
}

/** Stores element `index`. */
export function writeOne(
  shader: ShaderText,
  buffer: number,
  dtype: DType,
  index: string,
  value: string,
): string {
  if (dtype === "f16") return shader.writeHalf(buffer, index, `half_bits1(${value})`);
  const stored = dtype === "bool" ? `u32(${value})` : value;
  return shader.write(buffer, elementOf(dtype), index, stored);
}

/** Stores four elements from 4 * `quarter`; `name` is free. */
export function writeFour(
  shader: ShaderText,
  buffer: number,
  dtype: DType,
  quarter: string,
  value: string,
  name: string,
): readonly string[] {
  if (dtype === "f16") {
    return [
      `let ${name} = half_bits4(${value});`,
      shader.writeHalves(buffer, `${quarter} * 2u`, `${name}.x`, `${name}.y`),
      shader.writeHalves(buffer, `${quarter} * 2u + 1u`, `${name}.z`, `${name}.w`),
    ];
  }
  const stored = dtype === "bool" ? `vec4<u32>(${value})` : value;
  return [shader.writeFour(buffer, elementOf(dtype), quarter, stored)];
}
