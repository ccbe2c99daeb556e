/** What an expression of an objective means: terms over named outputs, every axis resolved. Plain data. */
import type { Span } from "../../../grammar/source.ts";
import type { BridgeCall } from "../model.ts";

/** Extent of an axis; what only a run knows is said by name. */
export type AxisSize =
  | number
  /** Records a step. */
  | "batch"
  /** Tokens of a text: `most`, or fewer where the run says so. */
  | { readonly tokensOf: string; readonly most: number };

/** A named axis. */
export interface Axis {
  readonly name: string;
  readonly size: AxisSize;
  /** What fixed the size: a module, a `width:`, the data. */
  readonly from: Span;
}

/** Shape and kind of elements; `[]` is a scalar. An `index` counts along an axis (i32), a `number` is f32. */
export interface NamedShape {
  readonly axes: readonly Axis[];
  readonly elements: "number" | "index";
}

/** What the model gives by name. */
export type TensorOutput =
  /** Rows of the queries, the words, or the first row of the words. */
  | {
      readonly kind: "bridge";
      readonly call: BridgeCall;
      readonly rows: "queries" | "tokens" | "first";
    }
  /** Patches of an image tower, class token first. */
  | { readonly kind: "patches"; readonly module: string }
  /** First row of an image tower or of a text tower. */
  | { readonly kind: "cls"; readonly module: string; readonly of: "image" | "text" }
  /** Queries behind an adapter. */
  | { readonly kind: "adapter"; readonly module: string }
  /** 1 at tokens and 0 at padding. */
  | { readonly kind: "mask"; readonly text: string };

/** Functions element by element. */
export type ElementFunction =
  | "exp"
  | "log"
  | "sqrt"
  | "square"
  | "abs"
  | "tanh"
  | "erf"
  | "sigmoid"
  | "log_sigmoid"
  | "softplus"
  | "relu"
  | "gelu"
  | "silu";

/** Folds that take axes away. */
export type FoldFunction = "sum" | "mean" | "max" | "min" | "log_sum_exp";

/** Functions along one axis that keep it. */
export type AlongFunction = "softmax" | "log_softmax" | "normalize";

/** What joins two tensors element by element; comparisons give 0 and 1. */
export type Combination =
  | "+"
  | "-"
  | "*"
  | "/"
  | "maximum"
  | "minimum"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">=";

/** The combinations that give no gradient. */
export const comparisons: ReadonlySet<Combination> = new Set(["==", "!=", "<", "<=", ">", ">="]);

/** A parameter of the objective's own. */
export interface TermParameter {
  /** Path in checkpoints. */
  readonly path: string;
  /** True when a `name` was written: then two uses of it share it. */
  readonly isNamed: boolean;
  readonly shape: readonly number[];
  /** First values: one number, or uniform or normal ones. */
  readonly init:
    | { readonly kind: "constant"; readonly value: number }
    | { readonly kind: "zeros" }
    | { readonly kind: "uniform"; readonly bound: number }
    | { readonly kind: "normal"; readonly std: number };
  readonly span: Span;
}

type Shaped = { readonly type: NamedShape; readonly span: Span };

/** A tensor as an expression says it. */
export type TensorTerm = Shaped &
  (
    | { readonly kind: "number"; readonly value: number }
    /** Another setting of the block. */
    | { readonly kind: "value"; readonly name: string }
    | { readonly kind: "output"; readonly output: TensorOutput }
    /** 0, 1, 2, … along an axis; `like` is a tensor that has the axis, none for the batch. */
    | { readonly kind: "index"; readonly axis: string; readonly like: TensorTerm | undefined }
    | { readonly kind: "learned"; readonly parameter: TermParameter }
    /** An affine map of the axis `width`; `path` leads to `weight` and `bias`. */
    | {
        readonly kind: "linear";
        readonly x: TensorTerm;
        readonly path: string;
        readonly width: number;
        readonly bias: boolean;
        readonly std: number | undefined;
        readonly parameters: readonly TermParameter[];
      }
    | { readonly kind: "element"; readonly function: ElementFunction; readonly x: TensorTerm }
    | { readonly kind: "negative"; readonly x: TensorTerm }
    | {
        readonly kind: "combine";
        readonly operator: Combination;
        readonly left: TensorTerm;
        readonly right: TensorTerm;
      }
    | {
        readonly kind: "select";
        readonly condition: TensorTerm;
        readonly x: TensorTerm;
        readonly y: TensorTerm;
      }
    | {
        readonly kind: "fold";
        readonly function: FoldFunction;
        readonly x: TensorTerm;
        readonly over: readonly string[];
      }
    | {
        readonly kind: "along";
        readonly function: AlongFunction;
        readonly x: TensorTerm;
        readonly over: string;
      }
    | { readonly kind: "argmax"; readonly x: TensorTerm; readonly over: string }
    /** Products summed over axes; shared axes are walked together, all others pair up. */
    | {
        readonly kind: "dot";
        readonly x: TensorTerm;
        readonly y: TensorTerm;
        readonly over: readonly string[];
      }
    /** Mean over all other axes; `target` is an index, or shares that have the axis too. */
    | {
        readonly kind: "cross_entropy";
        readonly x: TensorTerm;
        readonly over: string;
        readonly target: TensorTerm;
        readonly smoothing: number;
      }
    | {
        readonly kind: "rename";
        readonly x: TensorTerm;
        readonly names: readonly { readonly from: string; readonly to: string }[];
      }
    | { readonly kind: "stop_gradient"; readonly x: TensorTerm }
  );

/** A setting of an expression objective. */
export interface NamedTerm {
  readonly name: string;
  readonly term: TensorTerm;
  /** The whole setting. */
  readonly span: Span;
}

/** The terms directly inside of a term; a `value` has none. */
export function operandsOf(term: TensorTerm): readonly TensorTerm[] {
  switch (term.kind) {
    case "number":
    case "value":
    case "output":
    case "learned":
      return [];
    case "index":
      return term.like === undefined ? [] : [term.like];
    case "combine":
      return [term.left, term.right];
    case "select":
      return [term.condition, term.x, term.y];
    case "dot":
      return [term.x, term.y];
    case "cross_entropy":
      return [term.x, term.target];
    default:
      return [term.x];
  }
}

/** The parameters that a term makes itself. */
export function ownParameters(term: TensorTerm): readonly TermParameter[] {
  if (term.kind === "learned") return [term.parameter];
  return term.kind === "linear" ? term.parameters : [];
}

/** A term and everything in it, operands first. */
export function termsIn(term: TensorTerm): readonly TensorTerm[] {
  return [...operandsOf(term).flatMap(termsIn), term];
}
