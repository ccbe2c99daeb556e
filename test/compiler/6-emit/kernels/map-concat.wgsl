// shader 0, grid 1 x 1 x 1, buffers: x, y, slot 0
// P = 1 5 2 1 4294967294 2 0 0

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<vec4<f32>>;
@compute @workgroup_size(4, 16, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
if (id.x >= p0 || id.y >= p1) { return; }
let q_1 = min(id.y, p3);
let i_2 = id.x + q_1;
let v_3 = buffer0[i_2];
let i_5 = p4 + id.y;
let q_4 = min(i_5, p5);
let i_6 = id.x + q_4;
let v_7 = buffer1[i_6];
let v_8 = select(v_7, v_3, (id.y) < p2);
let i_9 = id.y + id.x;
buffer2[i_9] = v_8;
}
