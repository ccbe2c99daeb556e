/** Graphs for kernels: every op on shapes that hurt, operands in every layout, and what stands after a product. */
import type { Node } from "../../compiler/ir/node.ts";
import type { OpName } from "../../compiler/ir/signatures.ts";
import { elements } from "../../compiler/ir/tensor-type.ts";
import { gelu, layerNorm, softmax } from "./composites.ts";
import { someAxes } from "./differentiable.ts";
import { type Draft, randomShape } from "./draft.ts";

export interface KernelCase {
  readonly name: string;
  readonly op?: OpName;
  /** Shapes in one program; 10 when absent. */
  readonly shapes?: number;
  readonly make: (draft: Draft) => Node;
}

/** Ones, primes, multiples of 4, and neither. */
const sizes = [
  1, 1, 2, 3, 4, 5, 6, 7, 8, 11, 13, 16, 17, 31, 32, 37, 64, 67, 97, 128, 131, 193, 200,
];
const shapeOf = ({ random }: Draft, rank = random.integer(0, 4)): number[] =>
  randomShape(random, sizes, 4000, rank);
const few = ({ random }: Draft): number => random.pick([1, 2, 3, 4, 5, 7, 8, 12]);
const some = ({ random }: Draft): number => random.pick(sizes);
const pair = (d: Draft, make: (shape: readonly number[]) => Node): Node => make(shapeOf(d));

const elementwise: readonly KernelCase[] = [
  { name: "neg", op: "neg", make: (d) => d.b.neg(d.parameter(shapeOf(d))) },
  { name: "exp", op: "exp", make: (d) => d.b.exp(d.parameter(shapeOf(d), [-20, 10])) },
  { name: "log", op: "log", make: (d) => d.b.log(d.parameter(shapeOf(d), [1e-3, 50])) },
  { name: "sqrt", op: "sqrt", make: (d) => d.b.sqrt(d.parameter(shapeOf(d), [0, 50])) },
  { name: "tanh", op: "tanh", make: (d) => d.b.tanh(d.parameter(shapeOf(d), [-6, 6])) },
  { name: "tanh far out", op: "tanh", make: (d) => d.b.tanh(d.parameter(shapeOf(d), [-500, 500])) },
  { name: "erf", op: "erf", make: (d) => d.b.erf(d.parameter(shapeOf(d), [-5, 5])) },
  {
    name: "cast to i32",
    op: "cast",
    make: (d) => d.b.cast(d.parameter(shapeOf(d), [-9, 9]), "i32"),
  },
  {
    name: "cast to bool and back",
    op: "cast",
    make: (d) => d.b.cast(d.b.cast(d.indices(shapeOf(d), -1, 1), "bool"), "f32"),
  },
  {
    name: "finite",
    op: "finite",
    make: (d) => {
      const shape = shapeOf(d);
      const divisor = d.b.cast(d.indices(shape, 0, 2), "f32");
      return d.b.finite(d.b.div(d.parameter(shape, [1, 9]), divisor));
    },
  },
  { name: "cast to f16", op: "cast", make: (d) => d.b.cast(viewed(d, shapeOf(d)), "f16") },
  {
    name: "cast to f16 and back, four and one at a time",
    make(d) {
      const x = d.b.cast(d.b.cast(viewed(d, shapeOf(d)), "f16"), "f32");
      return d.b.mul(d.b.neg(x), 4);
    },
  },
  {
    name: "cast to f16 of tiny and of great numbers",
    make(d) {
      const shape = shapeOf(d);
      const size = d.filled(
        shape,
        Array.from({ length: elements(shape) }, () => 2 ** d.random.integer(-27, 15)),
      );
      return d.b.cast(d.b.mul(size, d.parameter(shape, [-1.99, 1.99])), "f16");
    },
  },
  {
    name: "stopGradient",
    op: "stopGradient",
    make: (d) => d.b.stopGradient(d.b.neg(d.parameter(shapeOf(d)))),
  },
  ...(["add", "sub", "mul", "max"] as const).map(
    (op): KernelCase => ({
      name: op,
      op,
      make: (d) => pair(d, (shape) => d.b[op](d.parameter(shape), d.parameter(shape))),
    }),
  ),
  {
    name: "div",
    op: "div",
    make: (d) => pair(d, (shape) => d.b.div(d.parameter(shape), d.parameter(shape, [0.1, 9]))),
  },
  {
    name: "integers: add, sub, mul, div, max, neg",
    make: (d) =>
      pair(d, (shape) => {
        const [x, y] = [d.indices(shape, -99, 99), d.indices(shape, 1, 9)];
        return d.b.max(d.b.sub(d.b.mul(x, 3), d.b.div(x, y)), d.b.neg(d.b.add(x, y)));
      }),
  },
  {
    name: "less",
    op: "less",
    make: (d) => pair(d, (shape) => d.b.less(d.parameter(shape), d.parameter(shape))),
  },
  {
    name: "equal",
    op: "equal",
    make: (d) => pair(d, (shape) => d.b.equal(d.indices(shape, 0, 3), d.indices(shape, 0, 3))),
  },
  {
    name: "select",
    op: "select",
    make: (d) =>
      pair(d, (shape) =>
        d.b.select(d.b.less(d.parameter(shape), 0), d.parameter(shape), d.parameter(shape)),
      ),
  },
  {
    name: "select of bools",
    op: "select",
    make: (d) =>
      pair(d, (shape) => {
        const flag = (bound: number) => d.b.less(d.parameter(shape), bound);
        return d.b.select(flag(0), flag(0.5), d.b.constant(0, [], "bool"));
      }),
  },
];

const sources: readonly KernelCase[] = [
  { name: "input as it is", op: "input", make: (d) => d.indices(shapeOf(d), -9, 9) },
  { name: "parameter as it is", op: "parameter", make: (d) => d.parameter(shapeOf(d)) },
  {
    name: "constant of many values",
    op: "constant",
    make(d) {
      const shape = shapeOf(d, 2);
      return d.b.constant([...d.random.floats(elements(shape))], shape);
    },
  },
  {
    name: "constant of one value",
    op: "constant",
    make: (d) => d.b.constant(Math.fround(d.random.normal()), shapeOf(d)),
  },
  {
    name: "iota",
    op: "iota",
    make(d) {
      const shape = shapeOf(d, d.random.integer(1, 4));
      return d.b.iota(shape, d.random.integer(0, shape.length - 1));
    },
  },
  {
    name: "random",
    op: "random",
    make: (d) => d.b.random(d.seed(), shapeOf(d), d.random.integer(0, 9)),
  },
];

/** A tensor of `shape` seen through one movement. */
function viewed(d: Draft, shape: readonly number[]): Node {
  const { b, random } = d;
  const rank = shape.length;
  const axis = random.integer(0, Math.max(0, rank - 1));
  const way = rank === 0 ? 7 : random.integer(0, 7);
  if (way === 0) {
    const order = random.order(rank);
    const from = order.map((_, i) => shape[order.indexOf(i)]!);
    return b.transpose(d.parameter(from), order);
  }
  if (way === 1)
    return b.broadcastTo(d.parameter(shape.map((size, i) => (i === axis ? 1 : size))), shape);
  if (way === 2) {
    const [before, after] = [random.integer(0, 3), random.integer(0, 3)];
    const wide = shape.map((size, i) => (i === axis ? size + before + after : size));
    return b.slice(d.parameter(wide), axis, before, before + shape[axis]!);
  }
  if (way === 3 && shape[axis]! > 1) {
    const cut = random.integer(1, shape[axis]! - 1);
    const part = (size: number) =>
      d.parameter(shape.map((whole, i) => (i === axis ? size : whole)));
    return b.concat([part(cut), part(shape[axis]! - cut)], axis);
  }
  if (way === 4 && shape[axis]! > 2) {
    const inner = shape.map((size, i) => (i === axis ? size - 2 : size));
    return b.pad(d.parameter(inner), axis, 1, 1);
  }
  if (way === 5) return b.reshape(d.parameter([elements(shape)]), shape);
  if (way === 6) {
    const table = d.parameter([5, ...shape.slice(1)]);
    return b.gather(table, d.indices([shape[0]!], 0, 4));
  }
  return d.parameter(shape);
}

const movements: readonly KernelCase[] = [
  ...(
    [
      ["reshape", 5],
      ["transpose", 0],
      ["broadcast", 1],
      ["slice", 2],
    ] as const
  ).map(
    ([op]): KernelCase => ({
      name: `${op} alone`,
      op,
      make(d) {
        const shape = shapeOf(d, d.random.integer(1, 4));
        const axis = d.random.integer(0, shape.length - 1);
        if (op === "reshape") return d.b.reshape(d.parameter(shape), [-1, shape.at(-1)!, 1]);
        if (op === "transpose")
          return d.b.transpose(d.parameter(shape), d.random.order(shape.length));
        if (op === "broadcast")
          return d.b.broadcastTo(
            d.parameter(shape.map((size, i) => (i === axis ? 1 : size))),
            shape,
          );
        const start = d.random.integer(0, shape[axis]! - 1);
        return d.b.slice(
          d.parameter(shape),
          axis,
          start,
          d.random.integer(start + 1, shape[axis]!),
        );
      },
    }),
  ),
  {
    name: "pad alone",
    op: "pad",
    make(d) {
      const shape = shapeOf(d, d.random.integer(1, 4));
      const padded = d.b.pad(d.parameter(shape), 0, d.random.integer(0, 3), d.random.integer(0, 5));
      return d.b.pad(padded, -1, d.random.integer(0, 3), d.random.integer(1, 5));
    },
  },
  {
    name: "concat alone",
    op: "concat",
    make(d) {
      const shape = shapeOf(d, d.random.integer(1, 3));
      const axis = d.random.integer(0, shape.length - 1);
      const part = () => d.parameter(shape.map((size, i) => (i === axis ? few(d) : size)));
      return d.b.concat([part(), part(), part()], axis);
    },
  },
  {
    name: "concat of many",
    shapes: 2,
    make: (d) =>
      d.b.concat(
        Array.from({ length: 14 }, (_, i) => d.parameter([3, i + 1])),
        1,
      ),
  },
  {
    name: "pack",
    op: "pack",
    make(d) {
      const shape = shapeOf(d, d.random.integer(1, 3));
      const x = d.parameter(shape);
      const turned = d.b.swap(d.b.exp(d.parameter([some(d), few(d)])));
      return d.b.pack([d.b.neg(x), x, turned, d.b.sum(x, [0]), x, d.b.constant(3)]);
    },
  },
  {
    name: "gather",
    op: "gather",
    make(d) {
      const rows = some(d);
      const table = d.parameter([rows, ...randomShape(d.random, [1, 3, 4, 8, 17], 64, 1)]);
      return d.b.gather(table, d.indices(randomShape(d.random, sizes, 60, 2), -2, rows + 1));
    },
  },
  {
    name: "scatterAdd",
    op: "scatterAdd",
    shapes: 6,
    make(d) {
      const rows = some(d);
      const at = randomShape(d.random, sizes, 200, d.random.integer(1, 2));
      const rest = randomShape(d.random, [1, 3, 4, 8, 17], 20, d.random.integer(0, 1));
      return d.b.scatterAdd(d.indices(at, -1, rows), d.parameter([...at, ...rest]), rows);
    },
  },
  {
    name: "scatterAdd into few rows",
    op: "scatterAdd",
    shapes: 3,
    make: (d) => d.b.scatterAdd(d.indices([200], 0, 2), d.parameter([200, 5]), 3),
  },
  {
    name: "movements, then elementwise, then a fold",
    shapes: 14,
    make(d) {
      const shape = shapeOf(d, d.random.integer(1, 4));
      const sum = d.b.add(d.b.mul(viewed(d, shape), viewed(d, shape)), viewed(d, shape));
      return d.b.sum(d.b.tanh(sum), someAxes(d, shape.length));
    },
  },
  {
    name: "movements of movements",
    shapes: 14,
    make(d) {
      const shape = shapeOf(d, d.random.integer(2, 3));
      const turned = d.b.transpose(d.b.mul(viewed(d, shape), 2), d.random.order(shape.length));
      const flat = d.b.reshape(turned, [elements(shape)]);
      const padded = d.b.pad(flat, 0, 2, 3);
      const both = d.b.concat([padded, d.b.neg(flat)], 0);
      const part = d.b.slice(both, 0, 1, 2 * elements(shape) + 4);
      return d.b.add(part, d.b.broadcastTo(d.b.reduce("max", part, [0], true), part.type.shape));
    },
  },
];

const folds: readonly KernelCase[] = [
  ...(["sum", "max"] as const).map(
    (kind): KernelCase => ({
      name: `reduce ${kind}`,
      op: "reduce",
      shapes: 16,
      make(d) {
        const shape = shapeOf(d, d.random.integer(1, 4));
        return d.b.reduce(kind, d.parameter(shape), someAxes(d, shape.length));
      },
    }),
  ),
  {
    name: "reduce integers",
    op: "reduce",
    make(d) {
      const shape = shapeOf(d, d.random.integer(1, 3));
      const x = d.indices(shape, -9, 9);
      const axes = someAxes(d, shape.length);
      return d.b.add(d.b.sum(x, axes), d.b.reduce("max", x, axes));
    },
  },
  {
    name: "reduce a long row and a long column",
    shapes: 2,
    make: (d) =>
      d.b.add(d.b.sum(d.parameter([2, 5003]), [1]), d.b.sum(d.parameter([4001, 2]), [0])),
  },
  {
    name: "argmax",
    op: "argmax",
    shapes: 12,
    make(d) {
      const shape = shapeOf(d, d.random.integer(1, 4));
      const axis = d.random.integer(0, shape.length - 1);
      return d.b.argmax(
        d.random.pick([0, 1])
          ? d.parameter(shape)
          : d.b.neg(d.b.cast(d.indices(shape, 0, 3), "f32")),
        axis,
      );
    },
  },
  {
    name: "softmax",
    make: (d) => softmax(d.b, viewed(d, shapeOf(d, d.random.integer(1, 3)))),
  },
  {
    name: "layer norm",
    make(d) {
      const width = d.random.pick([3, 4, 7, 17, 64, 97, 200]);
      const x = viewed(d, [few(d), few(d), width]);
      return layerNorm(d.b, x, d.parameter([width]), d.parameter([width]));
    },
  },
  {
    name: "fold of a fold",
    make(d) {
      const shape = shapeOf(d, 3);
      const x = d.b.tanh(viewed(d, shape));
      return d.b.sum(d.b.mul(d.b.sum(x, [1], true), x), [0, 2]);
    },
  },
];

/** A matrix operand in some layout. */
function operand(d: Draft, batch: readonly number[], rows: number, columns: number): Node {
  const { b, random } = d;
  const way = random.integer(0, 7);
  if (way === 0) return b.swap(d.parameter([...batch, columns, rows]));
  if (way === 1) return b.broadcastTo(d.parameter([rows, columns]), [...batch, rows, columns]);
  if (way === 2) return b.slice(d.parameter([...batch, rows + 3, columns]), -2, 2, rows + 2);
  if (way === 3) return b.slice(d.parameter([...batch, rows, columns + 5]), -1, 3, columns + 3);
  if (way === 4)
    return b.broadcastTo(d.parameter([...batch, 1, columns]), [...batch, rows, columns]);
  if (way === 5) return b.tanh(d.parameter([...batch, rows, columns]));
  if (way === 6 && batch.length === 2) {
    // As heads are cut out of a row: [batch, rows, heads, columns] to [batch, heads, rows, columns].
    return b.transpose(d.parameter([batch[0]!, rows, batch[1]!, columns]), [0, 2, 1, 3]);
  }
  return d.parameter([...batch, rows, columns]);
}

const side = ({ random }: Draft): number =>
  random.pick([1, 2, 3, 4, 5, 8, 13, 16, 17, 32, 37, 64, 67]);
const batchOf = (d: Draft): number[] => d.random.pick([[], [], [1], [3], [2, 3], [4, 1]]);

/** A product of operands in any layout, with its sizes. */
function anyProduct(d: Draft): Node {
  const batch = batchOf(d);
  const [m, k, n] = [side(d), side(d), side(d)];
  return d.b.matmul(operand(d, batch, m, k), operand(d, batch, k, n));
}

/** Matrix products; few shapes, since each is a shader that takes long to compile. */
export const productCases: readonly KernelCase[] = [
  {
    name: "matmul",
    op: "matmul",
    shapes: 6,
    make(d) {
      const batch = batchOf(d);
      const [m, k, n] = [side(d), side(d), side(d)];
      return d.b.matmul(d.parameter([...batch, m, k]), d.parameter([...batch, k, n]));
    },
  },
  { name: "matmul, one long axis", op: "matmul", shapes: 2, make: longAxis },
  { name: "matmul of operands in every layout", op: "matmul", shapes: 8, make: anyProduct },
  { name: "matmul by halves, in every layout", shapes: 8, make: byHalves },
  { name: "matmul of sizes that are read four at once", shapes: 16, make: byFours },
  {
    name: "matmul of halves that are read four at once, then bias, gelu, residual",
    shapes: 8,
    make(d) {
      const side = () => d.random.pick([4, 36, 68, 132]);
      const [rows, depth, columns] = [side(), side(), side()];
      const half = (height: number, width: number) =>
        d.random.integer(0, 1) === 0
          ? d.b.swap(operandOf(d, [width, height], true))
          : operandOf(d, [height, width], true);
      const product = d.b.matmul(half(rows, depth), half(depth, columns));
      const biased = d.b.add(product, d.parameter([columns]));
      return d.b.add(gelu(d.b, biased), d.parameter([rows, columns]));
    },
  },
  {
    name: "matmul of halves, in every layout",
    shapes: 8,
    make(d) {
      const batch = batchOf(d);
      const [m, k, n] = [side(d), side(d), side(d)];
      const half = (rows: number, columns: number) =>
        d.b.cast(wholeNumbers(d, operand(d, batch, rows, columns)), "f16");
      return d.b.matmul(half(m, k), half(k, n));
    },
  },
  {
    name: "matmul of halves, then halves by heads, then matmul",
    shapes: 4,
    make(d) {
      const [batch, tokens, heads, width] = [few(d), few(d), d.random.pick([1, 2, 3]), few(d)];
      const half = (shape: readonly number[]) =>
        d.b.cast(wholeNumbers(d, d.parameter(shape)), "f16");
      const joint = d.b.matmul(half([batch * tokens, 7]), half([7, heads * width]));
      const byHead = d.b.transpose(d.b.reshape(joint, [batch, tokens, heads, width]), [0, 2, 1, 3]);
      return d.b.matmul(d.b.cast(byHead, "f16"), half([batch, heads, width, few(d)]));
    },
  },
  {
    name: "matmul, then bias, gelu, residual",
    shapes: 3,
    make(d) {
      const product = anyProduct(d);
      const { shape } = product.type;
      const biased = d.b.add(product, d.parameter([shape.at(-1)!]));
      return d.b.add(gelu(d.b, biased), viewed(d, shape));
    },
  },
  {
    name: "matmul, then a column bias, a factor, a mask",
    shapes: 3,
    make(d) {
      const product = anyProduct(d);
      const { shape } = product.type;
      const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
      const scaled = d.b.mul(d.b.add(product, d.parameter([rows, 1])), 0.125);
      const square = [rows, columns];
      return d.b.select(d.b.less(d.b.iota(square, 0), d.b.iota(square, 1)), -1000, scaled);
    },
  },
  {
    name: "matmul, then heads",
    shapes: 3,
    make(d) {
      const [batch, tokens, heads, width] = [few(d), few(d), d.random.pick([1, 2, 3]), few(d)];
      const x = d.parameter([batch * tokens, 7]);
      const joint = d.b.add(
        d.b.matmul(x, d.parameter([7, heads * width])),
        d.parameter([heads * width]),
      );
      return d.b.transpose(d.b.reshape(joint, [batch, tokens, heads, width]), [0, 2, 1, 3]);
    },
  },
  {
    name: "matmul, then softmax, then matmul",
    shapes: 2,
    make(d) {
      const [heads, from, to, width] = [few(d), side(d), side(d), few(d)];
      const scores = d.b.matmul(
        operand(d, [2, heads], from, width),
        d.b.swap(operand(d, [2, heads], to, width)),
      );
      return d.b.matmul(softmax(d.b, d.b.mul(scores, 0.5)), operand(d, [2, heads], to, width));
    },
  },
  {
    name: "matmul, then folds over rows and over columns",
    shapes: 3,
    make(d) {
      const product = anyProduct(d);
      const rank = product.type.shape.length;
      return d.b.sum(product, someAxes(d, rank));
    },
  },
  {
    name: "matmul of a product by itself",
    shapes: 2,
    make(d) {
      const size = side(d);
      const product = d.b.matmul(
        d.parameter([size, size], [-0.3, 0.3]),
        d.parameter([size, size], [-0.3, 0.3]),
      );
      return d.b.matmul(product, d.b.swap(product));
    },
  },
];

/** A product by a frozen weight that is stored as halves, on the right or on the left; sizes even and odd. */
function byHalves(d: Draft): Node {
  const { b, random } = d;
  const size = () => random.pick([2, 3, 16, 37, 66]);
  const [rows, depth, columns] = [size(), size(), size()];
  const half = (height: number, width: number): Node => {
    const isSwapped = random.integer(0, 1) === 0;
    const weight = operandOf(d, isSwapped ? [width, height] : [height, width], true);
    return isSwapped ? b.swap(weight) : weight;
  };
  return random.integer(0, 3) === 0
    ? b.matmul(half(rows, depth), d.parameter([depth, columns]))
    : b.matmul(d.parameter([rows, depth]), half(depth, columns));
}

/** -3 … 3, so that products and their sums are exact in f32 and small ones in f16. */
function wholeNumbers({ b }: Draft, x: Node): Node {
  return b.cast(b.cast(b.max(-3, b.neg(b.max(-3, b.neg(x)))), "i32"), "f32");
}

/** Batches of products, each form in f32 and by halves; sizes are multiples of four, depths also two more. */
function byFours(d: Draft): Node {
  const { b, random } = d;
  const [rows, columns] = [random.pick([4, 12, 36, 68]), random.pick([4, 36, 68, 132])];
  const depth = random.pick([4, 36, 64, 38]);
  const batch = random.pick([[], [3]]);
  const isTurned = () => random.integer(0, 1) === 0;
  const left = isTurned()
    ? b.swap(d.parameter([...batch, depth, rows]))
    : d.parameter([...batch, rows, depth]);
  if (isTurned()) return b.matmul(left, operandOf(d, [...batch, depth, columns], isTurned()));
  return b.matmul(left, b.swap(operandOf(d, [...batch, columns, depth], isTurned())));
}

/** A parameter in f32, stored as such or as f16. */
function operandOf(d: Draft, shape: readonly number[], isHalf: boolean): Node {
  if (!isHalf) return d.parameter(shape);
  const path = `h${d.given.size}`;
  const draw = () => d.random.integer(-64, 64) / 32;
  d.given.set(path, Float64Array.from({ length: elements(shape) }, draw));
  return d.b.cast(d.b.parameter(path, shape, { kind: "zeros" }, "f16"), "f32");
}

/** Products of two operands in f16, which devices with subgroup matrices make in their own way. */
export const matrixCases = productCases.filter(({ name }) => name.startsWith("matmul of halves"));

function longAxis(d: Draft): Node {
  const lengths = [3, 5, 7];
  lengths[d.random.integer(0, 2)] = d.random.pick([193, 200, 1031]);
  return d.b.matmul(
    d.parameter([lengths[0]!, lengths[1]!]),
    d.parameter([lengths[1]!, lengths[2]!]),
  );
}

export const kernelCases: readonly KernelCase[] = [
  ...sources,
  ...elementwise,
  ...movements,
  ...folds,
];
