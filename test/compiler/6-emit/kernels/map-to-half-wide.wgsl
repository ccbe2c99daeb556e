// shader 0, grid 1 x 1 x 1, buffers: x, slot 0
// P = 64 24 0 0

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<u32>;
fn half_bits4(x: vec4<f32>) -> vec4<u32> {
  let bits = bitcast<vec4<u32>>(x);
  let size = bits & vec4<u32>(0x7fffffffu);
  let plain = ((size + vec4<u32>(0xfffu) + ((size >> vec4<u32>(13u)) & vec4<u32>(1u))) >> vec4<u32>(13u)) - vec4<u32>(0x1c000u);
  let shift = clamp(vec4<u32>(126u) - (size >> vec4<u32>(23u)), vec4<u32>(1u), vec4<u32>(31u));
  let whole = (size & vec4<u32>(0x7fffffu)) | vec4<u32>(0x800000u);
  let small = (whole + (vec4<u32>(1u) << (shift - vec4<u32>(1u))) - vec4<u32>(1u) + ((whole >> shift) & vec4<u32>(1u))) >> shift;
  let finite = select(plain, small, size < vec4<u32>(0x38800000u));
  return select(finite, vec4<u32>(0x7c00u), size >= vec4<u32>(0x477ff000u)) | ((bits >> vec4<u32>(16u)) & vec4<u32>(0x8000u));
}
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let v_1 = buffer0[t];
let h_2 = half_bits4(v_1);
buffer1[t * 2u] = h_2.x | (h_2.y << 16u);
buffer1[t * 2u + 1u] = h_2.z | (h_2.w << 16u);
}
