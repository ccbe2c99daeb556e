// shader 0, grid 1 x 1 x 1, buffers: x, bias, slot 0
// P = 6 4 0 0

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<vec4<f32>>;
@compute @workgroup_size(4, 16, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
if (id.y >= p0) { return; }
let i_1 = id.y * p1 + id.x;
let v_2 = buffer0[i_1];
let v_3 = exp(v_2);
let v_4 = buffer1[id.x];
let v_5 = (v_3 + v_4);
buffer2[i_1] = v_5;
}
