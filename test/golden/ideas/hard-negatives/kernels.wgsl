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
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 7>;
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
let p26 = P[6].z;
let p27 = P[6].w;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = vec4<f32>(0);
let i_5 = p5 + t_2 * p6 + t_1 * p7;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4;
  let v_7 = buffer0[i_6];
  s_3 += v_7;
}
let f_8 = (s_3.x + s_3.y) + (s_3.z + s_3.w);
var s_9 = vec4<f32>(0);
let i_11 = p10 + t_2 * p11 + t_1 * p12;
let v_14 = bitcast<f32>(p13);
let v_15 = (f_8 * v_14);
for (var c_10 = 0u; c_10 < p9; c_10++) {
  let i_12 = i_11 + c_10;
  let v_13 = buffer0[i_12];
  let v_16 = (v_13 - vec4<f32>(v_15));
  let v_17 = (v_16 * v_16);
  s_9 += v_17;
}
let f_18 = (s_9.x + s_9.y) + (s_9.z + s_9.w);
let i_20 = p15 + t_2 * p16 + t_1 * p17;
let v_24 = (f_18 * v_14);
let v_25 = bitcast<f32>(p18);
let v_26 = (v_24 + v_25);
let v_27 = sqrt(v_26);
let i_29 = p19 + t_2 * p20 + t_1 * p21;
let i_33 = p22 + t_2 * p23 + t_1 * p24;
let i_37 = p25 + t_2 * p26 + t_1 * p27;
for (var c_19 = 0u; c_19 < p14; c_19++) {
  let i_21 = i_20 + c_19;
  let v_22 = buffer0[i_21];
  let v_23 = (v_22 - vec4<f32>(v_15));
  let v_28 = (v_23 / vec4<f32>(v_27));
  let i_30 = i_29 + c_19;
  let v_31 = buffer1[i_30];
  let v_32 = (v_28 * v_31);
  let i_34 = i_33 + c_19;
  let v_35 = buffer2[i_34];
  let v_36 = (v_32 + v_35);
  let i_38 = i_37 + c_19;
  buffer3[i_38] = v_36;
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
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 9>;
@group(0) @binding(1) var<storage, read> buffer0: array<i32>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> buffer2: array<vec4<f32>>;
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
let p26 = P[6].z;
let p27 = P[6].w;
let p28 = P[7].x;
let p29 = P[7].y;
let p30 = P[7].z;
let p31 = P[7].w;
let p32 = P[8].x;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = vec4<f32>(0);
let i_6 = p8 + t_2 * p9 + t_1 * p10;
let v_7 = buffer0[i_6];
let q_5 = u32(clamp(v_7, 0, i32(p11)));
let i_8 = p5 + t_2 * p6 + t_1 * p7 + q_5 * p12;
let i_11 = p13 + t_2 * p14 + t_1 * p15;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_9 = i_8 + c_4;
  let v_10 = buffer1[i_9];
  let i_12 = i_11 + c_4;
  let v_13 = buffer2[i_12];
  let v_14 = (v_10 + v_13);
  s_3 += v_14;
}
let f_15 = (s_3.x + s_3.y) + (s_3.z + s_3.w);
var s_16 = vec4<f32>(0);
let i_18 = p18 + t_2 * p19 + t_1 * p20 + q_5 * p21;
let i_21 = p22 + t_2 * p23 + t_1 * p24;
let v_25 = bitcast<f32>(p25);
let v_26 = (f_15 * v_25);
for (var c_17 = 0u; c_17 < p17; c_17++) {
  let i_19 = i_18 + c_17;
  let v_20 = buffer1[i_19];
  let i_22 = i_21 + c_17;
  let v_23 = buffer2[i_22];
  let v_24 = (v_20 + v_23);
  let v_27 = (v_24 - vec4<f32>(v_26));
  let v_28 = (v_27 * v_27);
  s_16 += v_28;
}
let f_29 = (s_16.x + s_16.y) + (s_16.z + s_16.w);
let v_30 = (f_29 * v_25);
let v_31 = bitcast<f32>(p26);
let v_32 = (v_30 + v_31);
let v_33 = sqrt(v_32);
let i_34 = p27 + t_2 * p28 + t_1 * p29;
buffer3[i_34] = v_26;
let i_35 = p30 + t_2 * p31 + t_1 * p32;
buffer4[i_35] = v_33;
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
let i_10 = t_3 * p7 + t_1;
let v_11 = buffer2[i_10];
let v_12 = (v_9 + v_11);
let v_13 = buffer3[i_6];
let v_14 = (v_12 - vec4<f32>(v_13));
let v_15 = buffer4[i_6];
let v_16 = (v_14 / vec4<f32>(v_15));
let v_17 = buffer5[t_1];
let v_18 = (v_16 * v_17);
let i_19 = t_4 * p8 + t_3 * p9 + t_1;
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
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 3>;
@group(0) @binding(1) var<storage, read_write> buffer0: array<f32>;
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
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = f32(0);
let i_5 = p5 + t_2 * p6 + t_1 * p7;
let v_8 = i32(p8);
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4;
  let v_7 = i32(i_6);
  let v_9 = (v_7 == v_8);
  let v_10 = f32(v_9);
  let v_11 = (1.0 - v_10);
  s_3 += v_11;
}
let i_12 = p9 + t_2 * p10 + t_1 * p11;
buffer0[i_12] = s_3;
}

// shader 8
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 4>;
@group(0) @binding(1) var<storage, read_write> buffer0: array<f32>;
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
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = f32(0);
let i_5 = p5 + t_2 * p6 + t_1 * p7;
let v_8 = i32(p8);
let v_11 = i32(p9);
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4;
  let v_7 = i32(i_6);
  let v_9 = (v_7 < v_8);
  let v_10 = i32(v_9);
  let v_12 = (v_10 == v_11);
  let v_13 = f32(v_12);
  let v_14 = (1.0 - v_13);
  s_3 += v_14;
}
let i_15 = p10 + t_2 * p11 + t_1 * p12;
buffer0[i_15] = s_3;
}

// shader 9
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 16>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> buffer2: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> buffer3: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> buffer4: array<vec4<f32>>;
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
let p26 = P[6].z;
let p27 = P[6].w;
let p28 = P[7].x;
let p29 = P[7].y;
let p30 = P[7].z;
let p31 = P[7].w;
let p32 = P[8].x;
let p33 = P[8].y;
let p34 = P[8].z;
let p35 = P[8].w;
let p36 = P[9].x;
let p37 = P[9].y;
let p38 = P[9].z;
let p39 = P[9].w;
let p40 = P[10].x;
let p41 = P[10].y;
let p42 = P[10].z;
let p43 = P[10].w;
let p44 = P[11].x;
let p45 = P[11].y;
let p46 = P[11].z;
let p47 = P[11].w;
let p48 = P[12].x;
let p49 = P[12].y;
let p50 = P[12].z;
let p51 = P[12].w;
let p52 = P[13].x;
let p53 = P[13].y;
let p54 = P[13].z;
let p55 = P[13].w;
let p56 = P[14].x;
let p57 = P[14].y;
let p58 = P[14].z;
let p59 = P[14].w;
let p60 = P[15].x;
let p61 = P[15].y;
let p62 = P[15].z;
let p63 = P[15].w;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = vec4<f32>(0);
let i_5 = p5 + t_2 * p6 + t_1 * p7;
let i_6 = p9 + t_2 * p10 + t_1 * p11;
let i_10 = p15 + t_2 * p16 + t_1 * p17;
let q_9 = min(i_10, p18);
let i_11 = p12 + t_2 * p13 + t_1 * p14 + q_9 * p19;
let i_14 = p20 + t_2 * p21 + t_1 * p22;
let i_19 = p23 + t_2 * p24 + t_1 * p25;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_7 = i_6 + c_4;
  let v_8 = buffer0[i_7];
  let i_12 = i_11 + c_4;
  let v_13 = buffer1[i_12];
  let i_15 = i_14 + c_4;
  let v_16 = buffer2[i_15];
  let v_17 = (v_13 + v_16);
  let v_18 = select(v_17, v_8, (i_5) < p8);
  let i_20 = i_19 + c_4;
  let v_21 = buffer3[i_20];
  let v_22 = (v_18 + v_21);
  s_3 += v_22;
}
let f_23 = (s_3.x + s_3.y) + (s_3.z + s_3.w);
var s_24 = vec4<f32>(0);
let i_26 = p29 + t_2 * p30 + t_1 * p31;
let i_29 = p32 + t_2 * p33 + t_1 * p34 + q_9 * p35;
let i_32 = p36 + t_2 * p37 + t_1 * p38;
let i_37 = p39 + t_2 * p40 + t_1 * p41;
let v_41 = bitcast<f32>(p42);
let v_42 = (f_23 * v_41);
for (var c_25 = 0u; c_25 < p27; c_25++) {
  let i_27 = i_26 + c_25;
  let v_28 = buffer0[i_27];
  let i_30 = i_29 + c_25;
  let v_31 = buffer1[i_30];
  let i_33 = i_32 + c_25;
  let v_34 = buffer2[i_33];
  let v_35 = (v_31 + v_34);
  let v_36 = select(v_35, v_28, (i_5) < p28);
  let i_38 = i_37 + c_25;
  let v_39 = buffer3[i_38];
  let v_40 = (v_36 + v_39);
  let v_43 = (v_40 - vec4<f32>(v_42));
  let v_44 = (v_43 * v_43);
  s_24 += v_44;
}
let f_45 = (s_24.x + s_24.y) + (s_24.z + s_24.w);
let i_47 = p45 + t_2 * p46 + t_1 * p47;
let i_50 = p48 + t_2 * p49 + t_1 * p50 + q_9 * p51;
let i_53 = p52 + t_2 * p53 + t_1 * p54;
let i_58 = p55 + t_2 * p56 + t_1 * p57;
let i_63 = p58 + t_2 * p59 + t_1 * p60;
for (var c_46 = 0u; c_46 < p43; c_46++) {
  let i_48 = i_47 + c_46;
  let v_49 = buffer0[i_48];
  let i_51 = i_50 + c_46;
  let v_52 = buffer1[i_51];
  let i_54 = i_53 + c_46;
  let v_55 = buffer2[i_54];
  let v_56 = (v_52 + v_55);
  let v_57 = select(v_56, v_49, (i_5) < p44);
  let i_59 = i_58 + c_46;
  let v_60 = buffer3[i_59];
  let v_61 = (v_57 + v_60);
  let v_62 = (v_61 - vec4<f32>(v_42));
  let i_64 = i_63 + c_46;
  buffer4[i_64] = v_62;
}
let i_65 = p61 + t_2 * p62 + t_1 * p63;
buffer5[i_65] = f_45;
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
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 5>;
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
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = f32(bitcast<f32>(p3));
let i_5 = p5 + t_2 * p6 + t_1 * p7;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4;
  let v_7 = buffer0[i_6];
  s_3 = max(s_3, v_7);
}
var s_8 = f32(0);
let i_10 = p10 + t_2 * p11 + t_1 * p12;
for (var c_9 = 0u; c_9 < p9; c_9++) {
  let i_11 = i_10 + c_9;
  let v_12 = buffer0[i_11];
  let v_13 = (v_12 - s_3);
  let v_14 = exp(v_13);
  s_8 += v_14;
}
let i_16 = p14 + t_2 * p15 + t_1 * p16;
let i_22 = p17 + t_2 * p18 + t_1 * p19;
for (var c_15 = 0u; c_15 < p13; c_15++) {
  let i_17 = i_16 + c_15;
  let v_18 = buffer0[i_17];
  let v_19 = (v_18 - s_3);
  let v_20 = exp(v_19);
  let v_21 = (v_20 / s_8);
  let i_23 = i_22 + c_15;
  buffer1[i_23] = v_21;
}
}

// shader 13
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 15>;
@group(0) @binding(1) var<storage, read> buffer0: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> buffer1: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> buffer2: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> buffer3: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> buffer4: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> buffer5: array<vec4<f32>>;
@group(0) @binding(7) var<storage, read_write> buffer6: array<vec4<f32>>;
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
let p21 = P[5].y;
let p22 = P[5].z;
let p23 = P[5].w;
let p24 = P[6].x;
let p25 = P[6].y;
let p26 = P[6].z;
let p27 = P[6].w;
let p28 = P[7].x;
let p29 = P[7].y;
let p30 = P[7].z;
let p31 = P[7].w;
let p32 = P[8].x;
let p33 = P[8].y;
let p34 = P[8].z;
let p35 = P[8].w;
let p36 = P[9].x;
let p37 = P[9].y;
let p38 = P[9].z;
let p39 = P[9].w;
let p40 = P[10].x;
let p41 = P[10].y;
let p42 = P[10].z;
let p43 = P[10].w;
let p44 = P[11].x;
let p45 = P[11].y;
let p46 = P[11].z;
let p47 = P[11].w;
let p48 = P[12].x;
let p49 = P[12].y;
let p50 = P[12].z;
let p51 = P[12].w;
let p52 = P[13].x;
let p53 = P[13].y;
let p54 = P[13].z;
let p55 = P[13].w;
let p56 = P[14].x;
let p57 = P[14].y;
let p58 = P[14].z;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = vec4<f32>(0);
let i_5 = p5 + t_2 * p6 + t_1 * p7;
let i_6 = p9 + t_2 * p10 + t_1 * p11;
let i_10 = p15 + t_2 * p16 + t_1 * p17;
let q_9 = min(i_10, p18);
let i_11 = p12 + t_2 * p13 + t_1 * p14 + q_9 * p19;
let i_14 = p20 + t_2 * p21 + t_1 * p22;
let i_19 = p23 + t_2 * p24 + t_1 * p25;
let i_23 = p26 + t_2 * p27 + t_1 * p28;
let i_26 = p29 + t_2 * p30 + t_1 * p31;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_7 = i_6 + c_4;
  let v_8 = buffer0[i_7];
  let i_12 = i_11 + c_4;
  let v_13 = buffer1[i_12];
  let i_15 = i_14 + c_4;
  let v_16 = buffer2[i_15];
  let v_17 = (v_13 + v_16);
  let v_18 = select(v_17, v_8, (i_5) < p8);
  let i_20 = i_19 + c_4;
  let v_21 = buffer3[i_20];
  let v_22 = (v_18 + v_21);
  let i_24 = i_23 + c_4;
  let v_25 = buffer4[i_24];
  let i_27 = i_26 + c_4;
  let v_28 = buffer5[i_27];
  let v_29 = (v_25 + v_28);
  let v_30 = (v_22 + v_29);
  s_3 += v_30;
}
let f_31 = (s_3.x + s_3.y) + (s_3.z + s_3.w);
let i_33 = p34 + t_2 * p35 + t_1 * p36;
let i_36 = p37 + t_2 * p38 + t_1 * p39 + q_9 * p40;
let i_39 = p41 + t_2 * p42 + t_1 * p43;
let i_44 = p44 + t_2 * p45 + t_1 * p46;
let i_48 = p47 + t_2 * p48 + t_1 * p49;
let i_51 = p50 + t_2 * p51 + t_1 * p52;
let i_56 = p53 + t_2 * p54 + t_1 * p55;
for (var c_32 = 0u; c_32 < p32; c_32++) {
  let i_34 = i_33 + c_32;
  let v_35 = buffer0[i_34];
  let i_37 = i_36 + c_32;
  let v_38 = buffer1[i_37];
  let i_40 = i_39 + c_32;
  let v_41 = buffer2[i_40];
  let v_42 = (v_38 + v_41);
  let v_43 = select(v_42, v_35, (i_5) < p33);
  let i_45 = i_44 + c_32;
  let v_46 = buffer3[i_45];
  let v_47 = (v_43 + v_46);
  let i_49 = i_48 + c_32;
  let v_50 = buffer4[i_49];
  let i_52 = i_51 + c_32;
  let v_53 = buffer5[i_52];
  let v_54 = (v_50 + v_53);
  let v_55 = (v_47 + v_54);
  let i_57 = i_56 + c_32;
  buffer6[i_57] = v_55;
}
let i_58 = p56 + t_2 * p57 + t_1 * p58;
buffer7[i_58] = f_31;
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
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 7>;
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
var s_3 = vec4<f32>(0);
let i_5 = p5 + t_2 * p6 + t_1 * p7;
let i_8 = p8 + t_2 * p9 + t_1 * p10;
let v_9 = buffer1[i_8];
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4;
  let v_7 = buffer0[i_6];
  let v_10 = (v_7 - vec4<f32>(v_9));
  let v_11 = (v_10 * v_10);
  s_3 += v_11;
}
let f_12 = (s_3.x + s_3.y) + (s_3.z + s_3.w);
let i_14 = p12 + t_2 * p13 + t_1 * p14;
let v_18 = bitcast<f32>(p15);
let v_19 = (f_12 * v_18);
let v_20 = bitcast<f32>(p16);
let v_21 = (v_19 + v_20);
let v_22 = sqrt(v_21);
let i_24 = p17 + t_2 * p18 + t_1 * p19;
let i_28 = p20 + t_2 * p21 + t_1 * p22;
let i_32 = p23 + t_2 * p24 + t_1 * p25;
for (var c_13 = 0u; c_13 < p11; c_13++) {
  let i_15 = i_14 + c_13;
  let v_16 = buffer0[i_15];
  let v_17 = (v_16 - vec4<f32>(v_9));
  let v_23 = (v_17 / vec4<f32>(v_22));
  let i_25 = i_24 + c_13;
  let v_26 = buffer2[i_25];
  let v_27 = (v_23 * v_26);
  let i_29 = i_28 + c_13;
  let v_30 = buffer3[i_29];
  let v_31 = (v_27 + v_30);
  let i_33 = i_32 + c_13;
  buffer4[i_33] = v_31;
}
}

// shader 16
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 4>;
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
let p10 = P[2].z;
let p11 = P[2].w;
let p12 = P[3].x;
let p13 = P[3].y;
let p14 = P[3].z;
let p15 = P[3].w;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = vec4<f32>(0);
let i_5 = p5 + t_2 * p6 + t_1 * p7;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4;
  let v_7 = buffer0[i_6];
  let v_8 = (v_7 * v_7);
  s_3 += v_8;
}
let f_9 = (s_3.x + s_3.y) + (s_3.z + s_3.w);
let i_11 = p9 + t_2 * p10 + t_1 * p11;
let v_14 = bitcast<f32>(p12);
let v_15 = max(f_9, v_14);
let v_16 = sqrt(v_15);
let i_18 = p13 + t_2 * p14 + t_1 * p15;
for (var c_10 = 0u; c_10 < p8; c_10++) {
  let i_12 = i_11 + c_10;
  let v_13 = buffer0[i_12];
  let v_17 = (v_13 / vec4<f32>(v_16));
  let i_19 = i_18 + c_10;
  buffer1[i_19] = v_17;
}
}

// shader 17
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
let p10 = P[2].z;
let p11 = P[2].w;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = f32(bitcast<f32>(p3));
let i_5 = p5 + t_2 * p6 + t_1 * p7;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4 * p8;
  let v_7 = buffer0[i_6];
  s_3 = max(s_3, v_7);
}
let i_8 = p9 + t_2 * p10 + t_1 * p11;
buffer1[i_8] = s_3;
}

// shader 18
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 13>;
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
let p26 = P[6].z;
let p27 = P[6].w;
let p28 = P[7].x;
let p29 = P[7].y;
let p30 = P[7].z;
let p31 = P[7].w;
let p32 = P[8].x;
let p33 = P[8].y;
let p34 = P[8].z;
let p35 = P[8].w;
let p36 = P[9].x;
let p37 = P[9].y;
let p38 = P[9].z;
let p39 = P[9].w;
let p40 = P[10].x;
let p41 = P[10].y;
let p42 = P[10].z;
let p43 = P[10].w;
let p44 = P[11].x;
let p45 = P[11].y;
let p46 = P[11].z;
let p47 = P[11].w;
let p48 = P[12].x;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = f32(bitcast<f32>(p3));
var s_4 = f32(bitcast<f32>(p4));
let i_6 = p6 + t_2 * p7 + t_1 * p8;
let i_9 = p9 + t_2 * p10 + t_1 * p11;
let v_10 = buffer1[i_9];
let i_12 = p12 + t_2 * p13 + t_1 * p14;
for (var c_5 = 0u; c_5 < p5; c_5++) {
  let i_7 = i_6 + c_5;
  let v_8 = buffer0[i_7];
  let v_11 = (v_8 / v_10);
  let i_13 = i_12 + c_5 * p15;
  let v_14 = buffer0[i_13];
  let v_15 = (v_14 / v_10);
  s_3 = max(s_3, v_11);
  s_4 = max(s_4, v_15);
}
var s_16 = f32(0);
var s_17 = f32(0);
var s_18 = f32(0);
var s_19 = f32(0);
let i_21 = p21 + t_2 * p22 + t_1 * p23;
let i_27 = p24 + t_2 * p25 + t_1 * p26;
let i_30 = p27 + t_2 * p28 + t_1 * p29;
let v_31 = i32(i_30);
let i_34 = p30 + t_2 * p31 + t_1 * p32;
for (var c_20 = 0u; c_20 < p20; c_20++) {
  let i_22 = i_21 + c_20;
  let v_23 = buffer0[i_22];
  let v_24 = (v_23 / v_10);
  let v_25 = (v_24 - s_3);
  let v_26 = exp(v_25);
  let i_28 = i_27 + c_20;
  let v_29 = i32(i_28);
  let v_32 = (v_29 == v_31);
  let v_33 = select(0.0, v_25, v_32);
  let i_35 = i_34 + c_20 * p33;
  let v_36 = buffer0[i_35];
  let v_37 = (v_36 / v_10);
  let v_38 = (v_37 - s_4);
  let v_39 = exp(v_38);
  s_16 += v_26;
  s_17 += v_33;
  s_18 += v_25;
  s_19 += v_39;
}
let i_40 = p34 + t_2 * p35 + t_1 * p36;
buffer2[i_40] = s_16;
let i_41 = p37 + t_2 * p38 + t_1 * p39;
buffer3[i_41] = s_17;
let i_42 = p40 + t_2 * p41 + t_1 * p42;
buffer4[i_42] = s_18;
let i_43 = p43 + t_2 * p44 + t_1 * p45;
buffer5[i_43] = s_4;
let i_44 = p46 + t_2 * p47 + t_1 * p48;
buffer6[i_44] = s_19;
}

// shader 19
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 6>;
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
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = f32(0);
let i_5 = p5 + t_2 * p6 + t_1 * p7;
let v_8 = i32(p8);
let i_10 = p9 + t_2 * p10 + t_1 * p11;
let i_14 = p12 + t_2 * p13 + t_1 * p14;
let v_17 = bitcast<f32>(p15);
let i_19 = p16 + t_2 * p17 + t_1 * p18;
let v_22 = bitcast<f32>(p19);
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4;
  let v_7 = i32(i_6);
  let v_9 = (v_7 == v_8);
  let i_11 = i_10 + c_4;
  let v_12 = buffer0[i_11];
  let v_13 = log(v_12);
  let i_15 = i_14 + c_4;
  let v_16 = buffer1[i_15];
  let v_18 = (v_16 * v_17);
  let i_20 = i_19 + c_4;
  let v_21 = buffer2[i_20];
  let v_23 = (v_21 * v_22);
  let v_24 = (v_18 + v_23);
  let v_25 = (v_13 - v_24);
  let v_26 = select(v_25, 0.0, v_9);
  s_3 += v_26;
}
let i_27 = p20 + t_2 * p21 + t_1 * p22;
buffer3[i_27] = s_3;
}

// shader 20
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 7>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
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
let p26 = P[6].z;
let p27 = P[6].w;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = f32(0);
var s_4 = f32(0);
let i_6 = p6 + t_2 * p7 + t_1 * p8;
let i_9 = p9 + t_2 * p10 + t_1 * p11;
let v_10 = i32(i_9);
let i_12 = p12 + t_2 * p13 + t_1 * p14;
let i_15 = p16 + t_2 * p17 + t_1 * p18;
let v_16 = buffer1[i_15];
let i_18 = p19 + t_2 * p20 + t_1 * p21;
let v_19 = buffer2[i_18];
for (var c_5 = 0u; c_5 < p5; c_5++) {
  let i_7 = i_6 + c_5;
  let v_8 = i32(i_7);
  let v_11 = (v_8 == v_10);
  let i_13 = i_12 + c_5 * p15;
  let v_14 = buffer0[i_13];
  let v_17 = (v_14 / v_16);
  let v_20 = (v_17 - v_19);
  let v_21 = select(0.0, v_20, v_11);
  s_3 += v_21;
  s_4 += v_20;
}
let i_22 = p22 + t_2 * p23 + t_1 * p24;
buffer3[i_22] = s_3;
let i_23 = p25 + t_2 * p26 + t_1 * p27;
buffer4[i_23] = s_4;
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
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 11>;
@group(0) @binding(1) var<storage, read> buffer0: array<f32>;
@group(0) @binding(2) var<storage, read> buffer1: array<f32>;
@group(0) @binding(3) var<storage, read> buffer2: array<i32>;
@group(0) @binding(4) var<storage, read_write> buffer3: array<i32>;
@group(0) @binding(5) var<storage, read_write> buffer4: array<i32>;
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
let p26 = P[6].z;
let p27 = P[6].w;
let p28 = P[7].x;
let p29 = P[7].y;
let p30 = P[7].z;
let p31 = P[7].w;
let p32 = P[8].x;
let p33 = P[8].y;
let p34 = P[8].z;
let p35 = P[8].w;
let p36 = P[9].x;
let p37 = P[9].y;
let p38 = P[9].z;
let p39 = P[9].w;
let p40 = P[10].x;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = f32(bitcast<f32>(p3));
var s_3_at = 0;
var s_4 = f32(bitcast<f32>(p4));
var s_4_at = 0;
let i_6 = p6 + t_2 * p7 + t_1 * p8;
let v_7 = i32(i_6);
let i_8 = p9 + t_2 * p10 + t_1 * p11;
let v_12 = bitcast<f32>(p12);
let i_13 = p13 + t_2 * p14 + t_1 * p15;
let i_16 = p17 + t_2 * p18 + t_1 * p19;
let v_17 = buffer1[i_16];
let i_20 = p20 + t_2 * p21 + t_1 * p22;
let v_21 = buffer2[i_20];
let i_22 = p23 + t_2 * p24 + t_1 * p25;
let v_23 = buffer2[i_22];
let i_24 = p27 + t_2 * p28 + t_1 * p29;
let v_27 = bitcast<f32>(p30);
let i_35 = p31 + t_2 * p32 + t_1 * p33;
for (var c_5 = 0u; c_5 < p5; c_5++) {
  let i_9 = i_8 + c_5;
  let v_10 = i32(i_9);
  let v_11 = (v_7 == v_10);
  let i_14 = i_13 + c_5 * p16;
  let v_15 = buffer0[i_14];
  let v_18 = (v_15 / v_17);
  let v_19 = select(v_18, v_12, v_11);
  let i_25 = i_24 + c_5;
  let v_26 = philox4((i_25) >> 2u, p26, vec2<u32>(u32(v_21), u32(v_23)))[(i_25) & 3u];
  let v_28 = max(v_26, v_27);
  let v_29 = log(v_28);
  let v_30 = (-v_29);
  let v_31 = max(v_30, v_27);
  let v_32 = log(v_31);
  let v_33 = (-v_32);
  let v_34 = (v_19 + v_33);
  let i_36 = i_35 + c_5;
  let v_37 = buffer0[i_36];
  let v_38 = (v_37 / v_17);
  let v_39 = select(v_38, v_12, v_11);
  let v_40 = philox4((i_25) >> 2u, p34, vec2<u32>(u32(v_21), u32(v_23)))[(i_25) & 3u];
  let v_41 = max(v_40, v_27);
  let v_42 = log(v_41);
  let v_43 = (-v_42);
  let v_44 = max(v_43, v_27);
  let v_45 = log(v_44);
  let v_46 = (-v_45);
  let v_47 = (v_39 + v_46);
  if (v_34 > s_3) { s_3 = v_34; s_3_at = i32(i_9); }
  if (v_47 > s_4) { s_4 = v_47; s_4_at = i32(i_9); }
}
let i_48 = p35 + t_2 * p36 + t_1 * p37;
buffer3[i_48] = s_3_at;
let i_49 = p38 + t_2 * p39 + t_1 * p40;
buffer4[i_49] = s_4_at;
}

// shader 23
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

// shader 24
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

// shader 25
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 14>;
@group(0) @binding(1) var<storage, read> buffer0: array<i32>;
@group(0) @binding(2) var<storage, read> buffer1: array<i32>;
@group(0) @binding(3) var<storage, read> buffer2: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> buffer3: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> buffer4: array<vec4<f32>>;
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
let p26 = P[6].z;
let p27 = P[6].w;
let p28 = P[7].x;
let p29 = P[7].y;
let p30 = P[7].z;
let p31 = P[7].w;
let p32 = P[8].x;
let p33 = P[8].y;
let p34 = P[8].z;
let p35 = P[8].w;
let p36 = P[9].x;
let p37 = P[9].y;
let p38 = P[9].z;
let p39 = P[9].w;
let p40 = P[10].x;
let p41 = P[10].y;
let p42 = P[10].z;
let p43 = P[10].w;
let p44 = P[11].x;
let p45 = P[11].y;
let p46 = P[11].z;
let p47 = P[11].w;
let p48 = P[12].x;
let p49 = P[12].y;
let p50 = P[12].z;
let p51 = P[12].w;
let p52 = P[13].x;
let p53 = P[13].y;
let p54 = P[13].z;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = vec4<f32>(0);
let i_7 = p11 + t_2 * p12 + t_1 * p13;
let q_8 = min(i_7, p18);
let i_9 = p15 + t_2 * p16 + t_1 * p17 + q_8;
let v_10 = i32(i_9);
let i_12 = p23 + t_2 * p24 + t_1 * p25;
let q_11 = min(i_12, p26);
let i_13 = p20 + t_2 * p21 + t_1 * p22 + q_11;
let v_14 = i32(i_13);
let i_16 = p30 + t_2 * p31 + t_1 * p32;
let q_15 = min(i_16, p33);
let i_17 = p27 + t_2 * p28 + t_1 * p29 + q_15;
let v_18 = buffer0[i_17];
let v_19 = select(v_18, v_14, (i_7) < p19);
let v_20 = select(v_19, v_10, (i_7) < p14);
let q_6 = u32(clamp(v_20, 0, i32(p34)));
let i_21 = p8 + t_2 * p9 + t_1 * p10 + q_6 * p35;
let v_22 = buffer1[i_21];
let q_5 = u32(clamp(v_22, 0, i32(p36)));
let i_23 = p5 + t_2 * p6 + t_1 * p7 + q_5 * p37;
let i_26 = p38 + t_2 * p39 + t_1 * p40;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_24 = i_23 + c_4;
  let v_25 = buffer2[i_24];
  let i_27 = i_26 + c_4;
  let v_28 = buffer3[i_27];
  let v_29 = (v_25 + v_28);
  s_3 += v_29;
}
let f_30 = (s_3.x + s_3.y) + (s_3.z + s_3.w);
let i_32 = p42 + t_2 * p43 + t_1 * p44 + q_5 * p45;
let i_35 = p46 + t_2 * p47 + t_1 * p48;
let i_39 = p49 + t_2 * p50 + t_1 * p51;
for (var c_31 = 0u; c_31 < p41; c_31++) {
  let i_33 = i_32 + c_31;
  let v_34 = buffer2[i_33];
  let i_36 = i_35 + c_31;
  let v_37 = buffer3[i_36];
  let v_38 = (v_34 + v_37);
  let i_40 = i_39 + c_31;
  buffer4[i_40] = v_38;
}
let i_41 = p52 + t_2 * p53 + t_1 * p54;
buffer5[i_41] = f_30;
}

// shader 26
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 4>;
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
let p7 = P[1].w;
let p8 = P[2].x;
let p9 = P[2].y;
let p10 = P[2].z;
let p11 = P[2].w;
let p12 = P[3].x;
let p13 = P[3].y;
let p14 = P[3].z;
let p15 = P[3].w;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = vec4<f32>(0);
let i_5 = p5 + t_2 * p6 + t_1 * p7;
let i_8 = p8 + t_2 * p9 + t_1 * p10;
let v_9 = buffer1[i_8];
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4;
  let v_7 = buffer0[i_6];
  let v_10 = (v_7 - vec4<f32>(v_9));
  let v_11 = (v_10 * v_10);
  s_3 += v_11;
}
let f_12 = (s_3.x + s_3.y) + (s_3.z + s_3.w);
let v_13 = bitcast<f32>(p11);
let v_14 = (f_12 * v_13);
let v_15 = bitcast<f32>(p12);
let v_16 = (v_14 + v_15);
let v_17 = sqrt(v_16);
let i_18 = p13 + t_2 * p14 + t_1 * p15;
buffer2[i_18] = v_17;
}

// shader 27
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

// shader 28
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 5>;
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
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = vec4<f32>(bitcast<f32>(p3));
let i_5 = p5 + t_2 * p6 + t_1 * p7;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4;
  let v_7 = buffer0[i_6];
  s_3 = max(s_3, v_7);
}
let f_8 = max(max(s_3.x, s_3.y), max(s_3.z, s_3.w));
var s_9 = vec4<f32>(0);
let i_11 = p10 + t_2 * p11 + t_1 * p12;
for (var c_10 = 0u; c_10 < p9; c_10++) {
  let i_12 = i_11 + c_10;
  let v_13 = buffer0[i_12];
  let v_14 = (v_13 - vec4<f32>(f_8));
  let v_15 = exp(v_14);
  s_9 += v_15;
}
let f_16 = (s_9.x + s_9.y) + (s_9.z + s_9.w);
let i_18 = p14 + t_2 * p15 + t_1 * p16;
let i_24 = p17 + t_2 * p18 + t_1 * p19;
for (var c_17 = 0u; c_17 < p13; c_17++) {
  let i_19 = i_18 + c_17;
  let v_20 = buffer0[i_19];
  let v_21 = (v_20 - vec4<f32>(f_8));
  let v_22 = exp(v_21);
  let v_23 = (v_22 / vec4<f32>(f_16));
  let i_25 = i_24 + c_17;
  buffer1[i_25] = v_23;
}
}

// shader 29
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 6>;
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
var s_3 = vec4<f32>(0);
let i_5 = p5 + t_2 * p6 + t_1 * p7;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4;
  let v_7 = buffer0[i_6];
  s_3 += v_7;
}
let f_8 = (s_3.x + s_3.y) + (s_3.z + s_3.w);
var s_9 = vec4<f32>(0);
let i_11 = p10 + t_2 * p11 + t_1 * p12;
let v_14 = bitcast<f32>(p13);
let v_15 = (f_8 * v_14);
for (var c_10 = 0u; c_10 < p9; c_10++) {
  let i_12 = i_11 + c_10;
  let v_13 = buffer0[i_12];
  let v_16 = (v_13 - vec4<f32>(v_15));
  let v_17 = (v_16 * v_16);
  s_9 += v_17;
}
let f_18 = (s_9.x + s_9.y) + (s_9.z + s_9.w);
let v_19 = (f_18 * v_14);
let v_20 = bitcast<f32>(p14);
let v_21 = (v_19 + v_20);
let v_22 = sqrt(v_21);
let i_23 = p15 + t_2 * p16 + t_1 * p17;
buffer1[i_23] = v_15;
let i_24 = p18 + t_2 * p19 + t_1 * p20;
buffer2[i_24] = v_22;
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

// shader 31
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

// shader 32
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

// shader 33
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 4>;
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
let i_5 = p5 + t_2 * p6 + t_1 * p7;
let i_8 = p9 + t_2 * p10 + t_1 * p11;
let v_9 = buffer1[i_8];
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4 * p8;
  let v_7 = buffer0[i_6];
  let v_10 = (v_7 + v_9);
  s_3 += v_10;
}
let i_11 = p12 + t_2 * p13 + t_1 * p14;
buffer2[i_11] = s_3;
}

// shader 34
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 7>;
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
let p26 = P[6].z;
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = f32(bitcast<f32>(p3));
let i_5 = p5 + t_2 * p6 + t_1 * p7;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4;
  let v_7 = buffer0[i_6];
  let v_8 = (v_7 * 0.5);
  s_3 = max(s_3, v_8);
}
var s_9 = f32(0);
var s_10 = f32(0);
let i_12 = p11 + t_2 * p12 + t_1 * p13;
let i_18 = p14 + t_2 * p15 + t_1 * p16;
let i_21 = p17 + t_2 * p18 + t_1 * p19;
let v_22 = i32(i_21);
let v_23 = i32(p20);
let v_24 = (v_22 < v_23);
let v_25 = i32(v_24);
for (var c_11 = 0u; c_11 < p10; c_11++) {
  let i_13 = i_12 + c_11;
  let v_14 = buffer0[i_13];
  let v_15 = (v_14 * 0.5);
  let v_16 = (v_15 - s_3);
  let v_17 = exp(v_16);
  let i_19 = i_18 + c_11;
  let v_20 = i32(i_19);
  let v_26 = (v_20 == v_25);
  let v_27 = select(0.0, v_16, v_26);
  s_9 += v_17;
  s_10 += v_27;
}
let i_28 = p21 + t_2 * p22 + t_1 * p23;
buffer1[i_28] = s_9;
let i_29 = p24 + t_2 * p25 + t_1 * p26;
buffer2[i_29] = s_10;
}

// shader 35
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 5>;
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
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = f32(0);
let i_5 = p5 + t_2 * p6 + t_1 * p7;
let v_8 = i32(p8);
let v_11 = i32(p9);
let i_13 = p10 + t_2 * p11 + t_1 * p12;
let i_17 = p13 + t_2 * p14 + t_1 * p15;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4;
  let v_7 = i32(i_6);
  let v_9 = (v_7 < v_8);
  let v_10 = i32(v_9);
  let v_12 = (v_10 == v_11);
  let i_14 = i_13 + c_4;
  let v_15 = buffer0[i_14];
  let v_16 = log(v_15);
  let i_18 = i_17 + c_4;
  let v_19 = buffer1[i_18];
  let v_20 = (v_16 - v_19);
  let v_21 = select(v_20, 0.0, v_12);
  s_3 += v_21;
}
let i_22 = p16 + t_2 * p17 + t_1 * p18;
buffer2[i_22] = s_3;
}

// shader 36
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

