// shader 0, grid 1 x 1 x 1, buffers: x, slot 0
// P = 64 10 10 4286578688 7 0 0 7 0 0 0 0 0 1 0 0

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 4>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<i32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let p10 = P[2].z;
let p11 = P[2].w;
let p12 = P[3].x;
let p13 = P[3].y;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = f32(bitcast<f32>(p3));
var s_3_at = 0;
let i_5 = p5 + t_2 * p6 + t_1 * p7;
let i_8 = p8 + t_2 * p9 + t_1 * p10;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4;
  let v_7 = buffer0[i_6];
  let i_9 = i_8 + c_4;
  if (v_7 > s_3) { s_3 = v_7; s_3_at = i32(i_9); }
}
let i_10 = p11 + t_2 * p12 + t_1 * p13;
buffer1[i_10] = s_3_at;
}
