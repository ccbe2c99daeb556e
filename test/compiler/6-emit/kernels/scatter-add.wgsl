// shader 0, grid 1 x 1 x 1, buffers: ids, slot 1, slot 2
// P = 64 9 5 9 8 8 8 0
// shader 1, grid 1 x 2 x 1, buffers: slot 1, g, slot 2, slot 0
// P = 9 8 8 0

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<i32>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<u32>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<u32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let count = p2;
var other = 0u;
if (t < p3) {
  var first = 0xffffffffu;
  for (var j = 0u; j < count; j++) {
     {
      let v_1 = buffer0[j];
      other = u32(clamp(v_1, 0, i32(p4)));
      if (other == t) { first = j; }
    }
    if (first != 0xffffffffu) { break; }
  }
  buffer1[t] = first;
}
if (t < count) {
  var own = 0u;
   {
    let v_2 = buffer0[t];
    own = u32(clamp(v_2, 0, i32(p5)));
  }
  var following = 0xffffffffu;
  for (var j = t + 1u; j < count; j++) {
     {
      let v_3 = buffer0[j];
      other = u32(clamp(v_3, 0, i32(p6)));
      if (other == own) { following = j; }
    }
    if (following != 0xffffffffu) { break; }
  }
  buffer2[t] = following;
}
}

// shader 1
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<u32>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read> buffer2: array<u32>;
@group(0) @binding(4) var<storage, read_write> buffer3: array<f32>;
@compute @workgroup_size(8, 8, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
if (id.y >= p0) { return; }
var sum = 0.0;
var j = buffer0[id.y];
while (j != 0xffffffffu) {
  let i_1 = id.x + j * p1;
  let v_2 = buffer1[i_1];
  sum += v_2;
  j = buffer2[j];
}
buffer3[id.y * p2 + id.x] = sum;
}
