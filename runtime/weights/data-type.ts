/** The element types of the safetensors format and their sizes. */

/** Bytes of one element, by the name the format gives the type. */
export const bytesOfDataType = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E5M2: 1,
  F8_E4M3: 1,
  F8_E8M0: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  C64: 8,
  F64: 8,
  I64: 8,
  U64: 8,
} as const satisfies Readonly<Record<string, number>>;

/** An element type of the format. */
export type DataType = keyof typeof bytesOfDataType;

/** True for a name that the format knows; `toString` and its like are not among them. */
export function isDataType(name: string): name is DataType {
  return Object.hasOwn(bytesOfDataType, name);
}

/** How many elements a shape has; undefined where a running product passes 2^53 - 1. */
export function elementsOf(shape: readonly number[]): number | undefined {
  let elements = 1;
  for (const size of shape) {
    elements *= size;
    if (!Number.isSafeInteger(elements)) return undefined;
  }
  return elements;
}
