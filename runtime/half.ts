/** f32 ↔ f16 and bf16, rounded to nearest, ties to even (IEEE 754-2019, 4.3.1). */

const one = new Float32Array(1);
const oneBits = new Uint32Array(one.buffer);

/** Bits of the f16 nearest to `value`: overflow gives infinity, a NaN gives the quiet NaN of its sign. */
export function halfFromFloat(value: number): number {
  one[0] = value;
  const bits = oneBits[0] as number;
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00;
  // 65520 lies half way between the largest f16 and the next power of two.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) return sign | roundedShift(magnitude - 0x38000000, 13);
  // Below 2^-25 everything is nearer to zero; 2^-25 itself ties to it.
  if (magnitude <= 0x33000000) return sign;
  const exponent = magnitude >>> 23;
  return sign | roundedShift((magnitude & 0x7fffff) | 0x800000, 126 - exponent);
}

/** The values of all f16 bits, once they were asked for. */
let values: Float32Array | undefined;

/** The value of f16 bits; exact. */
export function floatFromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** Bits of the bf16 nearest to `value`. */
export function brainFromFloat(value: number): number {
  one[0] = value;
  const bits = oneBits[0] as number;
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40;
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

/** The value of bf16 bits; exact. */
export function floatFromBrain(brain: number): number {
  oneBits[0] = brain << 16;
  return one[0] as number;
}

/** f32 values → f16 bits. */
export function halvesFromFloats(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length);
  for (let index = 0; index < values.length; index += 1) {
    halves[index] = halfFromFloat(values[index] as number);
  }
  return halves;
}

/** f16 bits → f32 values. */
export function floatsFromHalves(halves: Uint16Array): Float32Array {
  values ??= Float32Array.from({ length: 65_536 }, (_, half) => floatFromHalf(half));
  const floats = new Float32Array(halves.length);
  for (let index = 0; index < halves.length; index += 1) {
    floats[index] = values[halves[index] as number] as number;
  }
  return floats;
}

function roundedShift(bits: number, shift: number): number {
  const kept = bits >>> shift;
  const rest = bits - kept * 2 ** shift;
  const middle = 2 ** (shift - 1);
  return rest > middle || (rest === middle && (kept & 1) === 1) ? kept + 1 : kept;
}
