// shader 0, grid 1 x 1 x 1, buffers: x, fc.weight, fc.bias, slot 0
// P = 20 24 0 16 0 16 16 6

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> buffer2: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> buffer3: array<vec4<f32>>;
@compute @workgroup_size(8, 8, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_id) local: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let rows = p0;
let columns = p1;
let m0 = (group.x * 8u + local.y) * 4u;
let n0 = (group.y * 8u + local.x) * 4u;
let a_start = p2;
let b_start = p4;
let a_line0 = a_start + (min(m0 + 0u, rows - 1u)) * p3;
let a_line1 = a_start + (min(m0 + 1u, rows - 1u)) * p3;
let a_line2 = a_start + (min(m0 + 2u, rows - 1u)) * p3;
let a_line3 = a_start + (min(m0 + 3u, rows - 1u)) * p3;
let b_line0 = b_start + (min(n0 + 0u, columns - 1u)) * p5;
let b_line1 = b_start + (min(n0 + 1u, columns - 1u)) * p5;
let b_line2 = b_start + (min(n0 + 2u, columns - 1u)) * p5;
let b_line3 = b_start + (min(n0 + 3u, columns - 1u)) * p5;
var c0 = vec4<f32>();
var c1 = vec4<f32>();
var c2 = vec4<f32>();
var c3 = vec4<f32>();
for (var k = 0u; k < p6; k += 4u) {
  let a0 = buffer0[(a_line0 + k) >> 2u];
  let a1 = buffer0[(a_line1 + k) >> 2u];
  let a2 = buffer0[(a_line2 + k) >> 2u];
  let a3 = buffer0[(a_line3 + k) >> 2u];
  let w0 = buffer1[(b_line0 + k) >> 2u];
  let w1 = buffer1[(b_line1 + k) >> 2u];
  let w2 = buffer1[(b_line2 + k) >> 2u];
  let w3 = buffer1[(b_line3 + k) >> 2u];
  let b0 = vec4<f32>(w0.x, w1.x, w2.x, w3.x);
  let b1 = vec4<f32>(w0.y, w1.y, w2.y, w3.y);
  let b2 = vec4<f32>(w0.z, w1.z, w2.z, w3.z);
  let b3 = vec4<f32>(w0.w, w1.w, w2.w, w3.w);
  c0 = fma(vec4<f32>(a0.x), b0, c0);
  c0 = fma(vec4<f32>(a0.y), b1, c0);
  c0 = fma(vec4<f32>(a0.z), b2, c0);
  c0 = fma(vec4<f32>(a0.w), b3, c0);
  c1 = fma(vec4<f32>(a1.x), b0, c1);
  c1 = fma(vec4<f32>(a1.y), b1, c1);
  c1 = fma(vec4<f32>(a1.z), b2, c1);
  c1 = fma(vec4<f32>(a1.w), b3, c1);
  c2 = fma(vec4<f32>(a2.x), b0, c2);
  c2 = fma(vec4<f32>(a2.y), b1, c2);
  c2 = fma(vec4<f32>(a2.z), b2, c2);
  c2 = fma(vec4<f32>(a2.w), b3, c2);
  c3 = fma(vec4<f32>(a3.x), b0, c3);
  c3 = fma(vec4<f32>(a3.y), b1, c3);
  c3 = fma(vec4<f32>(a3.z), b2, c3);
  c3 = fma(vec4<f32>(a3.w), b3, c3);
}
if (n0 >= columns || m0 >= rows) { return; }
var tile = array<vec4<f32>, 4>(c0, c1, c2, c3);
let below = min(4u, rows - m0);
for (var r = 0u; r < below; r++) {
  let m = m0 + r;
  let n4 = n0 >> 2u;
  let product = tile[r];
  let v_1 = buffer2[n4];
  let v_2 = (product + v_1);
  let i_3 = m * p7 + n4;
  buffer3[i_3] = v_2;
}
}
