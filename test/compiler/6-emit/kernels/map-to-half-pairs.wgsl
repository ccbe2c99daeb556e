// shader 0, grid 1 x 1 x 1, buffers: x, slot 0
// P = 64 8 14 0

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<u32>;
fn half_bits1(x: f32) -> u32 {
  let bits = bitcast<u32>(x);
  let size = bits & u32(0x7fffffffu);
  let plain = ((size + u32(0xfffu) + ((size >> u32(13u)) & u32(1u))) >> u32(13u)) - u32(0x1c000u);
  let shift = clamp(u32(126u) - (size >> u32(23u)), u32(1u), u32(31u));
  let whole = (size & u32(0x7fffffu)) | u32(0x800000u);
  let small = (whole + (u32(1u) << (shift - u32(1u))) - u32(1u) + ((whole >> shift) & u32(1u))) >> shift;
  let finite = select(plain, small, size < u32(0x38800000u));
  return select(finite, u32(0x7c00u), size >= u32(0x477ff000u)) | ((bits >> u32(16u)) & u32(0x8000u));
}
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
var bits0 = vec2<u32>();
var word0 = 0u;
for (var q = 0u; q < 2u; q++) {
  let flat = min(t * 2u + q, p2);
  let v_1 = buffer0[flat];
  let v_2 = exp(v_1);
  bits0[q] = half_bits1(v_2);
  if (q == 0u) { word0 = (flat) >> 1u; }
}
buffer1[word0] = bits0.x | (bits0.y << 16u);
}
