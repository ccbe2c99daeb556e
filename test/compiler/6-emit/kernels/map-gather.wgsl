// shader 0, grid 1 x 1 x 1, buffers: ids, table, slot 0
// P = 2 5 8 2 2 0 0 0

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<i32>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<vec4<f32>>;
@compute @workgroup_size(4, 16, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
if (id.x >= p0 || id.y >= p1) { return; }
let v_2 = buffer0[id.y];
let q_1 = u32(clamp(v_2, 0, i32(p2)));
let i_3 = id.x + q_1 * p3;
let v_4 = buffer1[i_3];
let i_5 = id.y * p4 + id.x;
buffer2[i_5] = v_4;
}
