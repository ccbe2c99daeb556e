// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 4>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<f32>>;
@compute @workgroup_size(4, 16, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let p10 = P[2].z;
let p11 = P[2].w;
let p12 = P[3].x;
let t_2 = id.z / p0;
let t_1 = id.z - t_2 * p0;
let t_4 = t_2 / p1;
let t_3 = t_2 - t_4 * p1;
let t_6 = t_4 / p2;
let t_5 = t_4 - t_6 * p2;
let i_7 = t_6 * p3 + t_5 * p4 + t_3 * p5 + t_1 * p6 + id.y * p7 + id.x;
let v_8 = buffer0[i_7];
let i_9 = t_6 * p8 + t_5 * p9 + t_3 * p10 + t_1 * p11 + id.y * p12 + id.x;
buffer1[i_9] = v_8;
}

// shader 1
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> buffer2: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> buffer3: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let p10 = P[2].z;
let p11 = P[2].w;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
var s_1 = vec4<f32>(0);
let i_3 = t * p4;
for (var c_2 = 0u; c_2 < p3; c_2++) {
  let i_4 = i_3 + c_2;
  let v_5 = buffer0[i_4];
  s_1 += v_5;
}
let f_6 = (s_1.x + s_1.y) + (s_1.z + s_1.w);
var s_7 = vec4<f32>(0);
let i_9 = t * p7;
let v_12 = bitcast<f32>(p8);
let v_13 = (f_6 * v_12);
for (var c_8 = 0u; c_8 < p6; c_8++) {
  let i_10 = i_9 + c_8;
  let v_11 = buffer0[i_10];
  let v_14 = (v_11 - vec4<f32>(v_13));
  let v_15 = (v_14 * v_14);
  s_7 += v_15;
}
let f_16 = (s_7.x + s_7.y) + (s_7.z + s_7.w);
let i_18 = t * p10;
let v_22 = (f_16 * v_12);
let v_23 = bitcast<f32>(p11);
let v_24 = (v_22 + v_23);
let v_25 = sqrt(v_24);
for (var c_17 = 0u; c_17 < p9; c_17++) {
  let i_19 = i_18 + c_17;
  let v_20 = buffer0[i_19];
  let v_21 = (v_20 - vec4<f32>(v_13));
  let v_26 = (v_21 / vec4<f32>(v_25));
  let v_27 = buffer1[c_17];
  let v_28 = (v_26 * v_27);
  let v_29 = buffer2[c_17];
  let v_30 = (v_28 + v_29);
  buffer3[i_19] = v_30;
}
}

// shader 2
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<f32>>;
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
let v_3 = buffer0[t_1];
let i_4 = t_2 * p3 + t_1;
buffer1[i_4] = v_3;
}

// shader 3
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 4>;
@group(0) @binding(1) var<storage, read> buffer0: array<i32>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read> buffer2: array<f32>;
@group(0) @binding(4) var<storage, read_write> buffer3: array<f32>;
@group(0) @binding(5) var<storage, read_write> buffer4: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let p10 = P[2].z;
let p11 = P[2].w;
let p12 = P[3].x;
let p13 = P[3].y;
let p14 = P[3].z;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = f32(0);
let i_6 = t_2 * p5 + t_1;
let v_7 = buffer0[i_6];
let q_5 = u32(clamp(v_7, 0, i32(p6)));
let i_8 = q_5 * p7;
let i_11 = t_1 * p8;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_9 = i_8 + c_4;
  let v_10 = buffer1[i_9];
  let i_12 = i_11 + c_4;
  let v_13 = buffer2[i_12];
  let v_14 = (v_10 + v_13);
  s_3 += v_14;
}
var s_15 = f32(0);
let i_17 = q_5 * p11;
let i_20 = t_1 * p12;
let v_24 = bitcast<f32>(p13);
let v_25 = (s_3 * v_24);
for (var c_16 = 0u; c_16 < p10; c_16++) {
  let i_18 = i_17 + c_16;
  let v_19 = buffer1[i_18];
  let i_21 = i_20 + c_16;
  let v_22 = buffer2[i_21];
  let v_23 = (v_19 + v_22);
  let v_26 = (v_23 - v_25);
  let v_27 = (v_26 * v_26);
  s_15 += v_27;
}
let v_28 = (s_15 * v_24);
let v_29 = bitcast<f32>(p14);
let v_30 = (v_28 + v_29);
let v_31 = sqrt(v_30);
buffer3[i_6] = v_25;
buffer4[i_6] = v_31;
}

// shader 4
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<i32>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> buffer2: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> buffer3: array<f32>;
@group(0) @binding(5) var<storage, read> buffer4: array<f32>;
@group(0) @binding(6) var<storage, read> buffer5: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> buffer6: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
let t_4 = t_2 / p3;
let t_3 = t_2 - t_4 * p3;
let i_6 = t_4 * p4 + t_3;
let v_7 = buffer0[i_6];
let q_5 = u32(clamp(v_7, 0, i32(p5)));
let i_8 = t_1 + q_5 * p6;
let v_9 = buffer1[i_8];
let i_10 = t_1 + t_3 * p7;
let v_11 = buffer2[i_10];
let v_12 = (v_9 + v_11);
let v_13 = buffer3[i_6];
let v_14 = (v_12 - vec4<f32>(v_13));
let v_15 = buffer4[i_6];
let v_16 = (v_14 / vec4<f32>(v_15));
let v_17 = buffer5[t_1];
let v_18 = (v_16 * v_17);
let i_19 = t_1 + t_4 * p8 + t_3 * p9;
buffer6[i_19] = v_18;
}

// shader 5
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
let v_5 = buffer1[t_1];
let v_6 = (v_4 + v_5);
buffer2[i_3] = v_6;
}

// shader 6
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<i32>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<f32>;
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
let v_3 = i32(p3);
let i_4 = t_2 * p4 + t_1;
let v_5 = buffer0[i_4];
let v_6 = (v_3 < v_5);
let v_7 = f32(v_6);
let v_8 = (1.0 - v_7);
let v_9 = bitcast<f32>(p5);
let v_10 = (v_8 * v_9);
buffer1[i_4] = v_10;
}

// shader 7
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read_write> buffer0: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
var s_1 = f32(0);
let v_4 = i32(p4);
for (var c_2 = 0u; c_2 < p3; c_2++) {
  let v_3 = i32(c_2);
  let v_5 = (v_3 == v_4);
  let v_6 = f32(v_5);
  let v_7 = (1.0 - v_6);
  s_1 += v_7;
}
buffer0[0u] = s_1;
}

// shader 8
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read_write> buffer0: array<f32>;
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
var s_1 = f32(0);
let v_4 = i32(p4);
let v_7 = i32(p5);
for (var c_2 = 0u; c_2 < p3; c_2++) {
  let v_3 = i32(c_2);
  let v_5 = (v_3 < v_4);
  let v_6 = i32(v_5);
  let v_8 = (v_6 == v_7);
  let v_9 = f32(v_8);
  let v_10 = (1.0 - v_9);
  s_1 += v_10;
}
buffer0[0u] = s_1;
}

// shader 9
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 7>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read> buffer2: array<f32>;
@group(0) @binding(4) var<storage, read> buffer3: array<f32>;
@group(0) @binding(5) var<storage, read_write> buffer4: array<f32>;
@group(0) @binding(6) var<storage, read_write> buffer5: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let p10 = P[2].z;
let p11 = P[2].w;
let p12 = P[3].x;
let p13 = P[3].y;
let p14 = P[3].z;
let p15 = P[3].w;
let p16 = P[4].x;
let p17 = P[4].y;
let p18 = P[4].z;
let p19 = P[4].w;
let p20 = P[5].x;
let p21 = P[5].y;
let p22 = P[5].z;
let p23 = P[5].w;
let p24 = P[6].x;
let p25 = P[6].y;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = f32(0);
let i_7 = p7 + t_1;
let q_6 = min(i_7, p8);
let i_8 = t_2 * p6 + q_6 * p9;
let i_14 = t_1 * p10;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let v_5 = buffer0[c_4];
  let i_9 = i_8 + c_4;
  let v_10 = buffer1[i_9];
  let v_11 = buffer2[c_4];
  let v_12 = (v_10 + v_11);
  let v_13 = select(v_12, v_5, (t_1) < p5);
  let i_15 = i_14 + c_4;
  let v_16 = buffer3[i_15];
  let v_17 = (v_13 + v_16);
  s_3 += v_17;
}
var s_18 = f32(0);
let i_21 = t_2 * p14 + q_6 * p15;
let i_27 = t_1 * p16;
let v_31 = bitcast<f32>(p17);
let v_32 = (s_3 * v_31);
for (var c_19 = 0u; c_19 < p12; c_19++) {
  let v_20 = buffer0[c_19];
  let i_22 = i_21 + c_19;
  let v_23 = buffer1[i_22];
  let v_24 = buffer2[c_19];
  let v_25 = (v_23 + v_24);
  let v_26 = select(v_25, v_20, (t_1) < p13);
  let i_28 = i_27 + c_19;
  let v_29 = buffer3[i_28];
  let v_30 = (v_26 + v_29);
  let v_33 = (v_30 - v_32);
  let v_34 = (v_33 * v_33);
  s_18 += v_34;
}
let i_37 = t_2 * p20 + q_6 * p21;
let i_43 = t_1 * p22;
let i_48 = t_2 * p23 + t_1 * p24;
for (var c_35 = 0u; c_35 < p18; c_35++) {
  let v_36 = buffer0[c_35];
  let i_38 = i_37 + c_35;
  let v_39 = buffer1[i_38];
  let v_40 = buffer2[c_35];
  let v_41 = (v_39 + v_40);
  let v_42 = select(v_41, v_36, (t_1) < p19);
  let i_44 = i_43 + c_35;
  let v_45 = buffer3[i_44];
  let v_46 = (v_42 + v_45);
  let v_47 = (v_46 - v_32);
  let i_49 = i_48 + c_35;
  buffer4[i_49] = v_47;
}
let i_50 = t_2 * p25 + t_1;
buffer5[i_50] = s_18;
}

// shader 10
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let v_1 = buffer0[t];
let v_2 = bitcast<f32>(p2);
let v_3 = (v_1 * vec4<f32>(v_2));
let v_4 = bitcast<f32>(p3);
let v_5 = (v_3 + vec4<f32>(v_4));
let v_6 = sqrt(v_5);
buffer1[t] = v_6;
}

// shader 11
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read> buffer2: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> buffer3: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> buffer4: array<vec4<f32>>;
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
let v_5 = buffer1[t_2];
let v_6 = (v_4 / vec4<f32>(v_5));
let v_7 = buffer2[t_1];
let v_8 = (v_6 * v_7);
let v_9 = buffer3[t_1];
let v_10 = (v_8 + v_9);
buffer4[i_3] = v_10;
}

// shader 12
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
var s_1 = f32(bitcast<f32>(p2));
let i_3 = t * p4;
for (var c_2 = 0u; c_2 < p3; c_2++) {
  let i_4 = i_3 + c_2;
  let v_5 = buffer0[i_4];
  s_1 = max(s_1, v_5);
}
var s_6 = f32(0);
let i_8 = t * p7;
for (var c_7 = 0u; c_7 < p6; c_7++) {
  let i_9 = i_8 + c_7;
  let v_10 = buffer0[i_9];
  let v_11 = (v_10 - s_1);
  let v_12 = exp(v_11);
  s_6 += v_12;
}
let i_14 = t * p9;
for (var c_13 = 0u; c_13 < p8; c_13++) {
  let i_15 = i_14 + c_13;
  let v_16 = buffer0[i_15];
  let v_17 = (v_16 - s_1);
  let v_18 = exp(v_17);
  let v_19 = (v_18 / s_6);
  buffer1[i_15] = v_19;
}
}

// shader 13
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 6>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read> buffer2: array<f32>;
@group(0) @binding(4) var<storage, read> buffer3: array<f32>;
@group(0) @binding(5) var<storage, read> buffer4: array<f32>;
@group(0) @binding(6) var<storage, read> buffer5: array<f32>;
@group(0) @binding(7) var<storage, read_write> buffer6: array<f32>;
@group(0) @binding(8) var<storage, read_write> buffer7: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let p10 = P[2].z;
let p11 = P[2].w;
let p12 = P[3].x;
let p13 = P[3].y;
let p14 = P[3].z;
let p15 = P[3].w;
let p16 = P[4].x;
let p17 = P[4].y;
let p18 = P[4].z;
let p19 = P[4].w;
let p20 = P[5].x;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = f32(0);
let i_7 = p7 + t_1;
let q_6 = min(i_7, p8);
let i_8 = t_2 * p6 + q_6 * p9;
let i_14 = t_1 * p10;
let i_18 = t_2 * p11 + t_1 * p12;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let v_5 = buffer0[c_4];
  let i_9 = i_8 + c_4;
  let v_10 = buffer1[i_9];
  let v_11 = buffer2[c_4];
  let v_12 = (v_10 + v_11);
  let v_13 = select(v_12, v_5, (t_1) < p5);
  let i_15 = i_14 + c_4;
  let v_16 = buffer3[i_15];
  let v_17 = (v_13 + v_16);
  let i_19 = i_18 + c_4;
  let v_20 = buffer4[i_19];
  let v_21 = buffer5[c_4];
  let v_22 = (v_20 + v_21);
  let v_23 = (v_17 + v_22);
  s_3 += v_23;
}
let i_26 = t_2 * p15 + q_6 * p16;
let i_32 = t_1 * p17;
let i_36 = t_2 * p18 + t_1 * p19;
for (var c_24 = 0u; c_24 < p13; c_24++) {
  let v_25 = buffer0[c_24];
  let i_27 = i_26 + c_24;
  let v_28 = buffer1[i_27];
  let v_29 = buffer2[c_24];
  let v_30 = (v_28 + v_29);
  let v_31 = select(v_30, v_25, (t_1) < p14);
  let i_33 = i_32 + c_24;
  let v_34 = buffer3[i_33];
  let v_35 = (v_31 + v_34);
  let i_37 = i_36 + c_24;
  let v_38 = buffer4[i_37];
  let v_39 = buffer5[c_24];
  let v_40 = (v_38 + v_39);
  let v_41 = (v_35 + v_40);
  buffer6[i_37] = v_41;
}
let i_42 = t_2 * p20 + t_1;
buffer7[i_42] = s_3;
}

// shader 14
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let v_1 = buffer0[t];
let v_2 = bitcast<f32>(p2);
let v_3 = (v_1 * vec4<f32>(v_2));
buffer1[t] = v_3;
}

// shader 15
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read> buffer2: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> buffer3: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> buffer4: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
var s_1 = vec4<f32>(0);
let i_3 = t * p4;
let v_6 = buffer1[t];
for (var c_2 = 0u; c_2 < p3; c_2++) {
  let i_4 = i_3 + c_2;
  let v_5 = buffer0[i_4];
  let v_7 = (v_5 - vec4<f32>(v_6));
  let v_8 = (v_7 * v_7);
  s_1 += v_8;
}
let f_9 = (s_1.x + s_1.y) + (s_1.z + s_1.w);
let i_11 = t * p6;
let v_15 = bitcast<f32>(p7);
let v_16 = (f_9 * v_15);
let v_17 = bitcast<f32>(p8);
let v_18 = (v_16 + v_17);
let v_19 = sqrt(v_18);
for (var c_10 = 0u; c_10 < p5; c_10++) {
  let i_12 = i_11 + c_10;
  let v_13 = buffer0[i_12];
  let v_14 = (v_13 - vec4<f32>(v_6));
  let v_20 = (v_14 / vec4<f32>(v_19));
  let v_21 = buffer2[c_10];
  let v_22 = (v_20 * v_21);
  let v_23 = buffer3[c_10];
  let v_24 = (v_22 + v_23);
  buffer4[i_12] = v_24;
}
}

// shader 16
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
var s_1 = vec4<f32>(0);
let i_3 = t * p4;
for (var c_2 = 0u; c_2 < p3; c_2++) {
  let i_4 = i_3 + c_2;
  let v_5 = buffer0[i_4];
  let v_6 = (v_5 * v_5);
  s_1 += v_6;
}
let f_7 = (s_1.x + s_1.y) + (s_1.z + s_1.w);
let i_9 = t * p6;
let v_12 = bitcast<f32>(p7);
let v_13 = max(f_7, v_12);
let v_14 = sqrt(v_13);
for (var c_8 = 0u; c_8 < p5; c_8++) {
  let i_10 = i_9 + c_8;
  let v_11 = buffer0[i_10];
  let v_15 = (v_11 / vec4<f32>(v_14));
  buffer1[i_10] = v_15;
}
}

// shader 17
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = f32(bitcast<f32>(p3));
let i_5 = t_2 * p5 + t_1;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4 * p6;
  let v_7 = buffer0[i_6];
  s_3 = max(s_3, v_7);
}
let i_8 = t_2 * p7 + t_1;
buffer1[i_8] = s_3;
}

// shader 18
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 4>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<f32>;
@group(0) @binding(4) var<storage, read_write> buffer3: array<f32>;
@group(0) @binding(5) var<storage, read_write> buffer4: array<f32>;
@group(0) @binding(6) var<storage, read_write> buffer5: array<f32>;
@group(0) @binding(7) var<storage, read_write> buffer6: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let p10 = P[2].z;
let p11 = P[2].w;
let p12 = P[3].x;
let p13 = P[3].y;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
var s_1 = f32(bitcast<f32>(p2));
var s_2 = f32(bitcast<f32>(p3));
let i_4 = t * p5;
let v_7 = buffer1[0u];
for (var c_3 = 0u; c_3 < p4; c_3++) {
  let i_5 = i_4 + c_3;
  let v_6 = buffer0[i_5];
  let v_8 = (v_6 / v_7);
  let i_9 = t + c_3 * p6;
  let v_10 = buffer0[i_9];
  let v_11 = (v_10 / v_7);
  s_1 = max(s_1, v_8);
  s_2 = max(s_2, v_11);
}
var s_12 = f32(0);
var s_13 = f32(0);
var s_14 = f32(0);
var s_15 = f32(0);
let i_17 = t * p12;
let v_24 = i32(t);
for (var c_16 = 0u; c_16 < p11; c_16++) {
  let i_18 = i_17 + c_16;
  let v_19 = buffer0[i_18];
  let v_20 = (v_19 / v_7);
  let v_21 = (v_20 - s_1);
  let v_22 = exp(v_21);
  let v_23 = i32(c_16);
  let v_25 = (v_23 == v_24);
  let v_26 = select(0.0, v_21, v_25);
  let i_27 = t + c_16 * p13;
  let v_28 = buffer0[i_27];
  let v_29 = (v_28 / v_7);
  let v_30 = (v_29 - s_2);
  let v_31 = exp(v_30);
  s_12 += v_22;
  s_13 += v_26;
  s_14 += v_21;
  s_15 += v_31;
}
buffer2[t] = s_12;
buffer3[t] = s_13;
buffer4[t] = s_14;
buffer5[t] = s_2;
buffer6[t] = s_15;
}

// shader 19
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read> buffer2: array<f32>;
@group(0) @binding(4) var<storage, read_write> buffer3: array<f32>;
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
var s_1 = f32(0);
let v_4 = i32(p4);
let v_9 = bitcast<f32>(p5);
let v_12 = bitcast<f32>(p6);
for (var c_2 = 0u; c_2 < p3; c_2++) {
  let v_3 = i32(c_2);
  let v_5 = (v_3 == v_4);
  let v_6 = buffer0[c_2];
  let v_7 = log(v_6);
  let v_8 = buffer1[c_2];
  let v_10 = (v_8 * v_9);
  let v_11 = buffer2[c_2];
  let v_13 = (v_11 * v_12);
  let v_14 = (v_10 + v_13);
  let v_15 = (v_7 - v_14);
  let v_16 = select(v_15, 0.0, v_5);
  s_1 += v_16;
}
buffer3[0u] = s_1;
}

// shader 20
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 4>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read> buffer2: array<f32>;
@group(0) @binding(4) var<storage, read> buffer3: array<i32>;
@group(0) @binding(5) var<storage, read_write> buffer4: array<f32>;
@group(0) @binding(6) var<storage, read_write> buffer5: array<f32>;
@group(0) @binding(7) var<storage, read_write> buffer6: array<i32>;
@group(0) @binding(8) var<storage, read_write> buffer7: array<i32>;
fn philox_high(a: u32, b: u32) -> u32 {
  let al = a & 0xffffu;
  let ah = a >> 16u;
  let bl = b & 0xffffu;
  let bh = b >> 16u;
  let m = ah * bl + ((al * bl) >> 16u);
  let n = al * bh + (m & 0xffffu);
  return ah * bh + (m >> 16u) + (n >> 16u);
}
fn philox4(block: u32, stream: u32, seed: vec2<u32>) -> vec4<f32> {
  var c = vec4<u32>(block, stream, 0u, 0u);
  var k = seed;
  for (var round = 0u; round < 10u; round++) {
    let h0 = philox_high(0xd2511f53u, c.x);
    let h1 = philox_high(0xcd9e8d57u, c.z);
    c = vec4<u32>(h1 ^ c.y ^ k.x, 0xcd9e8d57u * c.z, h0 ^ c.w ^ k.y, 0xd2511f53u * c.x);
    k = k + vec2<u32>(0x9e3779b9u, 0xbb67ae85u);
  }
  return vec4<f32>(c >> vec4<u32>(8u)) * 5.9604644775390625e-8;
}
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let p10 = P[2].z;
let p11 = P[2].w;
let p12 = P[3].x;
let p13 = P[3].y;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
var s_1 = f32(0);
var s_2 = f32(0);
var s_3 = f32(bitcast<f32>(p4));
var s_3_at = 0;
var s_4 = f32(bitcast<f32>(p5));
var s_4_at = 0;
let v_7 = i32(t);
let v_11 = buffer1[0u];
let v_13 = buffer2[t];
let v_16 = i32(t);
let v_18 = bitcast<f32>(p8);
let v_20 = buffer3[0u];
let v_21 = buffer3[p9];
let i_22 = t * p11;
let v_25 = bitcast<f32>(p12);
for (var c_5 = 0u; c_5 < p6; c_5++) {
  let v_6 = i32(c_5);
  let v_8 = (v_6 == v_7);
  let i_9 = t + c_5 * p7;
  let v_10 = buffer0[i_9];
  let v_12 = (v_10 / v_11);
  let v_14 = (v_12 - v_13);
  let v_15 = select(0.0, v_14, v_8);
  let v_17 = (v_16 == v_6);
  let v_19 = select(v_12, v_18, v_17);
  let i_23 = i_22 + c_5;
  let v_24 = philox4((i_23) >> 2u, p10, vec2<u32>(u32(v_20), u32(v_21)))[(i_23) & 3u];
  let v_26 = max(v_24, v_25);
  let v_27 = log(v_26);
  let v_28 = (-v_27);
  let v_29 = max(v_28, v_25);
  let v_30 = log(v_29);
  let v_31 = (-v_30);
  let v_32 = (v_19 + v_31);
  let v_33 = buffer0[i_23];
  let v_34 = (v_33 / v_11);
  let v_35 = select(v_34, v_18, v_17);
  let v_36 = philox4((i_23) >> 2u, p13, vec2<u32>(u32(v_20), u32(v_21)))[(i_23) & 3u];
  let v_37 = max(v_36, v_25);
  let v_38 = log(v_37);
  let v_39 = (-v_38);
  let v_40 = max(v_39, v_25);
  let v_41 = log(v_40);
  let v_42 = (-v_41);
  let v_43 = (v_35 + v_42);
  s_1 += v_15;
  s_2 += v_14;
  if (v_32 > s_3) { s_3 = v_32; s_3_at = i32(c_5); }
  if (v_43 > s_4) { s_4 = v_43; s_4_at = i32(c_5); }
}
buffer4[t] = s_1;
buffer5[t] = s_2;
buffer6[t] = s_3_at;
buffer7[t] = s_4_at;
}

// shader 21
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read> buffer2: array<f32>;
@group(0) @binding(4) var<storage, read_write> buffer3: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let v_1 = buffer0[0u];
let v_2 = buffer1[0u];
let v_3 = max(v_2, 1.0);
let v_4 = (v_1 / v_3);
let v_5 = buffer2[0u];
let v_6 = (v_5 / v_3);
let v_7 = (v_4 + v_6);
let v_8 = (v_7 * 0.5);
buffer3[0u] = v_8;
}

// shader 22
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 5>;
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
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let p10 = P[2].z;
let p11 = P[2].w;
let p12 = P[3].x;
let p13 = P[3].y;
let p14 = P[3].z;
let p15 = P[3].w;
let p16 = P[4].x;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
let t_4 = t_2 / p3;
let t_3 = t_2 - t_4 * p3;
let t_6 = t_4 / p4;
let t_5 = t_4 - t_6 * p4;
let q_8 = min(t_6, p7);
let v_9 = i32(q_8);
let i_11 = p9 + t_6;
let q_10 = min(i_11, p10);
let v_12 = buffer0[q_10];
let i_14 = p11 + t_6;
let q_13 = min(i_14, p12);
let v_15 = i32(q_13);
let v_16 = select(v_15, v_12, (t_6) < p8);
let v_17 = select(v_16, v_9, (t_6) < p6);
let q_7 = u32(clamp(v_17, 0, i32(p13)));
let i_18 = t_5 + t_3 * p5 + t_1 + q_7 * p14;
let v_19 = buffer1[i_18];
let i_20 = t_6 * p15 + t_5 * p16 + t_3 + t_1;
buffer2[i_20] = v_19;
}

// shader 23
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 5>;
@group(0) @binding(1) var<storage, read> buffer0: array<i32>;
@group(0) @binding(2) var<storage, read> buffer1: array<i32>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<f32>;
@compute @workgroup_size(8, 8, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let p10 = P[2].z;
let p11 = P[2].w;
let p12 = P[3].x;
let p13 = P[3].y;
let p14 = P[3].z;
let p15 = P[3].w;
let p16 = P[4].x;
if (id.y >= p0) { return; }
let v_1 = i32(p1);
let v_2 = i32(p3);
let i_4 = p4 + id.x;
let q_3 = min(i_4, p5);
let q_6 = min(id.y, p7);
let v_7 = i32(q_6);
let i_9 = p9 + id.y;
let q_8 = min(i_9, p10);
let v_10 = i32(q_8);
let i_12 = p11 + id.y;
let q_11 = min(i_12, p12);
let v_13 = buffer0[q_11];
let v_14 = select(v_13, v_10, (id.y) < p8);
let v_15 = select(v_14, v_7, (id.y) < p6);
let q_5 = u32(clamp(v_15, 0, i32(p13)));
let i_16 = q_3 + q_5 * p14;
let v_17 = buffer1[i_16];
let v_18 = select(v_17, v_2, (id.x) < p2);
let v_19 = (v_1 < v_18);
let v_20 = f32(v_19);
let v_21 = (1.0 - v_20);
let v_22 = bitcast<f32>(p15);
let v_23 = (v_21 * v_22);
let i_24 = id.y * p16 + id.x;
buffer2[i_24] = v_23;
}

// shader 24
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 6>;
@group(0) @binding(1) var<storage, read> buffer0: array<i32>;
@group(0) @binding(2) var<storage, read> buffer1: array<i32>;
@group(0) @binding(3) var<storage, read> buffer2: array<f32>;
@group(0) @binding(4) var<storage, read> buffer3: array<f32>;
@group(0) @binding(5) var<storage, read_write> buffer4: array<f32>;
@group(0) @binding(6) var<storage, read_write> buffer5: array<f32>;
@compute @workgroup_size(8, 8, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let p10 = P[2].z;
let p11 = P[2].w;
let p12 = P[3].x;
let p13 = P[3].y;
let p14 = P[3].z;
let p15 = P[3].w;
let p16 = P[4].x;
let p17 = P[4].y;
let p18 = P[4].z;
let p19 = P[4].w;
let p20 = P[5].x;
let p21 = P[5].y;
if (id.x >= p0 || id.y >= p1) { return; }
var s_1 = f32(0);
let q_5 = min(id.y, p5);
let v_6 = i32(q_5);
let i_8 = p7 + id.y;
let q_7 = min(i_8, p8);
let v_9 = i32(q_7);
let i_11 = p9 + id.y;
let q_10 = min(i_11, p10);
let v_12 = buffer0[q_10];
let v_13 = select(v_12, v_9, (id.y) < p6);
let v_14 = select(v_13, v_6, (id.y) < p4);
let q_4 = u32(clamp(v_14, 0, i32(p11)));
let i_15 = id.x + q_4 * p12;
let v_16 = buffer1[i_15];
let q_3 = u32(clamp(v_16, 0, i32(p13)));
let i_17 = q_3 * p14;
let i_20 = id.x * p15;
for (var c_2 = 0u; c_2 < p3; c_2++) {
  let i_18 = i_17 + c_2;
  let v_19 = buffer2[i_18];
  let i_21 = i_20 + c_2;
  let v_22 = buffer3[i_21];
  let v_23 = (v_19 + v_22);
  s_1 += v_23;
}
let i_25 = q_3 * p17;
let i_28 = id.x * p18;
let i_32 = id.y * p19 + id.x * p20;
for (var c_24 = 0u; c_24 < p16; c_24++) {
  let i_26 = i_25 + c_24;
  let v_27 = buffer2[i_26];
  let i_29 = i_28 + c_24;
  let v_30 = buffer3[i_29];
  let v_31 = (v_27 + v_30);
  let i_33 = i_32 + c_24;
  buffer4[i_33] = v_31;
}
let i_34 = id.y * p21 + id.x;
buffer5[i_34] = s_1;
}

// shader 25
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<f32>;
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
var s_1 = vec4<f32>(0);
let i_3 = t * p4;
let v_6 = buffer1[t];
for (var c_2 = 0u; c_2 < p3; c_2++) {
  let i_4 = i_3 + c_2;
  let v_5 = buffer0[i_4];
  let v_7 = (v_5 - vec4<f32>(v_6));
  let v_8 = (v_7 * v_7);
  s_1 += v_8;
}
let f_9 = (s_1.x + s_1.y) + (s_1.z + s_1.w);
let v_10 = bitcast<f32>(p5);
let v_11 = (f_9 * v_10);
let v_12 = bitcast<f32>(p6);
let v_13 = (v_11 + v_12);
let v_14 = sqrt(v_13);
buffer2[t] = v_14;
}

// shader 26
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 4>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> buffer2: array<f32>;
@group(0) @binding(4) var<storage, read> buffer3: array<f32>;
@group(0) @binding(5) var<storage, read> buffer4: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> buffer5: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> buffer6: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let p10 = P[2].z;
let p11 = P[2].w;
let p12 = P[3].x;
let p13 = P[3].y;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
let t_4 = t_2 / p3;
let t_3 = t_2 - t_4 * p3;
let q_5 = min(t_3, p5);
let i_6 = t_1 + q_5 * p6;
let v_7 = buffer0[i_6];
let i_9 = p8 + t_3;
let q_8 = min(i_9, p9);
let i_10 = t_4 * p7 + t_1 + q_8 * p10;
let v_11 = buffer1[i_10];
let i_12 = t_4 * p11 + q_8;
let v_13 = buffer2[i_12];
let v_14 = (v_11 - vec4<f32>(v_13));
let v_15 = buffer3[i_12];
let v_16 = (v_14 / vec4<f32>(v_15));
let v_17 = buffer4[t_1];
let v_18 = (v_16 * v_17);
let v_19 = buffer5[t_1];
let v_20 = (v_18 + v_19);
let v_21 = select(v_20, v_7, (t_3) < p4);
let i_22 = t_4 * p12 + t_3 * p13 + t_1;
buffer6[i_22] = v_21;
}

// shader 27
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
var s_1 = vec4<f32>(bitcast<f32>(p2));
let i_3 = t * p4;
for (var c_2 = 0u; c_2 < p3; c_2++) {
  let i_4 = i_3 + c_2;
  let v_5 = buffer0[i_4];
  s_1 = max(s_1, v_5);
}
let f_6 = max(max(s_1.x, s_1.y), max(s_1.z, s_1.w));
var s_7 = vec4<f32>(0);
let i_9 = t * p7;
for (var c_8 = 0u; c_8 < p6; c_8++) {
  let i_10 = i_9 + c_8;
  let v_11 = buffer0[i_10];
  let v_12 = (v_11 - vec4<f32>(f_6));
  let v_13 = exp(v_12);
  s_7 += v_13;
}
let f_14 = (s_7.x + s_7.y) + (s_7.z + s_7.w);
let i_16 = t * p9;
for (var c_15 = 0u; c_15 < p8; c_15++) {
  let i_17 = i_16 + c_15;
  let v_18 = buffer0[i_17];
  let v_19 = (v_18 - vec4<f32>(f_6));
  let v_20 = exp(v_19);
  let v_21 = (v_20 / vec4<f32>(f_14));
  buffer1[i_17] = v_21;
}
}

// shader 28
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
var s_1 = vec4<f32>(0);
let i_3 = t * p4;
for (var c_2 = 0u; c_2 < p3; c_2++) {
  let i_4 = i_3 + c_2;
  let v_5 = buffer0[i_4];
  s_1 += v_5;
}
let f_6 = (s_1.x + s_1.y) + (s_1.z + s_1.w);
var s_7 = vec4<f32>(0);
let i_9 = t * p7;
let v_12 = bitcast<f32>(p8);
let v_13 = (f_6 * v_12);
for (var c_8 = 0u; c_8 < p6; c_8++) {
  let i_10 = i_9 + c_8;
  let v_11 = buffer0[i_10];
  let v_14 = (v_11 - vec4<f32>(v_13));
  let v_15 = (v_14 * v_14);
  s_7 += v_15;
}
let f_16 = (s_7.x + s_7.y) + (s_7.z + s_7.w);
let v_17 = (f_16 * v_12);
let v_18 = bitcast<f32>(p9);
let v_19 = (v_17 + v_18);
let v_20 = sqrt(v_19);
buffer1[t] = v_13;
buffer2[t] = v_20;
}

// shader 29
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read> buffer2: array<f32>;
@group(0) @binding(4) var<storage, read> buffer3: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> buffer4: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> buffer5: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
let t_4 = t_2 / p3;
let t_3 = t_2 - t_4 * p3;
let i_5 = t_4 * p4 + t_3 * p5 + t_1;
let v_6 = buffer0[i_5];
let i_7 = t_4 * p6 + t_3;
let v_8 = buffer1[i_7];
let v_9 = (v_6 - vec4<f32>(v_8));
let v_10 = buffer2[i_7];
let v_11 = (v_9 / vec4<f32>(v_10));
let v_12 = buffer3[t_1];
let v_13 = (v_11 * v_12);
let v_14 = buffer4[t_1];
let v_15 = (v_13 + v_14);
let i_16 = t_4 * p7 + t_3 * p8 + t_1;
buffer5[i_16] = v_15;
}

// shader 30
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read> buffer2: array<f32>;
@group(0) @binding(4) var<storage, read> buffer3: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> buffer4: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read_write> buffer5: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let p10 = P[2].z;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
let t_4 = t_2 / p3;
let t_3 = t_2 - t_4 * p3;
let i_5 = p4 + t_4 * p5 + t_3 * p6 + t_1;
let v_6 = buffer0[i_5];
let i_7 = p7 + t_4 * p8 + t_3;
let v_8 = buffer1[i_7];
let v_9 = (v_6 - vec4<f32>(v_8));
let v_10 = buffer2[i_7];
let v_11 = (v_9 / vec4<f32>(v_10));
let v_12 = buffer3[t_1];
let v_13 = (v_11 * v_12);
let v_14 = buffer4[t_1];
let v_15 = (v_13 + v_14);
let i_16 = t_4 * p9 + t_3 * p10 + t_1;
buffer5[i_16] = v_15;
}

// shader 31
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 4>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> buffer2: array<f32>;
@group(0) @binding(4) var<storage, read> buffer3: array<f32>;
@group(0) @binding(5) var<storage, read> buffer4: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> buffer5: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> buffer6: array<vec4<f32>>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let p10 = P[2].z;
let p11 = P[2].w;
let p12 = P[3].x;
let p13 = P[3].y;
let p14 = P[3].z;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
let t_4 = t_2 / p3;
let t_3 = t_2 - t_4 * p3;
let q_5 = min(t_3, p6);
let i_6 = t_4 * p5 + t_1 + q_5 * p7;
let v_7 = buffer0[i_6];
let i_9 = p9 + t_3;
let q_8 = min(i_9, p10);
let i_10 = t_4 * p8 + t_1 + q_8 * p11;
let v_11 = buffer1[i_10];
let i_12 = t_4 * p12 + q_8;
let v_13 = buffer2[i_12];
let v_14 = (v_11 - vec4<f32>(v_13));
let v_15 = buffer3[i_12];
let v_16 = (v_14 / vec4<f32>(v_15));
let v_17 = buffer4[t_1];
let v_18 = (v_16 * v_17);
let v_19 = buffer5[t_1];
let v_20 = (v_18 + v_19);
let v_21 = select(v_20, v_7, (t_3) < p4);
let i_22 = t_4 * p13 + t_3 * p14 + t_1;
buffer6[i_22] = v_21;
}

// shader 32
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = f32(0);
let i_5 = t_2 * p5 + t_1;
let v_8 = buffer1[t_1];
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4 * p6;
  let v_7 = buffer0[i_6];
  let v_9 = (v_7 + v_8);
  s_3 += v_9;
}
let i_10 = t_2 * p7 + t_1;
buffer2[i_10] = s_3;
}

// shader 33
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
let p6 = P[1].z;
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
var s_1 = f32(bitcast<f32>(p2));
let i_3 = t * p4;
for (var c_2 = 0u; c_2 < p3; c_2++) {
  let i_4 = i_3 + c_2;
  let v_5 = buffer0[i_4];
  let v_6 = (v_5 * 0.5);
  s_1 = max(s_1, v_6);
}
var s_7 = f32(0);
var s_8 = f32(0);
let i_10 = t * p8;
let v_17 = i32(t);
let v_18 = i32(p9);
let v_19 = (v_17 < v_18);
let v_20 = i32(v_19);
for (var c_9 = 0u; c_9 < p7; c_9++) {
  let i_11 = i_10 + c_9;
  let v_12 = buffer0[i_11];
  let v_13 = (v_12 * 0.5);
  let v_14 = (v_13 - s_1);
  let v_15 = exp(v_14);
  let v_16 = i32(c_9);
  let v_21 = (v_16 == v_20);
  let v_22 = select(0.0, v_14, v_21);
  s_7 += v_15;
  s_8 += v_22;
}
buffer1[t] = s_7;
buffer2[t] = s_8;
}

// shader 34
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<f32>;
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
var s_1 = f32(0);
let v_4 = i32(p4);
let v_7 = i32(p5);
for (var c_2 = 0u; c_2 < p3; c_2++) {
  let v_3 = i32(c_2);
  let v_5 = (v_3 < v_4);
  let v_6 = i32(v_5);
  let v_8 = (v_6 == v_7);
  let v_9 = buffer0[c_2];
  let v_10 = log(v_9);
  let v_11 = buffer1[c_2];
  let v_12 = (v_10 - v_11);
  let v_13 = select(v_12, 0.0, v_8);
  s_1 += v_13;
}
buffer2[0u] = s_1;
}

// shader 35
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 1>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let v_1 = buffer0[0u];
let v_2 = buffer1[0u];
let v_3 = max(v_2, 1.0);
let v_4 = (v_1 / v_3);
buffer2[0u] = v_4;
}

