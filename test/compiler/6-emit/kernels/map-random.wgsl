// shader 0, grid 1 x 1 x 1, buffers: seed, slot 0
// P = 64 8 1 3

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<i32>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<f32>>;
fn philox_high(a: u32, b: u32) -> u32 {
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
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let v_1 = buffer0[0u];
let v_2 = buffer0[p2];
let v_3 = philox4(t, p3, vec2<u32>(u32(v_1), u32(v_2)));
buffer1[t] = v_3;
}
