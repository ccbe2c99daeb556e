// shader 0, grid 1 x 1 x 1, buffers: x, fc.weight, fc.bias, slot 0
// P = 20 24 16 0 4 0 4 6

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> buffer2: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> buffer3: array<vec4<f32>>;
var<workgroup> a_tile: array<vec4<f32>, 272>;
var<workgroup> b_tile: array<vec4<f32>, 272>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
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
let depth = p2;
let m0 = group.x * 64u;
let n0 = group.y * 64u;
let down = thread >> 3u;
let across = thread & 7u;
let a_start = p3;
let b_start = p5;
var c0_0 = vec4<f32>();
var c0_1 = vec4<f32>();
var c1_0 = vec4<f32>();
var c1_1 = vec4<f32>();
var c2_0 = vec4<f32>();
var c2_1 = vec4<f32>();
var c3_0 = vec4<f32>();
var c3_1 = vec4<f32>();
var c4_0 = vec4<f32>();
var c4_1 = vec4<f32>();
var c5_0 = vec4<f32>();
var c5_1 = vec4<f32>();
var c6_0 = vec4<f32>();
var c6_1 = vec4<f32>();
var c7_0 = vec4<f32>();
var c7_1 = vec4<f32>();
for (var k0 = 0u; k0 < depth; k0 += 16u) {
  for (var item = thread; item < 256u; item += 64u) {
    let line = item / 4u;
    let k = (item % 4u) * 4u;
    let at_line = m0 + line;
    let at_k = k0 + k;
    var value = vec4<f32>();
    if (at_line < rows && at_k < depth) {
      value = buffer0[a_start + at_line * p4 + (at_k >> 2u) * 1u];
    }
    a_tile[k * 17u + (line >> 2u)][line & 3u] = f32(value.x);
    a_tile[(k + 1u) * 17u + (line >> 2u)][line & 3u] = f32(value.y);
    a_tile[(k + 2u) * 17u + (line >> 2u)][line & 3u] = f32(value.z);
    a_tile[(k + 3u) * 17u + (line >> 2u)][line & 3u] = f32(value.w);
  }
  for (var item = thread; item < 256u; item += 64u) {
    let line = item / 4u;
    let k = (item % 4u) * 4u;
    let at_line = n0 + line;
    let at_k = k0 + k;
    var value = vec4<f32>();
    if (at_line < columns && at_k < depth) {
      value = buffer1[b_start + at_line * p6 + (at_k >> 2u) * 1u];
    }
    b_tile[k * 17u + (line >> 2u)][line & 3u] = f32(value.x);
    b_tile[(k + 1u) * 17u + (line >> 2u)][line & 3u] = f32(value.y);
    b_tile[(k + 2u) * 17u + (line >> 2u)][line & 3u] = f32(value.z);
    b_tile[(k + 3u) * 17u + (line >> 2u)][line & 3u] = f32(value.w);
  }
  workgroupBarrier();
  for (var k = 0u; k < 16u; k++) {
    let a0 = a_tile[k * 17u + down + 0u];
    let a1 = a_tile[k * 17u + down + 8u];
    let b0 = b_tile[k * 17u + across + 0u];
    let b1 = b_tile[k * 17u + across + 8u];
    c0_0 = fma(vec4<f32>(a0.x), b0, c0_0);
    c0_1 = fma(vec4<f32>(a0.x), b1, c0_1);
    c1_0 = fma(vec4<f32>(a0.y), b0, c1_0);
    c1_1 = fma(vec4<f32>(a0.y), b1, c1_1);
    c2_0 = fma(vec4<f32>(a0.z), b0, c2_0);
    c2_1 = fma(vec4<f32>(a0.z), b1, c2_1);
    c3_0 = fma(vec4<f32>(a0.w), b0, c3_0);
    c3_1 = fma(vec4<f32>(a0.w), b1, c3_1);
    c4_0 = fma(vec4<f32>(a1.x), b0, c4_0);
    c4_1 = fma(vec4<f32>(a1.x), b1, c4_1);
    c5_0 = fma(vec4<f32>(a1.y), b0, c5_0);
    c5_1 = fma(vec4<f32>(a1.y), b1, c5_1);
    c6_0 = fma(vec4<f32>(a1.z), b0, c6_0);
    c6_1 = fma(vec4<f32>(a1.z), b1, c6_1);
    c7_0 = fma(vec4<f32>(a1.w), b0, c7_0);
    c7_1 = fma(vec4<f32>(a1.w), b1, c7_1);
  }
  workgroupBarrier();
}
var sums = array<vec4<f32>, 16>(c0_0, c0_1, c1_0, c1_1, c2_0, c2_1, c3_0, c3_1, c4_0, c4_1, c5_0, c5_1, c6_0, c6_1, c7_0, c7_1);
for (var i = 0u; i < 16u; i++) {
  let r = i / 2u;
  let m = m0 + (r >> 2u) * 32u + down * 4u + (r & 3u);
  let first = n0 + (i % 2u) * 32u + across * 4u;
  if (m >= rows || first >= columns) { continue; }
  let n4 = first >> 2u;
  let product = sums[i];
  let v_1 = buffer2[n4];
  let v_2 = (product + v_1);
  let i_3 = m * p7 + n4;
  buffer3[i_3] = v_2;
}
}
