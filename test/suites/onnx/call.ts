/** One ONNX node to be said in ops: its operands, attributes, and what is read while building. */
import type { Builder } from "../../../compiler/ir/builder.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import type { OnnxModel, OnnxTensor } from "./protobuf.ts";

/** Why a case cannot be said in the ops of this project. */
export class Inexpressible extends Error {
  override readonly name = "Inexpressible";
}

export class Call {
  readonly b: Builder;
  readonly model: OnnxModel;
  /** Values of what the graph asks for: inputs by name, parameters by path. */
  readonly given = new Map<string, readonly number[]>();
  readonly #tensors: ReadonlyMap<string, OnnxTensor>;

  constructor(b: Builder, model: OnnxModel, tensors: ReadonlyMap<string, OnnxTensor>) {
    this.b = b;
    this.model = model;
    this.#tensors = tensors;
  }

  /** Number of operands, absent ones too. */
  get count(): number {
    return this.model.inputs.length;
  }

  has(index: number): boolean {
    return this.#tensors.has(this.model.inputs[index] ?? "");
  }

  /** Operand `index` as an input of the graph, i64 as i32. */
  input(index: number): Node {
    const name = this.model.inputs[index]!;
    const { type, shape, data } = this.#tensor(index);
    if (type === "i64" && data.some((value) => value !== (value | 0)))
      throw new Inexpressible(`i64 input ${name} beyond the range of i32`);
    this.given.set(name, data);
    return this.b.input(name, shape, type === "i64" ? "i32" : type);
  }

  optional(index: number): Node | undefined {
    return this.has(index) ? this.input(index) : undefined;
  }

  /** All operands. */
  all(): Node[] {
    return this.model.inputs.map((_, index) => this.input(index));
  }

  /** Gives operand `index` to the parameter `path` of a layer. */
  parameter(index: number, path: string): void {
    this.given.set(path, this.#tensor(index).data);
  }

  /** Shape of operand `index`. */
  shape(index: number): readonly number[] {
    return this.#tensor(index).shape;
  }

  /** Operand `index` read while building: axes, sizes, repeats, and the like. */
  numbers(index: number): readonly number[] | undefined {
    return this.has(index) ? this.#tensor(index).data : undefined;
  }

  integer(name: string, absent: number): number {
    return this.model.attributes.get(name)?.integer ?? absent;
  }
  float(name: string, absent: number): number {
    return this.model.attributes.get(name)?.float ?? absent;
  }
  text(name: string, absent: string): string {
    return this.model.attributes.get(name)?.text ?? absent;
  }
  integers(name: string): readonly number[] | undefined {
    return this.model.attributes.get(name)?.integers;
  }

  #tensor(index: number): OnnxTensor {
    const tensor = this.#tensors.get(this.model.inputs[index] ?? "");
    if (tensor === undefined) throw new Error(`${this.model.operator} has no operand ${index}`);
    return tensor;
  }
}

/** Gives the outputs in order; an absent one may be left out or be undefined. */
export type Operator = (call: Call) => readonly (Node | undefined)[];
