// shader 0, grid 1 x 1 x 1, buffers: x, slot 0
// P = 64 24 0 0

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<f32>>;
fn erf4(v: vec4<f32>) -> vec4<f32> {
  let x = clamp(v, vec4<f32>(-4.0), vec4<f32>(4.0));
  let y = x * x;
  var p = y * -2.72614225801306e-10 + 2.77068142495902e-8;
  p = p * y - 2.10102402082508e-6;
  p = p * y - 5.69250639462346e-5;
  p = p * y - 7.34990630326855e-4;
  p = p * y - 2.954600e-3;
  p = p * y - 1.60960333262415e-2;
  var q = y * -1.45660718464996e-5 - 2.13374055278905e-4;
  q = q * y - 1.68282697438203e-3;
  q = q * y - 7.37332916720468e-3;
  q = q * y - 1.42647390514189e-2;
  return x * p / q;
}
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let v_1 = buffer0[t];
let v_2 = erf4(v_1);
buffer1[t] = v_2;
}
