/** The functions of expressions as data: arguments in order, and what each gives. Read by check, hover, completion. */
import type { AlongFunction, ElementFunction, FoldFunction } from "./term.ts";

/** What an argument takes; `renames` stands for any number of `old: new`. */
export type ArgumentType =
  | "tensor"
  | "axis"
  | "axes"
  | "number"
  | "count"
  | "string"
  | "boolean"
  | "renames";

export interface FunctionArgument {
  readonly name: string;
  readonly takes: ArgumentType;
  readonly isOptional?: boolean;
  /** True: `name:` must be written. */
  readonly isNamed?: boolean;
}

export interface TensorFunction {
  readonly arguments: readonly FunctionArgument[];
  /** How it is called: `softmax(x, over: axis)`. */
  readonly form: string;
  /** One line on what it gives. */
  readonly about: string;
}

const x: FunctionArgument = { name: "x", takes: "tensor" };
const y: FunctionArgument = { name: "y", takes: "tensor" };
const overOne: FunctionArgument = { name: "over", takes: "axis", isNamed: true };
const overSome: FunctionArgument = { name: "over", takes: "axes", isNamed: true };
const overAny: FunctionArgument = { ...overSome, isOptional: true };

const elements: Readonly<Record<ElementFunction, string>> = {
  exp: "e to the power of each element",
  log: "natural logarithm",
  sqrt: "square root",
  square: "each element times itself",
  abs: "without its sign",
  tanh: "hyperbolic tangent",
  erf: "error function",
  sigmoid: "1 / (1 + exp(-x))",
  log_sigmoid: "logarithm of `sigmoid`, exact also far from 0",
  softplus: "log(1 + exp(x)), exact also far from 0",
  relu: "0 where x is below 0",
  gelu: "x times the normal distribution function",
  silu: "x times `sigmoid(x)`",
};

const folds: Readonly<Record<FoldFunction, string>> = {
  sum: "sum over one axis, several, or all",
  mean: "mean over one axis, several, or all",
  max: "greatest element over one axis, several, or all",
  min: "least element over one axis, several, or all",
  log_sum_exp: "logarithm of the sum of exponentials over one axis, several, or all",
};

const alongs: Readonly<Record<AlongFunction, string>> = {
  softmax: "shares along the axis that sum to 1",
  log_softmax: "logarithms of `softmax`",
  normalize: "divided by its Euclidean length along the axis",
};

function each<K extends string>(
  table: Readonly<Record<K, string>>,
  given: readonly FunctionArgument[],
  rest: string,
): readonly (readonly [string, TensorFunction])[] {
  return Object.entries<string>(table).map(([name, about]) => [
    name,
    { arguments: given, form: `${name}(${rest})`, about },
  ]);
}

/** Functions by name. */
export const functions: ReadonlyMap<string, TensorFunction> = new Map<string, TensorFunction>([
  [
    "dot",
    {
      arguments: [x, y, overSome],
      form: "dot(x, y, over: axis)",
      about: "products summed over the axis; shared axes are walked together, all others pair up",
    },
  ],
  ...each(folds, [x, overAny], "x, over: axis"),
  ...each(alongs, [x, overOne], "x, over: axis"),
  [
    "cross_entropy",
    {
      arguments: [
        x,
        overOne,
        { name: "target", takes: "tensor", isNamed: true },
        { name: "smoothing", takes: "number", isNamed: true, isOptional: true },
      ],
      form: "cross_entropy(x, over: axis, target: index(…), smoothing: 0.1)",
      about: "mean of -log softmax at the target, which is an index or has a share for each class",
    },
  ],
  [
    "argmax",
    {
      arguments: [x, overOne],
      form: "argmax(x, over: axis)",
      about: "position of the greatest element along the axis; gives no gradient",
    },
  ],
  ...each(elements, [x], "x"),
  [
    "maximum",
    { arguments: [x, y], form: "maximum(x, y)", about: "the greater of two, each by each" },
  ],
  [
    "minimum",
    { arguments: [x, y], form: "minimum(x, y)", about: "the lesser of two, each by each" },
  ],
  [
    "select",
    {
      arguments: [{ name: "condition", takes: "tensor" }, x, y],
      form: "select(condition, x, y)",
      about: "x where the condition is not 0, else y",
    },
  ],
  [
    "rename",
    {
      arguments: [x, { name: "old: new", takes: "renames", isNamed: true }],
      form: "rename(x, old: new)",
      about: "the same tensor with another name for an axis: then it pairs up with the old one",
    },
  ],
  [
    "index",
    {
      arguments: [{ name: "axis", takes: "axis" }],
      form: "index(axis)",
      about: "0, 1, 2, … along `batch` or along an axis that `rename` made",
    },
  ],
  [
    "eye",
    {
      arguments: [
        { name: "rows", takes: "axis" },
        { name: "columns", takes: "axis" },
      ],
      form: "eye(rows, columns)",
      about: "1 where both indices are equal, else 0",
    },
  ],
  [
    "linear",
    {
      arguments: [
        x,
        { name: "width", takes: "count", isNamed: true },
        { name: "name", takes: "string", isNamed: true, isOptional: true },
        { name: "bias", takes: "boolean", isNamed: true, isOptional: true },
        { name: "std", takes: "number", isNamed: true, isOptional: true },
      ],
      form: 'linear(x, width: 256, name: "vision_proj")',
      about: "a learned affine map of the axis `width`; `name` is its place in checkpoints",
    },
  ],
  [
    "learned",
    {
      arguments: [
        { name: "value", takes: "number" },
        { name: "name", takes: "string", isNamed: true, isOptional: true },
      ],
      form: 'learned(0.07, name: "temp")',
      about: "a learned scalar that starts at the value; `name` is its place in checkpoints",
    },
  ],
  [
    "stop_gradient",
    {
      arguments: [x],
      form: "stop_gradient(x)",
      about: "x itself, through which no gradient passes",
    },
  ],
]);

/** What other languages call some of them. */
export const otherNames: ReadonlyMap<string, string> = new Map([
  ["matmul", "dot"],
  ["einsum", "dot"],
  ["logsumexp", "log_sum_exp"],
  ["log_softplus", "softplus"],
  ["logsigmoid", "log_sigmoid"],
  ["detach", "stop_gradient"],
  ["where", "select"],
  ["l2_normalize", "normalize"],
  ["l2norm", "normalize"],
  ["arange", "index"],
  ["iota", "index"],
  ["parameter", "learned"],
  ["amax", "max"],
  ["dense", "linear"],
  ["transpose", "rename"],
]);

/** Value of a function of one number, as far as a pipeline's constants need it. */
export const constantFunctions: Readonly<
  Partial<Record<ElementFunction, (value: number) => number>>
> = {
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  square: (value) => value * value,
  abs: Math.abs,
  tanh: Math.tanh,
};

export function isElementFunction(name: string): name is ElementFunction {
  return name in elements;
}

export function isFold(name: string): name is FoldFunction {
  return name in folds;
}

export function isAlong(name: string): name is AlongFunction {
  return name in alongs;
}
