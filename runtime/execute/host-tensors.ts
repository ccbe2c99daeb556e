/** Tensors on the host's side: typed arrays ↔ the device's bytes. */
import type { StorageType, TensorSlot } from "../../compiler/program.ts";
import { invariant } from "../device/errors.ts";
import { floatsFromHalves, halvesFromFloats } from "../half.ts";
import { bytesOf } from "./check-program.ts";

/** Values of one tensor, row-major; f16 tensors travel as f32. */
export type HostTensor =
  | Float32Array<ArrayBufferLike>
  | Int32Array<ArrayBufferLike>
  | Uint32Array<ArrayBufferLike>;

/** Tensors by name. */
export type HostTensors = Readonly<Record<string, HostTensor>>;

const arrayOf = { f32: "Float32Array", f16: "Float32Array", i32: "Int32Array", u32: "Uint32Array" };

function kindOf(tensor: HostTensor): string {
  if (tensor instanceof Float32Array) return "Float32Array";
  return tensor instanceof Int32Array ? "Int32Array" : "Uint32Array";
}

/**
 * Checks that exactly the inputs of a program are there, each of its type and length.
 * @throws `InvariantError` naming the input
 */
export function checkInputs(slots: readonly TensorSlot[], inputs: HostTensors): void {
  for (const { name, shape, type } of slots) {
    const tensor = Object.hasOwn(inputs, name) ? inputs[name] : undefined;
    invariant(tensor !== undefined, `input "${name}" is missing`);
    const kind = kindOf(tensor);
    invariant(kind === arrayOf[type], `input "${name}" takes a ${arrayOf[type]}, not a ${kind}`);
    const elements = shape.reduce((product, size) => product * size, 1);
    invariant(
      tensor.length === elements,
      `input "${name}" takes ${elements} values (${type}[${shape.join(",")}]), not ${tensor.length}`,
    );
  }
  for (const name of Object.keys(inputs)) {
    const isKnown = slots.some((slot) => slot.name === name);
    invariant(isKnown, `input "${name}" is none of the program's`);
  }
}

/** A tensor's bytes as the device stores them; their number is a multiple of 4. */
export function deviceBytes(tensor: HostTensor, type: StorageType): Uint8Array<ArrayBuffer> {
  if (type === "f16" && tensor instanceof Float32Array) {
    const bytes = new Uint8Array(bytesOf([tensor.length], "f16"));
    const halves = halvesFromFloats(tensor);
    bytes.set(new Uint8Array(halves.buffer, 0, halves.byteLength));
    return bytes;
  }
  const { buffer, byteOffset, byteLength } = tensor;
  return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
}

/** The values of a tensor from its bytes on the device. */
export function hostTensor(bytes: ArrayBuffer, slot: TensorSlot): HostTensor {
  const elements = slot.shape.reduce((product, size) => product * size, 1);
  switch (slot.type) {
    case "f32":
      return new Float32Array(bytes, 0, elements);
    case "i32":
      return new Int32Array(bytes, 0, elements);
    case "u32":
      return new Uint32Array(bytes, 0, elements);
    case "f16":
      return floatsFromHalves(new Uint16Array(bytes, 0, elements));
  }
}
