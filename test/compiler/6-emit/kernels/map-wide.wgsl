// shader 0, grid 1 x 1 x 1, buffers: x, bias, slot 0
// P = 64 24 4 4

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
let i_3 = t_2 * p3 + t_1;
let v_4 = buffer0[i_3];
let v_5 = exp(v_4);
let v_6 = buffer1[t_1];
let v_7 = (v_5 + v_6);
buffer2[i_3] = v_7;
}
