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

// shader 2
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
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
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
let t_4 = t_2 / p3;
let t_3 = t_2 - t_4 * p3;
let i_5 = t_3 * p4 + t_1;
let v_6 = buffer0[i_5];
let v_7 = buffer1[t_3];
let v_8 = (v_6 - vec4<f32>(v_7));
let v_9 = buffer2[t_3];
let v_10 = (v_8 / vec4<f32>(v_9));
let v_11 = buffer3[t_1];
let v_12 = (v_10 * v_11);
let v_13 = buffer4[t_1];
let v_14 = (v_12 + v_13);
let i_15 = t_4 * p5 + t_3 * p6 + t_1;
buffer5[i_15] = v_14;
}

// shader 3
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<i32>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<i32>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<i32>;
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
let v_3 = i32(p4);
let i_5 = p6 + t_1;
let q_4 = min(i_5, p7);
let i_6 = t_2 * p5 + q_4;
let v_7 = buffer0[i_6];
let v_8 = select(v_7, v_3, (t_1) < p3);
let v_9 = i32(p8);
let v_10 = (v_9 < v_8);
let v_11 = i32(v_10);
let i_12 = t_2 * p9 + t_1;
buffer1[i_12] = v_8;
buffer2[i_12] = v_11;
}

// shader 4
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<i32>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<i32>>;
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
var s_3 = vec4<i32>(0);
let i_6 = t_1 * p4;
let v_7 = (vec4<i32>(i32(i_6)) + 1 * vec4<i32>(0, 1, 2, 3));
let v_8 = i32(p5);
let v_9 = (v_7 + vec4<i32>(v_8));
let i_11 = t_2 * p6;
let v_14 = i32(p7);
for (var c_4 = 0u; c_4 < p3; c_4++) {
  let v_5 = i32(c_4);
  let v_10 = (vec4<i32>(v_5) < v_9);
  let i_12 = i_11 + c_4;
  let v_13 = buffer0[i_12];
  let v_15 = select(vec4<i32>(v_14), vec4<i32>(v_13), v_10);
  s_3 += v_15;
}
let i_16 = t_2 * p8 + t_1;
buffer1[i_16] = s_3;
}

// shader 5
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<i32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<i32>>;
@group(0) @binding(3) var<storage, read_write> buffer2: array<vec4<i32>>;
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
var s_1 = vec4<f32>(0);
let v_3 = i32(p4);
let v_7 = i32(p5);
for (var c_2 = 0u; c_2 < p3; c_2++) {
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
for (var c_13 = 0u; c_13 < p6; c_13++) {
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

// shader 7
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

// shader 8
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

// shader 9
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

// shader 10
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

// shader 11
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

// shader 12
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

// shader 13
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

// shader 14
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> buffer2: array<i32>;
@group(0) @binding(4) var<storage, read> buffer3: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> buffer4: array<vec4<f32>>;
@compute @workgroup_size(16, 4, 1)
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
let q_1 = min(id.y, p2);
let i_2 = id.z * p1 + id.x + q_1 * p3;
let v_3 = buffer0[i_2];
let v_4 = buffer1[id.x];
let v_5 = (v_3 + v_4);
let i_8 = p5 + id.y;
let q_7 = min(i_8, p6);
let i_9 = id.z * p4 + q_7;
let v_10 = buffer2[i_9];
let q_6 = u32(clamp(v_10, 0, i32(p7)));
let i_11 = id.x + q_6 * p8;
let v_12 = buffer3[i_11];
let v_13 = select(v_12, v_5, (id.y) < p0);
let i_14 = id.z * p9 + id.y * p10 + id.x;
buffer4[i_14] = v_13;
}

// shader 15
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

// shader 16
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> buffer1: array<vec4<f32>>;
@compute @workgroup_size(16, 4, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let p5 = P[1].y;
if (id.y >= p0) { return; }
let i_1 = p1 + id.z * p2 + id.y * p3 + id.x;
let v_2 = buffer0[i_1];
let i_3 = id.z * p4 + id.y * p5 + id.x;
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
var s_1 = f32(bitcast<f32>(p2));
let i_3 = t * p4;
for (var c_2 = 0u; c_2 < p3; c_2++) {
  let i_4 = i_3 + c_2;
  let v_5 = buffer0[i_4];
  s_1 = max(s_1, v_5);
}
var s_6 = f32(0);
var s_7 = f32(0);
let i_9 = t * p8;
let v_15 = buffer1[t];
for (var c_8 = 0u; c_8 < p7; c_8++) {
  let i_10 = i_9 + c_8;
  let v_11 = buffer0[i_10];
  let v_12 = (v_11 - s_1);
  let v_13 = exp(v_12);
  let v_14 = i32(c_8);
  let v_16 = (v_14 == v_15);
  let v_17 = select(0.0, v_12, v_16);
  s_6 += v_13;
  s_7 += v_17;
}
buffer2[t] = s_6;
buffer3[t] = s_7;
}

// shader 18
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 2>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<i32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> buffer2: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> buffer3: array<f32>;
@compute @workgroup_size(64, 1, 1)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
let p0 = P[0].x;
let p1 = P[0].y;
let p2 = P[0].z;
let p3 = P[0].w;
let p4 = P[1].x;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
var s_1 = vec4<f32>(0);
let v_4 = i32(p4);
for (var c_2 = 0u; c_2 < p3; c_2++) {
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

