/** The door of the grammar: text -> document and messages; never throws, whatever the text. */
import type { Document } from "./ast.ts";
import { readComments } from "./comments.ts";
import type { FileCstNode } from "./cst.d.ts";
import { type Building, childrenOf } from "./cst-reading.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { documentDiagnostics } from "./document-rules.ts";
import { layOut } from "./layout.ts";
import { lex } from "./lex.ts";
import { report } from "./message.ts";
import { tooManyMessages, trailingJunk } from "./messages/syntax.ts";
import { unterminatedComment } from "./messages/text.ts";
import { findNesting } from "./nesting.ts";
import { BlipParser } from "./parser.ts";
import { positionAt, type Source, spanOf } from "./source.ts";
import { syntaxDiagnostic } from "./syntax-errors.ts";
import { statementsToAst } from "./to-ast.ts";

/** What a text means as far as its shape goes. */
export interface Parsed {
  /** Everything that could be read, with `missing` and `junk` nodes where something could not. */
  readonly document: Document;
  /** In order of the text, at most one a line, at most 101 in all. */
  readonly diagnostics: readonly Diagnostic[];
}

/** How many messages about the text of one file are shown. */
const shownMessages = 100;

let parser: BlipParser | undefined;

/** Parses a `.blip` file of edition 1. */
export function parse(source: Source): Parsed {
  const lexed = lex(source);
  const layout = layOut(source, lexed.tokens);
  const { comments, documentation } = readComments(source, lexed);
  const nesting = findNesting(source, layout.tokens);
  const building: Building = { source, documentation, diagnostics: [] };
  const span = spanOf(source, 0, source.text.length);
  if (nesting !== undefined) {
    return {
      document: { kind: "document", statements: [], comments, span },
      diagnostics: onePerLine([[nesting], lexed.diagnostics]),
    };
  }
  parser ??= new BlipParser();
  parser.input = [...layout.tokens];
  const tree = parser.file() as FileCstNode;
  const errors = parser.errors.map((error) => syntaxDiagnostic(source, error));
  const statements = statementsToAst(building, childrenOf(tree).statement);
  const commentOpen = lexed.diagnostics.some(({ code }) => code === unterminatedComment.code);
  return {
    document: { kind: "document", statements, comments, span },
    diagnostics: onePerLine([
      lexed.diagnostics,
      commentOpen
        ? layout.diagnostics.filter(({ labels }) => labels.length > 0)
        : layout.diagnostics,
      building.diagnostics.filter(({ code }) => code !== trailingJunk.code),
      errors,
      building.diagnostics,
      documentDiagnostics(statements),
    ]),
  };
}

/** One message a line, earlier lists first, then ordered by place and cut after a hundred. */
function onePerLine(lists: readonly (readonly Diagnostic[])[]): readonly Diagnostic[] {
  const byLine = new Map<number, Diagnostic>();
  for (const diagnostic of lists.flat()) {
    const { span } = diagnostic.primary;
    const { line } = positionAt(span.source, span.start);
    if (!byLine.has(line)) {
      byLine.set(line, diagnostic);
    }
  }
  const ordered = [...byLine].toSorted(([left], [right]) => left - right);
  const shown = ordered.slice(0, shownMessages).map(([, diagnostic]) => diagnostic);
  const next = ordered[shownMessages]?.[1];
  if (next !== undefined) {
    const facts = { hidden: ordered.length - shownMessages };
    const primary = { span: next.primary.span, text: "the next one is here" };
    shown.push(report(tooManyMessages, facts, { primary }));
  }
  return shown;
}
