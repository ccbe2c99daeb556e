/** WGSL functions that kernels may call; each is printed only where it is called. */

/** erf as x P(x²) / Q(x²) on [-4, 4], the fit used by Eigen and XLA; error below 3e-7. */
const erf = (name: string, type: string) => `fn ${name}(v: ${type}) -> ${type} {
  let x = clamp(v, ${type}(-4.0), ${type}(4.0));
  let y = x * x;
  var p = y * -2.72614225801306e-10 + 2.77068142495902e-8;
  p = p * y - 2.10102402082508e-6;
  p = p * y - 5.69250639462346e-5;
  p = p * y - 7.34990630326855e-4;
  p = p * y - 2.954600e-3;
  p = p * y - 1.60960333262415e-2;
  var q = y * -1.45660718464996e-5 - 2.13374055278905e-4;
  q = q * y - 1.68282697438203e-3;
  q = q * y - 7.37332916720468e-3;
  q = q * y - 1.42647390514189e-2;
  return x * p / q;
}
`;

/** Philox4x32-10; the high half of a product from 16-bit parts. */
const philox = `fn philox_high(a: u32, b: u32) -> u32 {
  let al = a & 0xffffu;
  let ah = a >> 16u;
  let bl = b & 0xffffu;
  let bh = b >> 16u;
  let m = ah * bl + ((al * bl) >> 16u);
  let n = al * bh + (m & 0xffffu);
  return ah * bh + (m >> 16u) + (n >> 16u);
}
fn philox4(block: u32, stream: u32, seed: vec2<u32>) -> vec4<f32> {
  var c = vec4<u32>(block, stream, 0u, 0u);
  var k = seed;
  for (var round = 0u; round < 10u; round++) {
    let h0 = philox_high(0xd2511f53u, c.x);
    let h1 = philox_high(0xcd9e8d57u, c.z);
    c = vec4<u32>(h1 ^ c.y ^ k.x, 0xcd9e8d57u * c.z, h0 ^ c.w ^ k.y, 0xd2511f53u * c.x);
    k = k + vec2<u32>(0x9e3779b9u, 0xbb67ae85u);
  }
  return vec4<f32>(c >> vec4<u32>(8u)) * 5.9604644775390625e-8;
}
`;

/**
 * Bits of the nearest f16, ties to even, below 2^-14 in steps of 2^-24; a NaN becomes infinite, which is not finite either.
 * By integers, since WGSL leaves it to the driver how conversions round and what becomes of numbers beyond f16.
 */
const halfBits = (
  name: string,
  float: string,
  word: string,
) => `fn ${name}(x: ${float}) -> ${word} {
  let bits = bitcast<${word}>(x);
  let size = bits & ${word}(0x7fffffffu);
  let plain = ((size + ${word}(0xfffu) + ((size >> ${word}(13u)) & ${word}(1u))) >> ${word}(13u)) - ${word}(0x1c000u);
  let shift = clamp(${word}(126u) - (size >> ${word}(23u)), ${word}(1u), ${word}(31u));
  let whole = (size & ${word}(0x7fffffu)) | ${word}(0x800000u);
  let small = (whole + (${word}(1u) << (shift - ${word}(1u))) - ${word}(1u) + ((whole >> shift) & ${word}(1u))) >> shift;
  let finite = select(plain, small, size < ${word}(0x38800000u));
  return select(finite, ${word}(0x7c00u), size >= ${word}(0x477ff000u)) | ((bits >> ${word}(16u)) & ${word}(0x8000u));
}
`;

const half1 = `fn half1(x: f32) -> f32 {
  return unpack2x16float(half_bits1(x)).x;
}
`;

const half4 = `fn half4(x: vec4<f32>) -> vec4<f32> {
  let h = half_bits4(x);
  return vec4<f32>(unpack2x16float(h.x | (h.y << 16u)), unpack2x16float(h.z | (h.w << 16u)));
}
`;

const functions: readonly { readonly call: string; readonly text: string }[] = [
  { call: "erf1(", text: erf("erf1", "f32") },
  { call: "erf4(", text: erf("erf4", "vec4<f32>") },
  { call: "philox4(", text: philox },
  { call: "half1(", text: half1 },
  { call: "half4(", text: half4 },
];

/** Those that others call too. */
const inner: typeof functions = [
  { call: "half_bits1(", text: halfBits("half_bits1", "f32", "u32") },
  { call: "half_bits4(", text: halfBits("half_bits4", "vec4<f32>", "vec4<u32>") },
];

/** The functions that `body` calls. */
export function preludeOf(body: string): string {
  const called = (from: typeof functions, text: string) =>
    from
      .filter(({ call }) => text.includes(call))
      .map(({ text: own }) => own)
      .join("");
  const outer = called(functions, body);
  return called(inner, body + outer) + outer;
}
