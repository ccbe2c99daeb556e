/** A WebAssembly module that multiplies and adds in SIMD registers; assembled by hand, so that no compiler is needed. */

const accumulators = 12;

/** Floating-point operations of one turn of the module's loop. */
export const flopPerTurn = accumulators * 4 * 2;

const i32 = 0x7f;
const f32 = 0x7d;
const v128 = 0x7b;
const end = 0x0b;
const localGet = (index: number) => [0x20, index];
const localSet = (index: number) => [0x21, index];
const multiply = [0xfd, 0xe6, 0x01];
const add = [0xfd, 0xe4, 0x01];

function splat(value: number): number[] {
  return [0x43, ...new Uint8Array(Float32Array.of(value).buffer), 0xfd, 0x13];
}

function sized(content: readonly number[]): number[] {
  const length: number[] = [];
  for (let rest = content.length; ; rest >>>= 7) {
    length.push(rest > 127 ? (rest & 127) | 128 : rest);
    if (rest <= 127) return [...length, ...content];
  }
}

/** The module; it exports `run(turns: i32) → f32`. */
export function wasmModule(): Uint8Array<ArrayBuffer> {
  const own = Array.from({ length: accumulators }, (_, i) => i + 1);
  const factor = accumulators + 1;
  const offset = accumulators + 2;
  const body = [
    ...[1, accumulators + 2, v128],
    ...own.flatMap((index) => [...splat(index / 16), ...localSet(index)]),
    ...[...splat(0.999), ...localSet(factor), ...splat(0.0005), ...localSet(offset)],
    ...[0x03, 0x40],
    ...own.flatMap((index) => [
      ...[...localGet(index), ...localGet(factor), ...multiply],
      ...[...localGet(offset), ...add, ...localSet(index)],
    ]),
    // turns -= 1, again while there are some
    ...[...localGet(0), 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0, end],
    ...localGet(1),
    ...own.slice(1).flatMap((index) => [...localGet(index), ...add]),
    ...[0xfd, 0x1f, 0, end],
  ];
  const section = (id: number, content: readonly number[]) => [id, ...sized(content)];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 1, i32, 1, f32]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...sized([..."run"].map((letter) => letter.charCodeAt(0))), 0, 0]),
    ...section(10, [1, ...sized(body)]),
  ]);
}
