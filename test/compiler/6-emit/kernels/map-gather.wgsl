// shader 0, grid 1 x 1 x 1, buffers: ids, table, slot 0
// P = 64 10 2 8 2 2 0 0

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<i32>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
let v_4 = buffer0[t_2];
let q_3 = u32(clamp(v_4, 0, i32(p3)));
let i_5 = t_1 + q_3 * p4;
let v_6 = buffer1[i_5];
let i_7 = t_2 * p5 + t_1;
buffer2[i_7] = v_6;
}
