/** Text of a `.blip` file -> the same in its one canonical layout (language.md section 4.8). */
import { printLayout } from "./format/layout-document.ts";
import { statementsLayout } from "./format/statement-layout.ts";
import { commentText } from "./format/token-cursor.ts";
import { type Lexed, lex } from "./lex.ts";
import { parse } from "./parse.ts";
import { createSource, type Source } from "./source.ts";
import { Comma, Newline, Whitespace } from "./tokens.ts";

const byteOrderMark = "\uFEFF";

/**
 * Formats a file: two spaces, 100 columns, no options. Comments stay on their lines, at most one blank line stays of
 * several, statements with errors stay as they are. Keeps CRLF line ends and a byte order mark. Never throws; gives
 * the text back unchanged where printing it anew would change what it says.
 */
export function format(source: Source): string {
  const mark = source.text.startsWith(byteOrderMark) ? byteOrderMark : "";
  const text = source.text.slice(mark.length);
  const plain = createSource(source.name, text);
  const lexed = lex(plain);
  const { statements } = parse(plain).document;
  const table = {
    text,
    tokens: lexed.tokens.filter(({ tokenType }) => tokenType !== Newline),
    comments: lexed.trivia.filter(({ tokenType }) => tokenType !== Whitespace),
  };
  const printed = printLayout(statementsLayout(statements, table, 0, text.length));
  const lines = printed === "" ? "" : `${printed}\n`;
  const isSame = wordsOf(lex(createSource(source.name, lines))) === wordsOf(lexed);
  if (!isSame) return source.text;
  return mark + (/\r\n/.test(text) ? lines.replaceAll("\n", "\r\n") : lines);
}

/** Tokens and comments of a text, without what separates statements and items. */
function wordsOf({ tokens, trivia }: Lexed): string {
  const words = tokens
    .filter(({ tokenType }) => tokenType !== Newline && tokenType !== Comma)
    .map(({ image }) => image.trimEnd());
  const comments = trivia.filter(({ tokenType }) => tokenType !== Whitespace).map(commentText);
  return [...words, "", ...comments].join("\n");
}
