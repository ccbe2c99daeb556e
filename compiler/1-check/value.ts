/** What an expression amounts to before a setting says what it wants. */
import type { Identifier } from "../../grammar/ast.ts";
import { type Span, textOf } from "../../grammar/source.ts";
import type { BlockDeclaration, FileScope } from "./file-scope.ts";

interface Placing {
  /** Where the value is used. */
  readonly span: Span;
  /** Where it was set: follows params and lets to the literal, also into `--set`. */
  readonly origin: Span;
}

export type Value =
  | ({
      readonly kind: "number";
      readonly value: number;
      readonly unit: Identifier | undefined;
    } & Placing)
  | ({ readonly kind: "string"; readonly value: string } & Placing)
  | ({ readonly kind: "boolean"; readonly value: boolean } & Placing)
  | ({ readonly kind: "null" } & Placing)
  | ({ readonly kind: "state"; readonly state: "frozen" | "trainable" } & Placing)
  /** A name that nothing in reach declares: the setting knows whether it is one of its words. */
  | ({ readonly kind: "word"; readonly text: string; readonly scope: FileScope } & Placing)
  | ({ readonly kind: "list"; readonly items: readonly Value[] } & Placing)
  | ({
      readonly kind: "block";
      readonly block: BlockDeclaration;
      /** The imported file through which it was reached, when it was. */
      readonly via?: FileScope;
    } & Placing)
  | ({ readonly kind: "file"; readonly scope: FileScope } & Placing)
  | ({ readonly kind: "member"; readonly of: Value; readonly name: Identifier } & Placing)
  | ({
      readonly kind: "call";
      readonly callee: Value;
      readonly arguments: readonly ValueArgument[];
    } & Placing)
  | ({
      readonly kind: "index";
      readonly of: Value;
      readonly items: readonly Value[];
      /** Behind `..`, beside each item. */
      readonly ends: readonly (Value | undefined)[];
      readonly ranged: boolean;
    } & Placing)
  | ({ readonly kind: "chain"; readonly links: readonly Value[] } & Placing)
  /** `1.0 * itc + 0.5 * itm` */
  | ({ readonly kind: "weighted"; readonly terms: readonly WeightedTerm[] } & Placing)
  /** Something that was already reported: everything that follows from it stays silent. */
  | ({ readonly kind: "missing" } & Placing);

export interface ValueArgument {
  readonly name: Identifier | undefined;
  readonly value: Value;
}

export interface WeightedTerm {
  readonly block: BlockDeclaration;
  readonly weight: number;
  readonly span: Span;
}

/** What a value is, with an article, for messages. */
export function describe(value: Value): string {
  switch (value.kind) {
    case "number":
      return value.unit === undefined
        ? `the number ${value.value}`
        : `${value.value} ${value.unit.text}`;
    case "string":
      return `the string "${value.value}"`;
    case "boolean":
      return `${value.value}`;
    case "null":
      return "null";
    case "state":
      return `\`${value.state}\``;
    case "word":
      return `\`${value.text}\``;
    case "list":
      return "a list";
    case "block":
      return `the ${value.block.kind} \`${value.block.name}\``;
    case "file":
      return "an imported file";
    case "member":
      return `\`.${value.name.text}\` of ${describe(value.of)}`;
    case "call":
      return `\`${textOf(value.span)}\``;
    case "index":
      return "something with brackets";
    case "chain":
      return "a chain of `->`";
    case "weighted":
      return "a sum of objectives";
    case "missing":
      return "nothing";
  }
}

/** A count as pipelines write it: `250_000`. */
export function withUnderscores(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, "_");
}
