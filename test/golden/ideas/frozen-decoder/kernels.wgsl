// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 5>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let t = id.x + id.y * P[0].x;
if (t >= P[0].y) { return; }
let t_1 = t % P[0].z;
let t_2 = t / P[0].z;
let t_3 = t_2 % P[0].w;
let t_4 = t_2 / P[0].w;
let t_5 = t_4 % P[1].x;
let t_6 = t_4 / P[1].x;
let t_7 = t_6 % P[1].y;
let t_8 = t_6 / P[1].y;
let t_9 = t_8 % P[1].z;
let t_10 = t_8 / P[1].z;
let i_11 = t_10 * P[1].w + t_9 * P[2].x + t_7 * P[2].y + t_5 * P[2].z + t_3 * P[2].w + t_1;
let v_12 = buffer0[i_11];
let i_13 = t_10 * P[3].x + t_9 * P[3].y + t_7 * P[3].z + t_5 * P[3].w + t_3 * P[4].x + t_1;
buffer1[i_13] = v_12;
}

// shader 1
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let t = id.x + id.y * P[0].x;
if (t >= P[0].y) { return; }
var s_1 = vec4<f32>(0);
for (var c_2 = 0u; c_2 < P[0].w; c_2++) {
  let i_3 = t * P[1].x + c_2;
  let v_4 = buffer0[i_3];
  s_1 += v_4;
}
let f_5 = (s_1.x + s_1.y) + (s_1.z + s_1.w);
var s_6 = vec4<f32>(0);
let v_10 = bitcast<f32>(P[2].x);
let v_11 = (f_5 * v_10);
for (var c_7 = 0u; c_7 < P[1].z; c_7++) {
  let i_8 = t * P[1].w + c_7;
  let v_9 = buffer0[i_8];
  let v_12 = (v_9 - vec4<f32>(v_11));
  let v_13 = (v_12 * v_12);
  s_6 += v_13;
}
let f_14 = (s_6.x + s_6.y) + (s_6.z + s_6.w);
let v_15 = (f_14 * v_10);
let v_16 = bitcast<f32>(P[2].y);
let v_17 = (v_15 + v_16);
let v_18 = sqrt(v_17);
buffer1[t] = v_11;
buffer2[t] = v_18;
}

// shader 2
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read> buffer2: array<f32>;
@group(0) @binding(4) var<storage, read> buffer3: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> buffer4: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> buffer5: array<vec4<f32>>;
@compute @workgroup_size(4, 16, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
if (id.x >= P[0].x || id.y >= P[0].y) { return; }
let i_1 = id.y * P[0].z + id.x;
let v_2 = buffer0[i_1];
let v_3 = buffer1[id.y];
let v_4 = (v_2 - vec4<f32>(v_3));
let v_5 = buffer2[id.y];
let v_6 = (v_4 / vec4<f32>(v_5));
let v_7 = buffer3[id.x];
let v_8 = (v_6 * v_7);
let v_9 = buffer4[id.x];
let v_10 = (v_8 + v_9);
let i_11 = id.z * P[0].w + id.y * P[1].x + id.x;
buffer5[i_11] = v_10;
}

// shader 3
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<i32>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<i32>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<i32>;
@compute @workgroup_size(8, 8, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
if (id.y >= P[0].x) { return; }
let v_1 = i32(P[0].z);
let i_2 = id.y * P[0].w + id.x + P[1].x;
let v_3 = buffer0[i_2];
let v_4 = select(v_3, v_1, (id.x) < P[0].y);
let v_5 = i32(P[1].y);
let v_6 = (v_5 < v_4);
let v_7 = i32(v_6);
let i_8 = id.y * P[1].z + id.x;
buffer1[i_8] = v_4;
buffer2[i_8] = v_7;
}

// shader 4
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<i32>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<i32>>;
@compute @workgroup_size(4, 16, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
if (id.x >= P[0].x || id.y >= P[0].y) { return; }
var s_1 = vec4<i32>(0);
let i_4 = id.x * P[0].w;
let v_5 = (vec4<i32>(i32(i_4)) + 1 * vec4<i32>(0, 1, 2, 3));
let v_6 = i32(P[1].x);
let v_7 = (v_5 + vec4<i32>(v_6));
let v_11 = i32(P[1].z);
for (var c_2 = 0u; c_2 < P[0].z; c_2++) {
  let v_3 = i32(c_2);
  let v_8 = (vec4<i32>(v_3) < v_7);
  let i_9 = c_2 + id.y * P[1].y;
  let v_10 = buffer0[i_9];
  let v_12 = select(vec4<i32>(v_11), vec4<i32>(v_10), v_8);
  s_1 += v_12;
}
let i_13 = id.y * P[1].w + id.x;
buffer1[i_13] = s_1;
}

// shader 5
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<i32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<i32>>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<vec4<i32>>;
@group(0) @binding(4) var<storage, read_write> buffer3: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let t = id.x + id.y * P[0].x;
if (t >= P[0].y) { return; }
var s_1 = vec4<f32>(0);
let v_3 = i32(P[1].x);
let v_7 = i32(P[1].y);
for (var c_2 = 0u; c_2 < P[0].w; c_2++) {
  let v_4 = buffer0[c_2];
  let v_5 = (vec4<i32>(v_3) < v_4);
  let v_6 = buffer1[c_2];
  let v_8 = select(vec4<i32>(v_7), v_6, v_5);
  let v_9 = (v_8 == vec4<i32>(v_7));
  let v_10 = vec4<f32>(v_9);
  let v_11 = (vec4<f32>(1.0) - v_10);
  s_1 += v_11;
}
let f_12 = (s_1.x + s_1.y) + (s_1.z + s_1.w);
for (var c_13 = 0u; c_13 < P[1].z; c_13++) {
  let v_14 = buffer0[c_13];
  let v_15 = (vec4<i32>(v_3) < v_14);
  let v_16 = buffer1[c_13];
  let v_17 = select(vec4<i32>(v_7), v_16, v_15);
  buffer2[c_13] = v_17;
}
buffer3[0u] = f_12;
}

// shader 6
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 7>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read> buffer2: array<f32>;
@group(0) @binding(4) var<storage, read> buffer3: array<f32>;
@group(0) @binding(5) var<storage, read_write> buffer4: array<f32>;
@group(0) @binding(6) var<storage, read_write> buffer5: array<f32>;
@compute @workgroup_size(4, 16, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
if (id.x >= P[0].x || id.y >= P[0].y) { return; }
var s_1 = f32(0);
for (var c_2 = 0u; c_2 < P[0].w; c_2++) {
  let v_3 = buffer0[c_2];
  let i_4 = c_2 + id.y * P[1].y + id.x * P[1].z + P[1].w;
  let v_5 = buffer1[i_4];
  let v_6 = buffer2[c_2];
  let v_7 = (v_5 + v_6);
  let v_8 = select(v_7, v_3, (id.x) < P[1].x);
  let i_9 = c_2 + id.x * P[2].x;
  let v_10 = buffer3[i_9];
  let v_11 = (v_8 + v_10);
  s_1 += v_11;
}
var s_12 = f32(0);
let v_23 = bitcast<f32>(P[4].x);
let v_24 = (s_1 * v_23);
for (var c_13 = 0u; c_13 < P[2].z; c_13++) {
  let v_14 = buffer0[c_13];
  let i_15 = c_13 + id.y * P[3].x + id.x * P[3].y + P[3].z;
  let v_16 = buffer1[i_15];
  let v_17 = buffer2[c_13];
  let v_18 = (v_16 + v_17);
  let v_19 = select(v_18, v_14, (id.x) < P[2].w);
  let i_20 = c_13 + id.x * P[3].w;
  let v_21 = buffer3[i_20];
  let v_22 = (v_19 + v_21);
  let v_25 = (v_22 - v_24);
  let v_26 = (v_25 * v_25);
  s_12 += v_26;
}
for (var c_27 = 0u; c_27 < P[4].y; c_27++) {
  let v_28 = buffer0[c_27];
  let i_29 = c_27 + id.y * P[4].w + id.x * P[5].x + P[5].y;
  let v_30 = buffer1[i_29];
  let v_31 = buffer2[c_27];
  let v_32 = (v_30 + v_31);
  let v_33 = select(v_32, v_28, (id.x) < P[4].z);
  let i_34 = c_27 + id.x * P[5].z;
  let v_35 = buffer3[i_34];
  let v_36 = (v_33 + v_35);
  let v_37 = (v_36 - v_24);
  let i_38 = c_27 + id.y * P[5].w + id.x * P[6].x;
  buffer4[i_38] = v_37;
}
let i_39 = id.y * P[6].y + id.x;
buffer5[i_39] = s_12;
}

// shader 7
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let t = id.x + id.y * P[0].x;
if (t >= P[0].y) { return; }
let v_1 = buffer0[t];
let v_2 = bitcast<f32>(P[0].z);
let v_3 = (v_1 * vec4<f32>(v_2));
let v_4 = bitcast<f32>(P[0].w);
let v_5 = (v_3 + vec4<f32>(v_4));
let v_6 = sqrt(v_5);
buffer1[t] = v_6;
}

// shader 8
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read> buffer2: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> buffer3: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> buffer4: array<vec4<f32>>;
@compute @workgroup_size(4, 16, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
if (id.x >= P[0].x || id.y >= P[0].y) { return; }
let i_1 = id.y * P[0].z + id.x;
let v_2 = buffer0[i_1];
let v_3 = buffer1[id.y];
let v_4 = (v_2 / vec4<f32>(v_3));
let v_5 = buffer2[id.x];
let v_6 = (v_4 * v_5);
let v_7 = buffer3[id.x];
let v_8 = (v_6 + v_7);
buffer4[i_1] = v_8;
}

// shader 9
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let t = id.x + id.y * P[0].x;
if (t >= P[0].y) { return; }
var s_1 = f32(bitcast<f32>(P[0].z));
for (var c_2 = 0u; c_2 < P[0].w; c_2++) {
  let i_3 = t * P[1].x + c_2;
  let v_4 = buffer0[i_3];
  s_1 = max(s_1, v_4);
}
var s_5 = f32(0);
for (var c_6 = 0u; c_6 < P[1].z; c_6++) {
  let i_7 = t * P[1].w + c_6;
  let v_8 = buffer0[i_7];
  let v_9 = (v_8 - s_1);
  let v_10 = exp(v_9);
  s_5 += v_10;
}
for (var c_11 = 0u; c_11 < P[2].x; c_11++) {
  let i_12 = t * P[2].y + c_11;
  let v_13 = buffer0[i_12];
  let v_14 = (v_13 - s_1);
  let v_15 = exp(v_14);
  let v_16 = (v_15 / s_5);
  buffer1[i_12] = v_16;
}
}

// shader 10
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 5>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read> buffer2: array<f32>;
@group(0) @binding(4) var<storage, read> buffer3: array<f32>;
@group(0) @binding(5) var<storage, read> buffer4: array<f32>;
@group(0) @binding(6) var<storage, read> buffer5: array<f32>;
@group(0) @binding(7) var<storage, read_write> buffer6: array<f32>;
@group(0) @binding(8) var<storage, read_write> buffer7: array<f32>;
@compute @workgroup_size(4, 16, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
if (id.x >= P[0].x || id.y >= P[0].y) { return; }
var s_1 = f32(0);
for (var c_2 = 0u; c_2 < P[0].w; c_2++) {
  let v_3 = buffer0[c_2];
  let i_4 = c_2 + id.y * P[1].y + id.x * P[1].z + P[1].w;
  let v_5 = buffer1[i_4];
  let v_6 = buffer2[c_2];
  let v_7 = (v_5 + v_6);
  let v_8 = select(v_7, v_3, (id.x) < P[1].x);
  let i_9 = c_2 + id.x * P[2].x;
  let v_10 = buffer3[i_9];
  let v_11 = (v_8 + v_10);
  let i_12 = c_2 + id.y * P[2].y + id.x * P[2].z;
  let v_13 = buffer4[i_12];
  let v_14 = buffer5[c_2];
  let v_15 = (v_13 + v_14);
  let v_16 = (v_11 + v_15);
  s_1 += v_16;
}
for (var c_17 = 0u; c_17 < P[2].w; c_17++) {
  let v_18 = buffer0[c_17];
  let i_19 = c_17 + id.y * P[3].y + id.x * P[3].z + P[3].w;
  let v_20 = buffer1[i_19];
  let v_21 = buffer2[c_17];
  let v_22 = (v_20 + v_21);
  let v_23 = select(v_22, v_18, (id.x) < P[3].x);
  let i_24 = c_17 + id.x * P[4].x;
  let v_25 = buffer3[i_24];
  let v_26 = (v_23 + v_25);
  let i_27 = c_17 + id.y * P[4].y + id.x * P[4].z;
  let v_28 = buffer4[i_27];
  let v_29 = buffer5[c_17];
  let v_30 = (v_28 + v_29);
  let v_31 = (v_26 + v_30);
  buffer6[i_27] = v_31;
}
let i_32 = id.y * P[4].w + id.x;
buffer7[i_32] = s_1;
}

// shader 11
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let t = id.x + id.y * P[0].x;
if (t >= P[0].y) { return; }
let v_1 = buffer0[t];
let v_2 = bitcast<f32>(P[0].z);
let v_3 = (v_1 * vec4<f32>(v_2));
buffer1[t] = v_3;
}

// shader 12
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read> buffer2: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> buffer3: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> buffer4: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let t = id.x + id.y * P[0].x;
if (t >= P[0].y) { return; }
var s_1 = vec4<f32>(0);
let v_5 = buffer1[t];
for (var c_2 = 0u; c_2 < P[0].w; c_2++) {
  let i_3 = t * P[1].x + c_2;
  let v_4 = buffer0[i_3];
  let v_6 = (v_4 - vec4<f32>(v_5));
  let v_7 = (v_6 * v_6);
  s_1 += v_7;
}
let f_8 = (s_1.x + s_1.y) + (s_1.z + s_1.w);
let v_13 = bitcast<f32>(P[1].w);
let v_14 = (f_8 * v_13);
let v_15 = bitcast<f32>(P[2].x);
let v_16 = (v_14 + v_15);
let v_17 = sqrt(v_16);
for (var c_9 = 0u; c_9 < P[1].y; c_9++) {
  let i_10 = t * P[1].z + c_9;
  let v_11 = buffer0[i_10];
  let v_12 = (v_11 - vec4<f32>(v_5));
  let v_18 = (v_12 / vec4<f32>(v_17));
  let v_19 = buffer2[c_9];
  let v_20 = (v_18 * v_19);
  let v_21 = buffer3[c_9];
  let v_22 = (v_20 + v_21);
  buffer4[i_10] = v_22;
}
}

// shader 13
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> buffer2: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> buffer3: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let t = id.x + id.y * P[0].x;
if (t >= P[0].y) { return; }
var s_1 = vec4<f32>(0);
for (var c_2 = 0u; c_2 < P[0].w; c_2++) {
  let i_3 = t * P[1].x + c_2;
  let v_4 = buffer0[i_3];
  s_1 += v_4;
}
let f_5 = (s_1.x + s_1.y) + (s_1.z + s_1.w);
var s_6 = vec4<f32>(0);
let v_10 = bitcast<f32>(P[2].x);
let v_11 = (f_5 * v_10);
for (var c_7 = 0u; c_7 < P[1].z; c_7++) {
  let i_8 = t * P[1].w + c_7;
  let v_9 = buffer0[i_8];
  let v_12 = (v_9 - vec4<f32>(v_11));
  let v_13 = (v_12 * v_12);
  s_6 += v_13;
}
let f_14 = (s_6.x + s_6.y) + (s_6.z + s_6.w);
let v_19 = (f_14 * v_10);
let v_20 = bitcast<f32>(P[2].w);
let v_21 = (v_19 + v_20);
let v_22 = sqrt(v_21);
for (var c_15 = 0u; c_15 < P[2].y; c_15++) {
  let i_16 = t * P[2].z + c_15;
  let v_17 = buffer0[i_16];
  let v_18 = (v_17 - vec4<f32>(v_11));
  let v_23 = (v_18 / vec4<f32>(v_22));
  let v_24 = buffer1[c_15];
  let v_25 = (v_23 * v_24);
  let v_26 = buffer2[c_15];
  let v_27 = (v_25 + v_26);
  buffer3[i_16] = v_27;
}
}

// shader 14
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> buffer2: array<i32>;
@group(0) @binding(4) var<storage, read> buffer3: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> buffer4: array<vec4<f32>>;
@compute @workgroup_size(16, 4, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let i_1 = id.z * P[0].y + id.y * P[0].z + id.x;
let v_2 = buffer0[i_1];
let v_3 = buffer1[id.x];
let v_4 = (v_2 + v_3);
let i_6 = id.z * P[0].w + id.y + P[1].x;
let v_7 = buffer2[i_6];
let q_5 = u32(clamp(v_7, 0, i32(P[1].y)));
let i_8 = id.x + q_5 * P[1].z;
let v_9 = buffer3[i_8];
let v_10 = select(v_9, v_4, (id.y) < P[0].x);
let i_11 = id.z * P[1].w + id.y * P[2].x + id.x;
buffer4[i_11] = v_10;
}

// shader 15
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let t = id.x + id.y * P[0].x;
if (t >= P[0].y) { return; }
var s_1 = vec4<f32>(bitcast<f32>(P[0].z));
for (var c_2 = 0u; c_2 < P[0].w; c_2++) {
  let i_3 = t * P[1].x + c_2;
  let v_4 = buffer0[i_3];
  s_1 = max(s_1, v_4);
}
let f_5 = max(max(s_1.x, s_1.y), max(s_1.z, s_1.w));
var s_6 = vec4<f32>(0);
for (var c_7 = 0u; c_7 < P[1].z; c_7++) {
  let i_8 = t * P[1].w + c_7;
  let v_9 = buffer0[i_8];
  let v_10 = (v_9 - vec4<f32>(f_5));
  let v_11 = exp(v_10);
  s_6 += v_11;
}
let f_12 = (s_6.x + s_6.y) + (s_6.z + s_6.w);
for (var c_13 = 0u; c_13 < P[2].x; c_13++) {
  let i_14 = t * P[2].y + c_13;
  let v_15 = buffer0[i_14];
  let v_16 = (v_15 - vec4<f32>(f_5));
  let v_17 = exp(v_16);
  let v_18 = (v_17 / vec4<f32>(f_12));
  buffer1[i_14] = v_18;
}
}

// shader 16
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<f32>>;
@compute @workgroup_size(16, 4, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
if (id.y >= P[0].x) { return; }
let i_1 = id.z * P[0].y + id.y * P[0].z + id.x + P[0].w;
let v_2 = buffer0[i_1];
let i_3 = id.z * P[1].x + id.y * P[1].y + id.x;
buffer1[i_3] = v_2;
}

// shader 17
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read> buffer1: array<i32>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<f32>;
@group(0) @binding(4) var<storage, read_write> buffer3: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let t = id.x + id.y * P[0].x;
if (t >= P[0].y) { return; }
var s_1 = f32(bitcast<f32>(P[0].z));
for (var c_2 = 0u; c_2 < P[0].w; c_2++) {
  let i_3 = t * P[1].x + c_2;
  let v_4 = buffer0[i_3];
  s_1 = max(s_1, v_4);
}
var s_5 = f32(0);
var s_6 = f32(0);
let v_13 = buffer1[t];
for (var c_7 = 0u; c_7 < P[1].w; c_7++) {
  let i_8 = t * P[2].x + c_7;
  let v_9 = buffer0[i_8];
  let v_10 = (v_9 - s_1);
  let v_11 = exp(v_10);
  let v_12 = i32(c_7);
  let v_14 = (v_12 == v_13);
  let v_15 = select(0.0, v_10, v_14);
  s_5 += v_11;
  s_6 += v_15;
}
buffer2[t] = s_5;
buffer3[t] = s_6;
}

// shader 18
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<i32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> buffer2: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> buffer3: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let t = id.x + id.y * P[0].x;
if (t >= P[0].y) { return; }
var s_1 = vec4<f32>(0);
let v_4 = i32(P[1].x);
for (var c_2 = 0u; c_2 < P[0].w; c_2++) {
  let v_3 = buffer0[c_2];
  let v_5 = (v_3 == vec4<i32>(v_4));
  let v_6 = buffer1[c_2];
  let v_7 = log(v_6);
  let v_8 = buffer2[c_2];
  let v_9 = (v_7 - v_8);
  let v_10 = select(v_9, vec4<f32>(0.0), v_5);
  s_1 += v_10;
}
let f_11 = (s_1.x + s_1.y) + (s_1.z + s_1.w);
buffer3[0u] = f_11;
}

// shader 19
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let t = id.x + id.y * P[0].x;
if (t >= P[0].y) { return; }
let v_1 = buffer0[0u];
let v_2 = buffer1[0u];
let v_3 = max(v_2, 1.0);
let v_4 = (v_1 / v_3);
buffer2[0u] = v_4;
}

