// shader 0, grid 2 x 1 x 1, buffers: x, slot 2
// P = 128 80 0 0
// shader 0, grid 2 x 1 x 1, buffers: y, slot 1
// P = 128 96 0 0
// shader 1, grid 1 x 1 x 1, buffers: slot 2, slot 1, slot 0
// P = 20 24 16 0 4 0 6 24

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

// shader 1
enable f16;
enable chromium_experimental_subgroup_matrix;
diagnostic(off, chromium.subgroup_matrix_uniformity);
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<u32>;
@group(0) @binding(2) var<storage, read> buffer1: array<u32>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<f32>;
var<workgroup> a_tile: array<vec4<f16>, 640>;
var<workgroup> b_tile: array<vec4<f16>, 576>;
var<workgroup> strip: array<f32, 2048>;
@compute @workgroup_size(128, 1, 1)
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
let subgroup = thread / 32u;
let row0 = (subgroup >> 1u) * 32u;
let column0 = (subgroup & 1u) * 32u;
let a_start = p3;
let b_start = p5;
var c0_0: subgroup_matrix_result<f32, 16, 16>;
var c0_1: subgroup_matrix_result<f32, 16, 16>;
var c1_0: subgroup_matrix_result<f32, 16, 16>;
var c1_1: subgroup_matrix_result<f32, 16, 16>;
for (var k0 = 0u; k0 < depth; k0 += 32u) {
  for (var item = thread; item < 512u; item += 128u) {
    let line = item / 8u;
    let k = (item % 8u) * 4u;
    let at_line = m0 + line;
    let at_k = k0 + k;
    var value = vec4<f32>();
    if (at_line < rows && at_k < depth) {
      value = vec4<f32>(unpack2x16float(buffer0[(a_start + at_line * p4 + (at_k >> 2u) * 1u) * 2u]), unpack2x16float(buffer0[(a_start + at_line * p4 + (at_k >> 2u) * 1u) * 2u + 1u]));
    }
    a_tile[line * 10u + (k >> 2u)] = vec4<f16>(value);
  }
  for (var item = thread; item < 512u; item += 128u) {
    let line = (item % 16u) * 4u;
    let k = item / 16u;
    let at_line = n0 + line;
    let at_k = k0 + k;
    var value = vec4<f32>();
    if (at_line < columns && at_k < depth) {
      value = vec4<f32>(unpack2x16float(buffer1[(b_start + (at_line >> 2u) * 1u + at_k * p6) * 2u]), unpack2x16float(buffer1[(b_start + (at_line >> 2u) * 1u + at_k * p6) * 2u + 1u]));
    }
    b_tile[k * 18u + (line >> 2u)] = vec4<f16>(value);
  }
  workgroupBarrier();
  for (var k = 0u; k < 32u; k += 16u) {
    let a0 = subgroupMatrixLoad<subgroup_matrix_left<f16, 16, 16>, row_major>(&a_tile, (row0 + 0u) * 10u + (k >> 2u), 10u);
    let a1 = subgroupMatrixLoad<subgroup_matrix_left<f16, 16, 16>, row_major>(&a_tile, (row0 + 16u) * 10u + (k >> 2u), 10u);
    let b0 = subgroupMatrixLoad<subgroup_matrix_right<f16, 16, 16>, row_major>(&b_tile, k * 18u + ((column0 + 0u) >> 2u), 18u);
    let b1 = subgroupMatrixLoad<subgroup_matrix_right<f16, 16, 16>, row_major>(&b_tile, k * 18u + ((column0 + 16u) >> 2u), 18u);
    c0_0 = subgroupMatrixMultiplyAccumulate(a0, b0, c0_0);
    c0_1 = subgroupMatrixMultiplyAccumulate(a0, b1, c0_1);
    c1_0 = subgroupMatrixMultiplyAccumulate(a1, b0, c1_0);
    c1_1 = subgroupMatrixMultiplyAccumulate(a1, b1, c1_1);
  }
  workgroupBarrier();
}
let strip0 = (subgroup >> 1u) * 1024u + column0;
for (var s = 0u; s < 2u; s++) {
  if (s == 0u) {
    subgroupMatrixStore<row_major>(&strip, strip0 + 0u, c0_0, 64u);
    subgroupMatrixStore<row_major>(&strip, strip0 + 16u, c0_1, 64u);
  }
  if (s == 1u) {
    subgroupMatrixStore<row_major>(&strip, strip0 + 0u, c1_0, 64u);
    subgroupMatrixStore<row_major>(&strip, strip0 + 16u, c1_1, 64u);
  }
  workgroupBarrier();
  for (var i = thread; i < 2048u; i += 128u) {
    let line = i / 64u;
    let m = m0 + line / 16u * 32u + s * 16u + line % 16u;
    let n = n0 + i % 64u;
    if (m >= rows || n >= columns) { continue; }
    let product = strip[i];
    let i_1 = m * p7 + n;
    buffer2[i_1] = product;
  }
  workgroupBarrier();
}
}
