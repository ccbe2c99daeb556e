/** `int[3]`, `float[N]`: lists as values of params; a name is bound to the first size it meets and holds from then on. */
import type { Expression } from "../../grammar/ast.ts";
import { note } from "../../grammar/message.ts";
import { sizesDiffer, wrongType } from "../../grammar/messages/types.ts";
import { type Span, textOf } from "../../grammar/source.ts";
import type { Evaluator } from "./evaluate.ts";
import type { ParamDeclaration } from "./file-scope.ts";
import type { Sink } from "./sink.ts";
import { describe, type Value } from "./value.ts";

interface Bound {
  readonly size: number;
  readonly span: Span;
}

/** Checks one element of a list; false when it was reported. */
export type CheckItem = (item: Value) => boolean;

export class ParamSizes {
  readonly #sink: Sink;
  readonly #bound = new Map<string, Bound>();

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** True when the value is a list, and lists in it, of these sizes, of items that `check` accepts. */
  fits(
    declaration: ParamDeclaration,
    value: Value,
    evaluator: Evaluator,
    check: CheckItem,
  ): boolean {
    const { type } = declaration.statement;
    const sizes = type.kind === "type" ? (type.sizes ?? []) : [];
    return this.#level(declaration, value, sizes, evaluator, check);
  }

  #level(
    declaration: ParamDeclaration,
    value: Value,
    [size, ...rest]: readonly Expression[],
    evaluator: Evaluator,
    check: CheckItem,
  ): boolean {
    if (size === undefined) return check(value);
    if (value.kind !== "list") {
      this.#sink.report(
        wrongType,
        { setting: declaration.name, wanted: "a list", given: describe(value) },
        {
          primary: { span: value.origin, text: "" },
          labels: [{ span: declaration.statement.type.span, text: "the type says so" }],
        },
      );
      return false;
    }
    const wanted = this.#size(evaluator.value(size, declaration.scope), value);
    if (wanted !== undefined && wanted.size !== value.items.length) {
      this.#sink.report(
        sizesDiffer,
        {
          name: declaration.name,
          given: value.items.length,
          size: textOf(size.span).trim(),
          wanted: wanted.size,
        },
        {
          primary: { span: value.span, text: `${value.items.length} of them` },
          labels: [{ span: wanted.span, text: `${wanted.size} here` }],
          notes:
            size.kind === "name"
              ? [note("a name in a type stands for one size, wherever it is written")]
              : [],
        },
      );
      return false;
    }
    return value.items.every((item) => this.#level(declaration, item, rest, evaluator, check));
  }

  /** What a size says; undefined when this is the first time that its name is met. */
  #size(size: Value, value: Extract<Value, { kind: "list" }>): Bound | undefined {
    if (size.kind === "number") return { size: size.value, span: size.span };
    if (size.kind !== "word") return undefined;
    const key = `${size.scope.source.name} ${size.text}`;
    const known = this.#bound.get(key);
    if (known === undefined) this.#bound.set(key, { size: value.items.length, span: value.span });
    return known;
  }
}
