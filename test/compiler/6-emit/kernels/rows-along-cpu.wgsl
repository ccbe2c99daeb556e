// shader 0, grid 1 x 1 x 1, buffers: x, slot 0
// P = 64 10 10 4286578688 4 0 0 4 4286578688 4 0 0 4 4 0 0 4 0 0 4

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 5>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<f32>>;
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
let p14 = P[3].z;
let p15 = P[3].w;
let p16 = P[4].x;
let p17 = P[4].y;
let p18 = P[4].z;
let p19 = P[4].w;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = vec4<f32>(bitcast<f32>(p3));
let i_5 = p5 + t_2 * p6 + t_1 * p7;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4;
  let v_7 = buffer0[i_6];
  s_3 = max(s_3, v_7);
}
let f_8 = max(max(s_3.x, s_3.y), max(s_3.z, s_3.w));
var s_9 = vec4<f32>(0);
let i_11 = p10 + t_2 * p11 + t_1 * p12;
for (var c_10 = 0u; c_10 < p9; c_10++) {
  let i_12 = i_11 + c_10;
  let v_13 = buffer0[i_12];
  let v_14 = (v_13 - vec4<f32>(f_8));
  let v_15 = exp(v_14);
  s_9 += v_15;
}
let f_16 = (s_9.x + s_9.y) + (s_9.z + s_9.w);
let i_18 = p14 + t_2 * p15 + t_1 * p16;
let i_24 = p17 + t_2 * p18 + t_1 * p19;
for (var c_17 = 0u; c_17 < p13; c_17++) {
  let i_19 = i_18 + c_17;
  let v_20 = buffer0[i_19];
  let v_21 = (v_20 - vec4<f32>(f_8));
  let v_22 = exp(v_21);
  let v_23 = (v_22 / vec4<f32>(f_16));
  let i_25 = i_24 + c_17;
  buffer1[i_25] = v_23;
}
}
