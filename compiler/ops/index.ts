/** The table of operations: every op of the graph and its rule. */
import type { Rules } from "../ir/rule.ts";
import { argmax } from "./argmax.ts";
import { attention } from "./attention.ts";
import { attentionGradient } from "./attention-gradient.ts";
import { broadcast } from "./broadcast.ts";
import { concat } from "./concat.ts";
import {
  add,
  cast,
  div,
  equal,
  erf,
  exp,
  finite,
  less,
  log,
  max,
  mul,
  neg,
  select,
  sqrt,
  stopGradient,
  sub,
  tanh,
} from "./elementwise.ts";
import { gather } from "./gather.ts";
import { matmul } from "./matmul.ts";
import { pack } from "./pack.ts";
import { pad } from "./pad.ts";
import { reduce } from "./reduce.ts";
import { reshape } from "./reshape.ts";
import { scatterAdd } from "./scatter-add.ts";
import { slice } from "./slice.ts";
import { constant, input, iota, parameter, random } from "./sources.ts";
import { transpose } from "./transpose.ts";

export const rules = {
  input,
  parameter,
  constant,
  iota,
  random,
  neg,
  exp,
  log,
  sqrt,
  tanh,
  erf,
  finite,
  cast,
  stopGradient,
  add,
  sub,
  mul,
  div,
  max,
  less,
  equal,
  select,
  reduce,
  argmax,
  matmul,
  attention,
  attentionGradient,
  reshape,
  transpose,
  broadcast,
  slice,
  pad,
  concat,
  pack,
  gather,
  scatterAdd,
} satisfies Rules;
