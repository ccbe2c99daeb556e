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

const functions: readonly { readonly call: string; readonly text: string }[] = [
  { call: "erf1(", text: erf("erf1", "f32") },
  { call: "erf4(", text: erf("erf4", "vec4<f32>") },
  { call: "philox4(", text: philox },
];

/** The functions that `body` calls. */
export function preludeOf(body: string): string {
  return functions
    .filter(({ call }) => body.includes(call))
    .map(({ text }) => text)
    .join("");
}
