// shader 0, grid 1 x 1 x 1, buffers: w, slot 0
// P = 64 6 0 0

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<u32>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let v_1 = unpack2x16float(buffer0[(t) >> 1u])[(t) & 1u];
let v_2 = (-v_1);
buffer1[t] = v_2;
}
