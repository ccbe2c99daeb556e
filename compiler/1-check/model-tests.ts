/** What tests of a pipeline mean: conditions with their names resolved. */
import type { BinaryOperator } from "../../grammar/ast.ts";
import type { Span } from "../../grammar/source.ts";
import type { ModuleState } from "./model.ts";

/** `test "name" { assert … }`, or the asserts at the top of a file, whose name is empty. */
export interface CheckedTest {
  readonly name: string;
  readonly asserts: readonly CheckedAssert[];
}

/** `assert memory(generate) < 24 GiB else "too large"` */
export interface CheckedAssert {
  readonly condition: Term;
  readonly message: string | undefined;
  /** From `assert` on. */
  readonly span: Span;
}

/** An expression of an assert with its names resolved. Sizes are in bytes. */
export type Term =
  | { readonly kind: "value"; readonly value: number | string | boolean; readonly span: Span }
  | { readonly kind: "list"; readonly items: readonly Term[]; readonly span: Span }
  /** Number of parameters: of all that is in a state, of one module, or of everything. */
  | {
      readonly kind: "params";
      readonly of: { readonly state: ModuleState } | { readonly module: string } | "all";
      readonly span: Span;
    }
  /** Bytes or floating-point operations of one step. */
  | { readonly kind: "memory" | "flops"; readonly stage: string; readonly span: Span }
  /** `to_lm.shape`, `vision.patches.shape` */
  | {
      readonly kind: "shape";
      readonly module: string;
      readonly port: string | undefined;
      readonly span: Span;
    }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Term;
      readonly right: Term;
      readonly span: Span;
    }
  | {
      readonly kind: "unary";
      readonly operator: "-" | "not";
      readonly operand: Term;
      readonly span: Span;
    };
