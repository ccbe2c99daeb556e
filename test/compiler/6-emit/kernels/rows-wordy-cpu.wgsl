// shader 0, grid 1 x 1 x 1, buffers: x, y, z, slot 0
// P = 64 10 10 4286578688 16 0 0 16 0 0 16 0 0 16 4286578688 16 0 0 16 0 0 16 0 0 16 16 0 0 16 0 0 16 0 0 16 0 0 16 0 0

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 10>;
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
let t = id.x + id.y * p0;
if (t >= p1) { return; }
let t_2 = t / p2;
let t_1 = t - t_2 * p2;
var s_3 = f32(bitcast<f32>(p3));
let i_5 = p5 + t_2 * p6 + t_1 * p7;
let i_8 = p8 + t_2 * p9 + t_1 * p10;
let i_12 = p11 + t_2 * p12 + t_1 * p13;
for (var c_4 = 0u; c_4 < p4; c_4++) {
  let i_6 = i_5 + c_4;
  let v_7 = buffer0[i_6];
  let i_9 = i_8 + c_4;
  let v_10 = buffer1[i_9];
  let v_11 = (v_7 + v_10);
  let i_13 = i_12 + c_4;
  let v_14 = buffer2[i_13];
  let v_15 = (v_11 + v_14);
  s_3 = max(s_3, v_15);
}
var s_16 = f32(0);
let i_18 = p16 + t_2 * p17 + t_1 * p18;
let i_21 = p19 + t_2 * p20 + t_1 * p21;
let i_25 = p22 + t_2 * p23 + t_1 * p24;
for (var c_17 = 0u; c_17 < p15; c_17++) {
  let i_19 = i_18 + c_17;
  let v_20 = buffer0[i_19];
  let i_22 = i_21 + c_17;
  let v_23 = buffer1[i_22];
  let v_24 = (v_20 + v_23);
  let i_26 = i_25 + c_17;
  let v_27 = buffer2[i_26];
  let v_28 = (v_24 + v_27);
  let v_29 = (v_28 - s_3);
  let v_30 = exp(v_29);
  s_16 += v_30;
}
let i_32 = p26 + t_2 * p27 + t_1 * p28;
let i_35 = p29 + t_2 * p30 + t_1 * p31;
let i_39 = p32 + t_2 * p33 + t_1 * p34;
let i_46 = p35 + t_2 * p36 + t_1 * p37;
for (var c_31 = 0u; c_31 < p25; c_31++) {
  let i_33 = i_32 + c_31;
  let v_34 = buffer0[i_33];
  let i_36 = i_35 + c_31;
  let v_37 = buffer1[i_36];
  let v_38 = (v_34 + v_37);
  let i_40 = i_39 + c_31;
  let v_41 = buffer2[i_40];
  let v_42 = (v_38 + v_41);
  let v_43 = (v_42 - s_3);
  let v_44 = exp(v_43);
  let v_45 = (v_44 / s_16);
  let i_47 = i_46 + c_31;
  buffer3[i_47] = v_45;
}
}
