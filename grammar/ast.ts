/** The syntax tree of a `.blip` file: one readonly interface a construct, no meaning. */
import type { Span } from "./source.ts";

/** A whole file. */
export interface Document {
  readonly kind: "document";
  readonly statements: readonly Statement[];
  /** Every comment of the file in order, documentation included. */
  readonly comments: readonly Comment[];
  readonly span: Span;
}

/** A comment as written, delimiters included. */
export interface Comment {
  readonly kind: "comment";
  readonly style: "line" | "block" | "documentation";
  readonly text: string;
  /** `trailing` when a token stands before it on its line, else `leading`. */
  readonly placement: "leading" | "trailing";
  readonly span: Span;
}

/** What should stand here and does not; later phases stay silent about it. Zero-width span. */
export interface Missing {
  readonly kind: "missing";
  /** What was expected, in the user's words: `a value`, `a name`. */
  readonly expected: string;
  readonly span: Span;
}

/** Tokens that form no statement, kept as they are, with the statements of a body behind them. */
export interface Junk {
  readonly kind: "junk";
  readonly text: string;
  readonly body: Body | undefined;
  readonly documentation: string | undefined;
  readonly span: Span;
}

/** A word that names something. */
export interface Identifier {
  readonly kind: "identifier";
  readonly text: string;
  readonly span: Span;
}

/** `pretrain.optimizer.lr`: at least one segment. */
export interface Path {
  readonly kind: "path";
  readonly segments: readonly (Identifier | Missing)[];
  readonly span: Span;
}

/** Any line of a file or a body. */
export type Statement = Edition | Import | Param | Let | Extend | Assert | Setting | Block | Junk;

/** `blip 1` */
export interface Edition {
  readonly kind: "edition";
  readonly version: NumberLiteral | Missing;
  readonly documentation: string | undefined;
  readonly span: Span;
}

/** `import "./stage1.blip" as s1` (alias) or `import { q, bridge } from "…"` (names). */
export interface Import {
  readonly kind: "import";
  readonly from: StringLiteral | Missing;
  readonly alias: Identifier | Missing | undefined;
  readonly names: readonly (Identifier | Missing)[] | undefined;
  readonly documentation: string | undefined;
  readonly span: Span;
}

/** `param image_size: int = 224 where image_size % 14 == 0` */
export interface Param {
  readonly kind: "param";
  readonly name: Identifier | Missing;
  readonly type: TypeReference | Missing;
  readonly value: Expression | undefined;
  readonly where: Expression | undefined;
  readonly documentation: string | undefined;
  readonly span: Span;
}

/** `int`, `backbone<lm>`, `f16[B, 257, 1408]` */
export interface TypeReference {
  readonly kind: "type";
  readonly name: Identifier | Missing;
  readonly argument: Identifier | Missing | undefined;
  readonly sizes: readonly Expression[] | undefined;
  readonly span: Span;
}

/** `let wide = 2 * width` */
export interface Let {
  readonly kind: "let";
  readonly name: Identifier | Missing;
  readonly value: Expression;
  readonly documentation: string | undefined;
  readonly span: Span;
}

/** `extend base { … }` */
export interface Extend {
  readonly kind: "extend";
  readonly target: Path | Missing;
  readonly body: Body | Missing;
  readonly documentation: string | undefined;
  readonly span: Span;
}

/** `assert memory(generate) < 24 GiB else "too large"` */
export interface Assert {
  readonly kind: "assert";
  readonly condition: Expression;
  readonly message: StringLiteral | Missing | undefined;
  readonly documentation: string | undefined;
  readonly span: Span;
}

/** `max_len = 32 tokens`; the path has one segment except in `extend` bodies. */
export interface Setting {
  readonly kind: "setting";
  readonly path: Path;
  readonly value: Expression;
  readonly documentation: string | undefined;
  readonly span: Span;
}

/** `frozen encoder vision: variant = source { … }`; anonymous ones have no name. */
export interface Block {
  readonly kind: "block";
  readonly state: State | undefined;
  /** The first word: `encoder`, `stage`, `optimizer`. */
  readonly blockKind: Identifier | Missing;
  readonly name: Identifier | StringLiteral | undefined;
  readonly variant: Identifier | Missing | undefined;
  /** What stands behind `=`. */
  readonly source: Expression | undefined;
  readonly body: Body | undefined;
  readonly documentation: string | undefined;
  /** Everything before ` {`. */
  readonly header: Span;
  readonly span: Span;
}

/** `frozen` or `trainable`, in front of a block or as a value. */
export interface State {
  readonly kind: "state";
  readonly state: "frozen" | "trainable";
  readonly span: Span;
}

/** What stands between `{` and `}`, the braces included in the span. */
export interface Body {
  readonly kind: "body";
  readonly statements: readonly Statement[];
  readonly span: Span;
}

/** Anything that has a value. */
export type Expression =
  | NumberLiteral
  | StringLiteral
  | BooleanLiteral
  | NullLiteral
  | Name
  | State
  | List
  | Group
  | Member
  | Call
  | Index
  | Unary
  | Binary
  | Missing;

/** `250_000 steps` */
export interface NumberLiteral {
  readonly kind: "number";
  readonly value: number;
  /** As written, without the unit: `250_000`. */
  readonly raw: string;
  readonly unit: Identifier | undefined;
  readonly span: Span;
}

/** `"eva-clip-g/14"` */
export interface StringLiteral {
  readonly kind: "string";
  /** With escapes replaced. */
  readonly value: string;
  readonly span: Span;
}

/** `true` or `false` */
export interface BooleanLiteral {
  readonly kind: "boolean";
  readonly value: boolean;
  readonly span: Span;
}

/** `null` */
export interface NullLiteral {
  readonly kind: "null";
  readonly span: Span;
}

/** A bare word as a value: `vision`, `f16`. */
export interface Name {
  readonly kind: "name";
  readonly text: string;
  readonly span: Span;
}

/** `[q, caption]` */
export interface List {
  readonly kind: "list";
  readonly items: readonly Expression[];
  readonly span: Span;
}

/** `(a + b)` */
export interface Group {
  readonly kind: "group";
  readonly inner: Expression;
  readonly span: Span;
}

/** `vision.patches` */
export interface Member {
  readonly kind: "member";
  readonly object: Expression;
  readonly name: Identifier | Missing;
  readonly span: Span;
}

/** `bridge(q, caption)`, `hard(from: itc)` */
export interface Call {
  readonly kind: "call";
  readonly callee: Expression;
  readonly arguments: readonly Argument[];
  readonly span: Span;
}

/** `q` or `from: itc` */
export interface Argument {
  readonly kind: "argument";
  readonly name: Identifier | undefined;
  readonly value: Expression;
  readonly span: Span;
}

/** `blocks[0..20]`, `image[224, 224, 3]` */
export interface Index {
  readonly kind: "index";
  readonly object: Expression;
  readonly ranges: readonly Range[];
  readonly span: Span;
}

/** `3` (end undefined) or `0..20` */
export interface Range {
  readonly kind: "range";
  readonly start: Expression;
  readonly end: Expression | undefined;
  readonly span: Span;
}

/** `-x`, `not x` */
export interface Unary {
  readonly kind: "unary";
  readonly operator: "-" | "not";
  readonly operand: Expression;
  readonly span: Span;
}

/** What may stand between two values; `->` feeds the left into the right. */
export type BinaryOperator =
  | "->"
  | "or"
  | "and"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "+"
  | "-"
  | "*"
  | "/"
  | "%";

/** `a + b`; all operators are left associative. */
export interface Binary {
  readonly kind: "binary";
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
  readonly span: Span;
}

/** Every node that carries a `kind`. */
export type AnyNode =
  | Document
  | Comment
  | Statement
  | Expression
  | Identifier
  | Path
  | TypeReference
  | Body
  | Argument
  | Range;
