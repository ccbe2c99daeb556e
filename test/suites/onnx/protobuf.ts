/** Bytes of ONNX files → model and tensors, as far as one-node models need it. */

/** Element types of the suite. */
export type OnnxType = "f32" | "i32" | "i64" | "bool";

export interface OnnxTensor {
  readonly type: OnnxType;
  readonly shape: readonly number[];
  /** i64 values are exact up to 2^53; bool is 0 or 1. */
  readonly data: readonly number[];
}

/** An attribute's value; which of them is set depends on the operator. */
export interface OnnxAttribute {
  readonly float?: number;
  readonly integer?: number;
  readonly text?: string;
  readonly floats: readonly number[];
  readonly integers: readonly number[];
}

export interface OnnxModel {
  readonly opset: number;
  readonly operator: string;
  /** An empty name is an absent operand. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  /** `graphInputs[i]` is in `input_i.pb`. */
  readonly graphInputs: readonly string[];
  readonly graphOutputs: readonly string[];
}

interface Field {
  readonly number: number;
  /** Variable-length integers as signed 64 bits. */
  readonly integer: bigint;
  /** Contents of length-delimited and of fixed fields. */
  readonly bytes: Uint8Array;
}

const text = new TextDecoder();
const none = new Uint8Array();

function* fields(bytes: Uint8Array): Generator<Field> {
  let at = 0;
  const integer = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error("a protobuf message ends within a number");
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asIntN(64, value);
    }
  };
  while (at < bytes.length) {
    const key = Number(integer());
    const number = key >> 3;
    const wire = key & 7;
    if (wire === 0) {
      yield { number, integer: integer(), bytes: none };
      continue;
    }
    const length = wire === 2 ? Number(integer()) : wire === 1 ? 8 : 4;
    if (wire > 2 && wire !== 5) throw new Error(`protobuf wire type ${wire}`);
    if (at + length > bytes.length) throw new Error("a protobuf field ends past its message");
    yield { number, integer: 0n, bytes: bytes.subarray(at, at + length) };
    at += length;
  }
}

/** Integers of a repeated field, packed or not. */
function integersOf({ integer, bytes }: Field): number[] {
  if (bytes.length === 0) return [Number(integer)];
  const list: number[] = [];
  const wrapped = new Uint8Array(bytes.length + 12);
  // Each number as a field of its own, so that one reader serves both.
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at]! >= 128) continue;
    wrapped[0] = 8;
    wrapped.set(bytes.subarray(start, at + 1), 1);
    for (const field of fields(wrapped.subarray(0, at + 2 - start)))
      list.push(Number(field.integer));
    start = at + 1;
  }
  return list;
}

function floatsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

/** A file `input_N.pb` or `output_N.pb`. Throws on element types that the suite does not have. */
export function readTensor(file: Uint8Array): OnnxTensor {
  const shape: number[] = [];
  const data: number[] = [];
  let type = 0;
  let raw: Uint8Array | undefined;
  for (const field of fields(file)) {
    if (field.number === 1) shape.push(...integersOf(field));
    if (field.number === 2) type = Number(field.integer);
    if (field.number === 4) data.push(...floatsOf(field.bytes));
    if (field.number === 5 || field.number === 7) data.push(...integersOf(field));
    if (field.number === 9) raw = field.bytes;
  }
  const kind = ({ 1: "f32", 6: "i32", 7: "i64", 9: "bool" } as const)[type];
  if (kind === undefined) throw new Error(`tensors of ONNX type ${type}`);
  return { type: kind, shape, data: raw === undefined ? data : rawValues(raw, kind) };
}

function rawValues(raw: Uint8Array, type: OnnxType): number[] {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  if (type === "f32") return floatsOf(raw);
  if (type === "bool") return [...raw];
  if (type === "i32")
    return Array.from({ length: raw.length / 4 }, (_, i) => view.getInt32(4 * i, true));
  return Array.from({ length: raw.length / 8 }, (_, i) => Number(view.getBigInt64(8 * i, true)));
}

/** A file `model.onnx` of exactly one node. */
export function readModel(file: Uint8Array): OnnxModel {
  let opset = 0;
  let graph: Uint8Array | undefined;
  for (const field of fields(file)) {
    if (field.number === 7) graph = field.bytes;
    if (field.number !== 8) continue;
    for (const inner of fields(field.bytes))
      if (inner.number === 2) opset = Math.max(opset, Number(inner.integer));
  }
  const nodes: Uint8Array[] = [];
  const graphInputs: string[] = [];
  const graphOutputs: string[] = [];
  for (const { number, bytes } of fields(graph ?? none)) {
    if (number === 1) nodes.push(bytes);
    if (number === 5) throw new Error("a model with initializers");
    if (number === 11) graphInputs.push(nameOf(bytes));
    if (number === 12) graphOutputs.push(nameOf(bytes));
  }
  if (nodes.length !== 1) throw new Error(`a model of ${nodes.length} nodes`);
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, OnnxAttribute>();
  let operator = "";
  for (const { number, bytes } of fields(nodes[0]!)) {
    if (number === 1) inputs.push(text.decode(bytes));
    if (number === 2) outputs.push(text.decode(bytes));
    if (number === 4) operator = text.decode(bytes);
    if (number === 5) attributes.set(nameOf(bytes), attributeOf(bytes));
  }
  return { opset, operator, inputs, outputs, attributes, graphInputs, graphOutputs };
}

function nameOf(bytes: Uint8Array): string {
  for (const field of fields(bytes)) if (field.number === 1) return text.decode(field.bytes);
  return "";
}

function attributeOf(bytes: Uint8Array): OnnxAttribute {
  const floats: number[] = [];
  const integers: number[] = [];
  const single: { float?: number; integer?: number; text?: string } = {};
  for (const field of fields(bytes)) {
    if (field.number === 2) single.float = floatsOf(field.bytes)[0]!;
    if (field.number === 3) single.integer = Number(field.integer);
    if (field.number === 4) single.text = text.decode(field.bytes);
    if (field.number === 7) floats.push(...floatsOf(field.bytes));
    if (field.number === 8) integers.push(...integersOf(field));
  }
  return { ...single, floats, integers };
}
