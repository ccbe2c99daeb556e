// shader 0, grid 1 x 1 x 1, buffers: x, slot 0
// P = 64 10 4286578688 4 4 4286578688 4 4 4 4 0 0

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let t = id.x + id.y * P[0].x;
if (t >= P[0].y) { return; }
var s_1 = vec4<f32>(bitcast<f32>(P[0].z));
for (var c_2 = 0u; c_2 < P[0].w; c_2++) {
  let i_3 = t * P[1].x + c_2;
  let v_4 = buffer0[i_3];
  s_1 = max(s_1, v_4);
}
let f_5 = max(max(s_1.x, s_1.y), max(s_1.z, s_1.w));
var s_6 = vec4<f32>(0);
for (var c_7 = 0u; c_7 < P[1].z; c_7++) {
  let i_8 = t * P[1].w + c_7;
  let v_9 = buffer0[i_8];
  let v_10 = (v_9 - vec4<f32>(f_5));
  let v_11 = exp(v_10);
  s_6 += v_11;
}
let f_12 = (s_6.x + s_6.y) + (s_6.z + s_6.w);
for (var c_13 = 0u; c_13 < P[2].x; c_13++) {
  let i_14 = t * P[2].y + c_13;
  let v_15 = buffer0[i_14];
  let v_16 = (v_15 - vec4<f32>(f_5));
  let v_17 = exp(v_16);
  let v_18 = (v_17 / vec4<f32>(f_12));
  buffer1[i_14] = v_18;
}
}
