/** Hand numbers: at least one small case an op. Worked out by hand, not by this program. */
import type { Builder } from "../../compiler/ir/builder.ts";
import type { Node, NodeOf } from "../../compiler/ir/node.ts";
import type { OpName } from "../../compiler/ir/signatures.ts";

export interface OpCase {
  readonly op: OpName;
  /** What is special about it. */
  readonly about: string;
  readonly make: (b: Builder) => Node;
  /** Inputs by name, parameters by path. */
  readonly given?: Readonly<Record<string, readonly number[]>>;
  readonly type: string;
  readonly expected: readonly number[];
  /** Largest absolute error of the reference; 0 when absent. */
  readonly within?: number;
}

const x23 = [1, 2, 3, 4, 5, 6];

/** 0, 1, …, count - 1. */
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const attentionGiven = {
  queries: [1, 0, 5, 6],
  keys: [2 * Math.log(3), 0, 0, 0],
  values: [4, 8, 8, 0],
  visible: [1, 1, 0, 0],
};

function attentionOf(b: Builder): NodeOf<"attention"> {
  const tokens = (name: string) => b.input(name, [1, 1, 2, 2]);
  const visible = b.equal(b.input("visible", [2, 2], "i32"), 1);
  return b.attention(tokens("queries"), tokens("keys"), tokens("values"), { scale: 0.5, visible });
}

/** With the adjoint [1, 0] of the first query and [0, 1] of the second. */
function attentionAdjoint(b: Builder, to: "queries" | "keys" | "values"): Node {
  const { inputs } = attentionOf(b);
  const logSum = b.make("attention", inputs, { scale: 0.5, gives: "logSum" });
  const adjoint = b.constant([1, 0, 0, 1], [1, 2, 1, 2]);
  const along = b.constant([5, 4], [1, 1, 2]);
  return b.make("attentionGradient", [...inputs, logSum, adjoint, along], { scale: 0.5, to });
}

export const cases: readonly OpCase[] = [
  {
    op: "input",
    about: "as given",
    make: (b) => b.input("x", [2]),
    given: { x: [1.5, -2] },
    type: "f32[2]",
    expected: [1.5, -2],
  },
  {
    op: "parameter",
    about: "as given",
    make: (b) => b.parameter("p.w", [2, 1]),
    given: { "p.w": [3, 4] },
    type: "f32[2,1]",
    expected: [3, 4],
  },
  {
    op: "constant",
    about: "one value repeated",
    make: (b) => b.constant(7, [2, 2]),
    type: "f32[2,2]",
    expected: [7, 7, 7, 7],
  },
  {
    op: "constant",
    about: "a value an element",
    make: (b) => b.constant([1, 0, -1], [3], "i32"),
    type: "i32[3]",
    expected: [1, 0, -1],
  },
  {
    op: "constant",
    about: "a scalar",
    make: (b) => b.constant(2.5),
    type: "f32[]",
    expected: [2.5],
  },
  {
    op: "iota",
    about: "outer axis",
    make: (b) => b.iota([2, 3], 0),
    type: "i32[2,3]",
    expected: [0, 0, 0, 1, 1, 1],
  },
  {
    op: "iota",
    about: "inner axis",
    make: (b) => b.iota([2, 3], 1),
    type: "i32[2,3]",
    expected: [0, 1, 2, 0, 1, 2],
  },
  {
    // Random123: counter 0, key 0 gives 6627e8d5 e169c58d bc57ac4c 9b00dbd8; the upper 24 bits count.
    op: "random",
    about: "published words",
    make: (b) => b.random(b.input("seed", [2], "i32"), [2, 2], 0),
    given: { seed: [0, 0] },
    type: "f32[2,2]",
    expected: [0x6627e8 / 2 ** 24, 0xe169c5 / 2 ** 24, 0xbc57ac / 2 ** 24, 0x9b00db / 2 ** 24],
  },
  {
    op: "neg",
    about: "both signs",
    make: (b) => b.neg(b.input("x", [3])),
    given: { x: [1, -2, 0.5] },
    type: "f32[3]",
    expected: [-1, 2, -0.5],
  },
  {
    op: "neg",
    about: "integers",
    make: (b) => b.neg(b.input("x", [2], "i32")),
    given: { x: [7, -9] },
    type: "i32[2]",
    expected: [-7, 9],
  },
  {
    op: "exp",
    about: "powers of e",
    make: (b) => b.exp(b.input("x", [3])),
    given: { x: [0, 1, -1] },
    type: "f32[3]",
    expected: [1, Math.E, 0.36787944117144233],
    within: 1e-15,
  },
  {
    op: "log",
    about: "natural",
    make: (b) => b.log(b.input("x", [3])),
    given: { x: [1, 2, 10] },
    type: "f32[3]",
    expected: [0, Math.LN2, Math.LN10],
    within: 1e-15,
  },
  {
    op: "sqrt",
    about: "squares",
    make: (b) => b.sqrt(b.input("x", [4])),
    given: { x: [0, 4, 2.25, 1e-4] },
    type: "f32[4]",
    expected: [0, 2, 1.5, 0.01],
    within: 1e-15,
  },
  {
    op: "tanh",
    about: "odd, and flat far out",
    make: (b) => b.tanh(b.input("x", [4])),
    given: { x: [0, 1, -1, 40] },
    type: "f32[4]",
    expected: [0, 0.7615941559557649, -0.7615941559557649, 1],
    within: 1e-15,
  },
  {
    // Abramowitz & Stegun, table 7.1; the last from erfc(4) = 1.541725790028002e-8.
    op: "erf",
    about: "printed tables, either side of the change of method at 3",
    make: (b) => b.erf(b.input("x", [7])),
    given: { x: [0, 0.5, -0.5, 1, 2, 4, 9] },
    type: "f32[7]",
    expected: [
      0,
      0.5204998778130465,
      -0.5204998778130465,
      0.8427007929497149,
      0.9953222650189527,
      1 - 1.541725790028002e-8,
      1,
    ],
    within: 1e-14,
  },
  {
    op: "finite",
    about: "neither a quotient by zero nor a sum beyond f32",
    make: (b) => {
      const x = b.input("x", [5]);
      return b.finite(b.add(b.div(x, b.input("y", [5])), x));
    },
    given: { x: [1, 0, 3e38, -3e38, -5], y: [0, 0, 1, 3, 2] },
    type: "bool[5]",
    expected: [0, 0, 0, 0, 1],
  },
  {
    op: "cast",
    about: "to i32 goes toward zero",
    make: (b) => b.cast(b.input("x", [4]), "i32"),
    given: { x: [1.9, -1.9, 0.2, -0.2] },
    type: "i32[4]",
    expected: [1, -1, 0, 0],
  },
  {
    op: "cast",
    about: "i32 and bool to f32",
    make: (b) =>
      b.add(b.cast(b.input("i", [3], "i32"), "f32"), b.cast(b.less(b.input("x", [3]), 0), "f32")),
    given: { i: [5, -5, 0], x: [-1, 1, -2] },
    type: "f32[3]",
    expected: [6, -5, 1],
  },
  {
    op: "cast",
    about: "to bool is unequal to zero",
    make: (b) => b.cast(b.input("x", [4]), "bool"),
    given: { x: [2.5, 0, -1, 0.25] },
    type: "bool[4]",
    expected: [1, 0, 1, 1],
  },
  {
    op: "cast",
    about: "to f16 goes to the nearest of eleven bits, ties to even",
    make: (b) => b.cast(b.input("x", [9]), "f16"),
    given: { x: [2049, 2051, -2050.5, 1 / 3, 65519.9, 2 ** -25, 3 * 2 ** -25, 1e-7, -0.1] },
    type: "f16[9]",
    expected: [2048, 2052, -2050, 0.333251953125, 65504, 0, 2 ** -23, 2 ** -23, -0.0999755859375],
  },
  {
    op: "matmul",
    about: "of halves: products and sums are f32",
    make: (b) => {
      const half = (name: string, shape: readonly number[]) => b.cast(b.input(name, shape), "f16");
      return b.matmul(half("x", [1, 2]), half("y", [2, 1]));
    },
    given: { x: [2049, 0.25], y: [33, 1] },
    type: "f32[1,1]",
    expected: [67584.25],
  },
  {
    op: "stopGradient",
    about: "values pass",
    make: (b) => b.stopGradient(b.input("x", [2])),
    given: { x: [3, -4] },
    type: "f32[2]",
    expected: [3, -4],
  },
  {
    op: "add",
    about: "a row to a matrix",
    make: (b) => b.add(b.input("x", [2, 3]), b.input("y", [3])),
    given: { x: x23, y: [10, 20, 30] },
    type: "f32[2,3]",
    expected: [11, 22, 33, 14, 25, 36],
  },
  {
    op: "sub",
    about: "a column from a row",
    make: (b) => b.sub(b.input("x", [3]), b.input("y", [2, 1])),
    given: { x: [1, 2, 3], y: [10, 20] },
    type: "f32[2,3]",
    expected: [-9, -8, -7, -19, -18, -17],
  },
  {
    op: "mul",
    about: "by a number",
    make: (b) => b.mul(b.input("x", [2, 2]), 0.5),
    given: { x: [1, -2, 3, 8] },
    type: "f32[2,2]",
    expected: [0.5, -1, 1.5, 4],
  },
  {
    op: "div",
    about: "floats",
    make: (b) => b.div(1, b.input("x", [3])),
    given: { x: [2, -4, 0.5] },
    type: "f32[3]",
    expected: [0.5, -0.25, 2],
  },
  {
    op: "div",
    about: "integers go toward zero",
    make: (b) => b.div(b.input("x", [4], "i32"), b.input("y", [4], "i32")),
    given: { x: [7, -7, 7, 6], y: [2, 2, -2, 3] },
    type: "i32[4]",
    expected: [3, -3, -3, 2],
  },
  {
    op: "max",
    about: "of two",
    make: (b) => b.max(b.input("x", [3]), b.input("y", [3])),
    given: { x: [1, -5, 3], y: [2, -6, 3] },
    type: "f32[3]",
    expected: [2, -5, 3],
  },
  {
    op: "less",
    about: "strictly",
    make: (b) => b.less(b.input("x", [3]), b.input("y", [3])),
    given: { x: [1, 2, 3], y: [2, 2, 2] },
    type: "bool[3]",
    expected: [1, 0, 0],
  },
  {
    op: "equal",
    about: "integers",
    make: (b) => b.equal(b.input("x", [3], "i32"), 2),
    given: { x: [1, 2, 3] },
    type: "bool[3]",
    expected: [0, 1, 0],
  },
  {
    op: "select",
    about: "first where the condition holds",
    make: (b) => b.select(b.less(b.input("c", [3]), 0), b.input("x", [2, 3]), 9),
    given: { c: [-1, 1, -1], x: x23 },
    type: "f32[2,3]",
    expected: [1, 9, 3, 4, 9, 6],
  },
  {
    op: "reduce",
    about: "sum of the inner axis",
    make: (b) => b.sum(b.input("x", [2, 3]), [1]),
    given: { x: x23 },
    type: "f32[2]",
    expected: [6, 15],
  },
  {
    op: "reduce",
    about: "sum of the outer axis",
    make: (b) => b.sum(b.input("x", [2, 3]), [0]),
    given: { x: x23 },
    type: "f32[3]",
    expected: [5, 7, 9],
  },
  {
    op: "reduce",
    about: "sum of first and last of three",
    make: (b) => b.sum(b.input("x", [2, 3, 2]), [0, 2]),
    given: { x: upTo(12) },
    type: "f32[3]",
    // (0+1+6+7), (2+3+8+9), (4+5+10+11)
    expected: [14, 22, 30],
  },
  {
    op: "reduce",
    about: "greatest of all, all below zero",
    make: (b) => b.reduce("max", b.input("x", [2, 2]), [0, 1]),
    given: { x: [-3, -1, -2, -7] },
    type: "f32[]",
    expected: [-1],
  },
  {
    op: "reduce",
    about: "sum of integers",
    make: (b) => b.sum(b.input("x", [2, 2], "i32"), [0]),
    given: { x: [1, 2, 3, -4] },
    type: "i32[2]",
    expected: [4, -2],
  },
  {
    op: "argmax",
    about: "first of equals, outer axis",
    make: (b) => b.argmax(b.input("x", [3, 2]), 0),
    given: { x: [1, 5, 4, 5, 4, 2] },
    type: "i32[2]",
    expected: [1, 0],
  },
  {
    op: "argmax",
    about: "all below zero, inner axis",
    make: (b) => b.argmax(b.input("x", [2, 3]), -1),
    given: { x: [-3, -2, -1, -1, -2, -3] },
    type: "i32[2]",
    expected: [2, 0],
  },
  {
    op: "matmul",
    about: "2x3 by 3x2",
    make: (b) => b.matmul(b.input("x", [2, 3]), b.input("y", [3, 2])),
    given: { x: x23, y: [7, 8, 9, 10, 11, 12] },
    type: "f32[2,2]",
    expected: [58, 64, 139, 154],
  },
  {
    op: "matmul",
    about: "one matrix for a batch",
    make: (b) => b.matmul(b.input("x", [2, 1, 2]), b.input("y", [2, 2])),
    given: { x: [1, 2, 3, 4], y: [0, 1, 1, 10] },
    type: "f32[2,1,2]",
    expected: [2, 21, 4, 43],
  },
  {
    op: "reshape",
    about: "row-major order stays",
    make: (b) => b.reshape(b.input("x", [2, 3]), [3, -1]),
    given: { x: x23 },
    type: "f32[3,2]",
    expected: x23,
  },
  {
    op: "transpose",
    about: "of a matrix",
    make: (b) => b.swap(b.input("x", [2, 3])),
    given: { x: x23 },
    type: "f32[3,2]",
    expected: [1, 4, 2, 5, 3, 6],
  },
  {
    op: "transpose",
    about: "axes 0 1 2 become 2 0 1",
    make: (b) => b.transpose(b.input("x", [2, 3, 2]), [2, 0, 1]),
    given: { x: upTo(12) },
    type: "f32[2,2,3]",
    expected: [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11],
  },
  {
    op: "broadcast",
    about: "a column to a matrix",
    make: (b) => b.broadcastTo(b.input("x", [2, 1]), [2, 3]),
    given: { x: [1, 2] },
    type: "f32[2,3]",
    expected: [1, 1, 1, 2, 2, 2],
  },
  {
    op: "broadcast",
    about: "new outer axes",
    make: (b) => b.broadcastTo(b.input("x", [2]), [2, 1, 2]),
    given: { x: [1, 2] },
    type: "f32[2,1,2]",
    expected: [1, 2, 1, 2],
  },
  {
    op: "slice",
    about: "a box",
    make: (b) => b.slice(b.slice(b.input("x", [3, 4]), 0, 1, 3), 1, 1, 3),
    given: { x: upTo(12) },
    type: "f32[2,2]",
    expected: [5, 6, 9, 10],
  },
  {
    op: "slice",
    about: "nothing left",
    make: (b) => b.slice(b.input("x", [3]), 0, 2, 2),
    given: { x: [1, 2, 3] },
    type: "f32[0]",
    expected: [],
  },
  {
    op: "pad",
    about: "before and after",
    make: (b) => b.pad(b.input("x", [2, 2]), 1, 1, 2),
    given: { x: [1, 2, 3, 4] },
    type: "f32[2,5]",
    expected: [0, 1, 2, 0, 0, 0, 3, 4, 0, 0],
  },
  {
    op: "concat",
    about: "three along the inner axis",
    make: (b) => b.concat([b.input("x", [2, 1]), b.input("y", [2, 2]), b.input("z", [2, 1])], 1),
    given: { x: [1, 2], y: [3, 4, 5, 6], z: [7, 8] },
    type: "f32[2,4]",
    expected: [1, 3, 4, 7, 2, 5, 6, 8],
  },
  {
    op: "concat",
    about: "two along the outer axis",
    make: (b) => b.concat([b.input("x", [1, 2]), b.input("y", [2, 2])], 0),
    given: { x: [1, 2], y: [3, 4, 5, 6] },
    type: "f32[3,2]",
    expected: [1, 2, 3, 4, 5, 6],
  },
  {
    op: "pack",
    about: "two, each from a multiple of 64, zeros behind them",
    make: (b) => b.pack([b.input("x", [2, 2]), b.input("y", [])]),
    given: { x: [1, 2, 3, 4], y: [5] },
    type: "f32[128]",
    expected: Array.from({ length: 128 }, (_, i) => (i < 4 ? i + 1 : i === 64 ? 5 : 0)),
  },
  {
    // Scores ln 3 and 0: shares 3/4 and 1/4. The second query sees neither key: both alike.
    op: "attention",
    about: "shares by score; alike where nothing is visible",
    make: (b) => attentionOf(b),
    given: attentionGiven,
    type: "f32[1,2,1,2]",
    expected: [0.75 * 4 + 0.25 * 8, 0.75 * 8, 6, 4],
    within: 1e-14,
  },
  {
    op: "attention",
    about: "logarithm of the sum: ln(3 + 1); the lowest f32 where nothing is visible",
    make: (b) => b.make("attention", attentionOf(b).inputs, { scale: 0.5, gives: "logSum" }),
    given: attentionGiven,
    type: "f32[1,1,2]",
    expected: [Math.log(4), -3.4028234663852886e38],
    within: 1e-14,
  },
  {
    // Adjoint [1, 0] of the first query: products 4 and 8 with the values, 5 on average, so the scores' adjoints are
    // 3/4 (4 - 5) and 1/4 (8 - 5); the query gets their sum with the keys, times the scale.
    op: "attentionGradient",
    about: "to the queries; nothing where nothing is visible",
    make: (b) => attentionAdjoint(b, "queries"),
    given: attentionGiven,
    type: "f32[1,1,2,2]",
    expected: [0.5 * -0.75 * 2 * Math.log(3), 0, 0, 0],
    within: 1e-14,
  },
  {
    op: "attentionGradient",
    about: "to the keys, which the first query alone sees",
    make: (b) => attentionAdjoint(b, "keys"),
    given: attentionGiven,
    type: "f32[1,1,2,2]",
    expected: [0.5 * -0.75, 0, 0.5 * 0.75, 0],
    within: 1e-14,
  },
  {
    op: "attentionGradient",
    about: "to the values: the adjoints by their shares",
    make: (b) => attentionAdjoint(b, "values"),
    given: attentionGiven,
    type: "f32[1,1,2,2]",
    expected: [0.75, 0.5, 0.25, 0.5],
    within: 1e-14,
  },
  {
    op: "gather",
    about: "a table of one row, whatever the index",
    make: (b) => b.gather(b.input("table", [1, 2]), b.input("at", [3], "i32")),
    given: { table: [5, 7], at: [0, 3, -2] },
    type: "f32[3,2]",
    expected: [5, 7, 5, 7, 5, 7],
  },
  {
    op: "gather",
    about: "rows, twice and in another order; indices outside are held to the ends",
    make: (b) => b.gather(b.input("table", [3, 2]), b.input("at", [2, 3], "i32")),
    given: { table: [1, 2, 3, 4, 5, 6], at: [2, 0, 2, -5, 1, 9] },
    type: "f32[2,3,2]",
    expected: [5, 6, 1, 2, 5, 6, 1, 2, 3, 4, 5, 6],
  },
  {
    op: "gather",
    about: "integers from a vector by a scalar",
    make: (b) => b.gather(b.input("table", [3], "i32"), b.input("at", [], "i32")),
    given: { table: [4, 5, 6], at: [1] },
    type: "i32[]",
    expected: [5],
  },
  {
    op: "scatterAdd",
    about: "equal rows are added; indices outside are held to the ends",
    make: (b) => b.scatterAdd(b.input("at", [4], "i32"), b.input("updates", [4, 2]), 3),
    given: { at: [2, 0, 2, -1], updates: [1, 2, 3, 4, 10, 20, 100, 200] },
    type: "f32[3,2]",
    expected: [103, 204, 0, 0, 11, 22],
  },
  {
    op: "scatterAdd",
    about: "numbers by a matrix of indices",
    make: (b) => b.scatterAdd(b.input("at", [2, 2], "i32"), b.input("updates", [2, 2]), 4),
    given: { at: [3, 1, 1, 7], updates: [1, 2, 3, 4] },
    type: "f32[4]",
    expected: [0, 5, 0, 5],
  },
];
