/** How the tree builder reads a concrete syntax tree, in which recovery may leave anything out. */
import type { CstNode, IToken } from "chevrotain";
import type { Identifier, Missing } from "./ast.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { tokenSpan } from "./lex.ts";
import { type Source, type Span, spanOf } from "./source.ts";

/** What every step of the tree builder needs. */
export interface Building {
  readonly source: Source;
  /** Lines of `///` by the offset of the token that follows them. */
  readonly documentation: ReadonlyMap<number, string>;
  /** Messages found on the way are added here. */
  readonly diagnostics: Diagnostic[];
}

/** Children as recovery leaves them: each may be absent. */
export type Loose<Children> = { readonly [Key in keyof Children]?: Children[Key] | undefined };

/** The children of a node, none of them certain. */
export function childrenOf<Node extends CstNode>(node: Node): Loose<Node["children"]> {
  return node.children as Loose<Node["children"]>;
}

/** The first token of a slot, if the user wrote one. */
export function written(tokens: readonly IToken[] | undefined): IToken | undefined {
  const token = tokens?.[0];
  return token === undefined || token.isInsertedInRecovery === true ? undefined : token;
}

/** The stretch of a node; zero-width at `at` when it holds no token. */
export function nodeSpan(building: Building, node: CstNode | undefined, at: number): Span {
  const start = node?.location?.startOffset;
  const end = node?.location?.endOffset;
  return start === undefined || end === undefined || Number.isNaN(start) || Number.isNaN(end)
    ? spanOf(building.source, at, at)
    : spanOf(building.source, start, Math.max(start, end + 1));
}

/** What should stand at `at`. */
export function missing(building: Building, expected: string, at: number): Missing {
  return { kind: "missing", expected, span: spanOf(building.source, at, at) };
}

/** A token as a name. */
export function identifier(building: Building, token: IToken): Identifier {
  return { kind: "identifier", text: token.image, span: tokenSpan(building.source, token) };
}

/** A token as a name, or what is missing there. */
export function identifierOrMissing(
  building: Building,
  token: IToken | undefined,
  at: number,
): Identifier | Missing {
  return token === undefined ? missing(building, "a name", at) : identifier(building, token);
}
