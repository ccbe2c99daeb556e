/** Answers of the language service → objects of the protocol. */
import {
  type CodeAction,
  CodeActionKind,
  type CompletionItem,
  CompletionItemKind,
  InsertTextFormat,
  type TextEdit as ProtocolEdit,
  type DocumentSymbol as ProtocolSymbol,
  SymbolKind,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import type {
  Analysis,
  Choice,
  Completion,
  DocumentSymbol,
  QuickFix,
} from "../../compiler/language-service/index.ts";
import { semanticTokens, semanticTokenTypes } from "../../compiler/language-service/index.ts";
import type { TextEdit } from "../../grammar/diagnostic.ts";
import { format } from "../../grammar/format.ts";
import { type Source, spanOf } from "../../grammar/source.ts";
import { positionOf, rangeOf } from "./positions.ts";

type UriOf = (name: string) => string;

const itemKinds: Readonly<Record<Choice["kind"], CompletionItemKind>> = {
  keyword: CompletionItemKind.Keyword,
  kind: CompletionItemKind.Class,
  variant: CompletionItemKind.EnumMember,
  setting: CompletionItemKind.Property,
  value: CompletionItemKind.Value,
  function: CompletionItemKind.Function,
  unit: CompletionItemKind.Unit,
  name: CompletionItemKind.Variable,
  file: CompletionItemKind.File,
  type: CompletionItemKind.TypeParameter,
};

/** Choices in the order in which the service gives them. */
export function completionItems(
  { choices, span }: Completion,
  hasSnippets: boolean,
): CompletionItem[] {
  const range = rangeOf(span);
  return choices.map((choice, index) => {
    const { label, kind, detail, insert = label, isSnippet = false } = choice;
    const newText = isSnippet && !hasSnippets ? plainText(insert) : insert;
    return {
      label,
      kind: itemKinds[kind],
      sortText: String(index).padStart(4, "0"),
      textEdit: { range, newText },
      insertTextFormat:
        isSnippet && hasSnippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
      ...(detail === undefined ? {} : { detail }),
    };
  });
}

/** A snippet with its places filled by what they suggest. */
function plainText(snippet: string): string {
  return snippet.replace(
    /\$\{\d+(?::([^}]*))?\}|\$\d+/g,
    (_, suggested?: string) => suggested ?? "",
  );
}

const symbolKinds: Readonly<Record<DocumentSymbol["kind"], SymbolKind>> = {
  module: SymbolKind.Class,
  data: SymbolKind.Array,
  objective: SymbolKind.Function,
  stage: SymbolKind.Event,
  test: SymbolKind.Method,
  param: SymbolKind.Variable,
  let: SymbolKind.Constant,
  import: SymbolKind.Namespace,
  setting: SymbolKind.Property,
  block: SymbolKind.Object,
};

/** The outline. */
export function protocolSymbols(symbols: readonly DocumentSymbol[]): ProtocolSymbol[] {
  return symbols.map(({ name, detail, kind, span, nameSpan, children }) => ({
    name,
    detail,
    kind: symbolKinds[kind],
    range: rangeOf(span),
    selectionRange: rangeOf(nameSpan),
    children: protocolSymbols(children),
  }));
}

/** Edits by file. */
export function workspaceEdit(edits: readonly TextEdit[], uriOf: UriOf): WorkspaceEdit {
  const changes: Record<string, ProtocolEdit[]> = {};
  for (const { span, text } of edits) {
    const uri = uriOf(span.source.name);
    changes[uri] = [...(changes[uri] ?? []), { range: rangeOf(span), newText: text }];
  }
  return { changes };
}

/** Fixes; a safe one is preferred. Those that would change a `--set` are left out. */
export function codeActions(fixes: readonly QuickFix[], uriOf: UriOf): CodeAction[] {
  return fixes
    .filter(({ fix }) => fix.edits.every(({ span }) => !span.source.name.startsWith("--")))
    .map(({ fix, diagnostic }) => ({
      title: `${fix.title} (${diagnostic.code})`,
      kind: CodeActionKind.QuickFix,
      isPreferred: fix.safe,
      edit: workspaceEdit(fix.edits, uriOf),
    }));
}

/** The one stretch that formatting changes, so that cursors elsewhere stay; none when nothing changes. */
export function formattingEdits(source: Source): ProtocolEdit[] {
  const { text } = source;
  const formatted = format(source);
  if (formatted === text) return [];
  const most = Math.min(text.length, formatted.length);
  let start = 0;
  while (start < most && text[start] === formatted[start]) start += 1;
  let same = 0;
  while (same < most - start && text.at(-1 - same) === formatted.at(-1 - same)) same += 1;
  const range = rangeOf(spanOf(source, start, text.length - same));
  return [{ range, newText: formatted.slice(start, formatted.length - same) }];
}

/** What the server says of colored words. */
export const semanticTokensLegend = {
  tokenTypes: [...semanticTokenTypes],
  tokenModifiers: ["declaration"],
};

/** Colored words as five numbers each: lines and columns relative to the word before. */
export function semanticTokenData(analysis: Analysis): number[] {
  let line = 0;
  let character = 0;
  return semanticTokens(analysis).flatMap(({ start, length, type, isDeclaration }) => {
    const at = positionOf(analysis.source, start);
    const down = at.line - line;
    const right = down === 0 ? at.character - character : at.character;
    line = at.line;
    character = at.character;
    return [down, right, length, semanticTokenTypes.indexOf(type), isDeclaration ? 1 : 0];
  });
}
