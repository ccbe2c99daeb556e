// shader 0, grid 1 x 1 x 1, buffers: x, slot 0
// P = 64 10 4286578688 4 4 4286578688 4 4 4 4 0 0

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
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
let t = id.x + id.y * p0;
if (t >= p1) { return; }
var s_1 = vec4<f32>(bitcast<f32>(p2));
let i_3 = t * p4;
for (var c_2 = 0u; c_2 < p3; c_2++) {
  let i_4 = i_3 + c_2;
  let v_5 = buffer0[i_4];
  s_1 = max(s_1, v_5);
}
let f_6 = max(max(s_1.x, s_1.y), max(s_1.z, s_1.w));
var s_7 = vec4<f32>(0);
let i_9 = t * p7;
for (var c_8 = 0u; c_8 < p6; c_8++) {
  let i_10 = i_9 + c_8;
  let v_11 = buffer0[i_10];
  let v_12 = (v_11 - vec4<f32>(f_6));
  let v_13 = exp(v_12);
  s_7 += v_13;
}
let f_14 = (s_7.x + s_7.y) + (s_7.z + s_7.w);
let i_16 = t * p9;
for (var c_15 = 0u; c_15 < p8; c_15++) {
  let i_17 = i_16 + c_15;
  let v_18 = buffer0[i_17];
  let v_19 = (v_18 - vec4<f32>(f_6));
  let v_20 = exp(v_19);
  let v_21 = (v_20 / vec4<f32>(f_14));
  buffer1[i_17] = v_21;
}
}
