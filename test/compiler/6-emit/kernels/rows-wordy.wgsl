// shader 0, grid 1 x 1 x 1, buffers: x, y, z, slot 0
// P = 64 10 10 4286578688 4 0 0 4 0 0 4 0 0 4 4286578688 4 0 0 4 0 0 4 0 0 4 4 0 0 4 0 0 4 0 0 4 0 0 4 0 0

// shader 0
@group(0) @binding(0) var<uniform> P: array<vec4<u32>, 10>;
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
var s_3 = vec4<f32>(bitcast<f32>(p3));
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
let f_16 = max(max(s_3.x, s_3.y), max(s_3.z, s_3.w));
var s_17 = vec4<f32>(0);
let i_19 = p16 + t_2 * p17 + t_1 * p18;
let i_22 = p19 + t_2 * p20 + t_1 * p21;
let i_26 = p22 + t_2 * p23 + t_1 * p24;
for (var c_18 = 0u; c_18 < p15; c_18++) {
  let i_20 = i_19 + c_18;
  let v_21 = buffer0[i_20];
  let i_23 = i_22 + c_18;
  let v_24 = buffer1[i_23];
  let v_25 = (v_21 + v_24);
  let i_27 = i_26 + c_18;
  let v_28 = buffer2[i_27];
  let v_29 = (v_25 + v_28);
  let v_30 = (v_29 - vec4<f32>(f_16));
  let v_31 = exp(v_30);
  s_17 += v_31;
}
let f_32 = (s_17.x + s_17.y) + (s_17.z + s_17.w);
let i_34 = p26 + t_2 * p27 + t_1 * p28;
let i_37 = p29 + t_2 * p30 + t_1 * p31;
let i_41 = p32 + t_2 * p33 + t_1 * p34;
let i_48 = p35 + t_2 * p36 + t_1 * p37;
for (var c_33 = 0u; c_33 < p25; c_33++) {
  let i_35 = i_34 + c_33;
  let v_36 = buffer0[i_35];
  let i_38 = i_37 + c_33;
  let v_39 = buffer1[i_38];
  let v_40 = (v_36 + v_39);
  let i_42 = i_41 + c_33;
  let v_43 = buffer2[i_42];
  let v_44 = (v_40 + v_43);
  let v_45 = (v_44 - vec4<f32>(f_16));
  let v_46 = exp(v_45);
  let v_47 = (v_46 / vec4<f32>(f_32));
  let i_49 = i_48 + c_33;
  buffer3[i_49] = v_47;
}
}
