// shader 0, grid 1 x 1 x 1, buffers: x, slot 0
// P = 64 10 4286578688 7 7 0 0 0

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<i32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
var s_1 = f32(bitcast<f32>(p2));
var s_1_at = 0;
let i_3 = t * p4;
for (var c_2 = 0u; c_2 < p3; c_2++) {
  let i_4 = i_3 + c_2;
  let v_5 = buffer0[i_4];
  if (v_5 > s_1) { s_1 = v_5; s_1_at = i32(c_2); }
}
buffer1[t] = s_1_at;
}
