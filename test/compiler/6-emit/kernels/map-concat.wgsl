// shader 0, grid 1 x 1 x 1, buffers: x, y, slot 0
// P = 1 5 2 4294967294

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<vec4<f32>>;
@compute @workgroup_size(4, 16, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
if (id.x >= p0 || id.y >= p1) { return; }
let i_1 = id.y + id.x;
let v_2 = buffer0[i_1];
let i_3 = p3 + id.y + id.x;
let v_4 = buffer1[i_3];
let v_5 = select(v_4, v_2, (id.y) < p2);
buffer2[i_1] = v_5;
}
