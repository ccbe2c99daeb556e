/** Text -> tokens, comments, and messages about single characters, strings and numbers. */
import { type IToken, Lexer, type TokenType, tokenMatcher } from "chevrotain";
import type { Diagnostic } from "./diagnostic.ts";
import { help, report } from "./message.ts";
import {
  hashComment,
  leadingZero,
  singleQuotes,
  strayCharacter,
  unterminatedComment,
  unterminatedString,
} from "./messages/text.ts";
import { type Source, type Span, spanOf } from "./source.ts";
import {
  Colon,
  Equals,
  Greater,
  GreaterEqual,
  HashComment,
  Identifier,
  LeadingZeroNumber,
  Less,
  Param,
  SingleQuotedString,
  Stray,
  UnterminatedComment,
  UnterminatedString,
  vocabulary,
} from "./tokens.ts";

/** What the lexer found; tokens and trivia together are the whole text. */
export interface Lexed {
  /** Newlines included, in order. */
  readonly tokens: readonly IToken[];
  /** Blanks and comments, in order. */
  readonly trivia: readonly IToken[];
  readonly diagnostics: readonly Diagnostic[];
}

let lexer: Lexer | undefined;

/** Cuts a text into tokens; any text, since an unknown character is a token too. */
export function lex(source: Source): Lexed {
  lexer ??= new Lexer(vocabulary, {
    ensureOptimizations: true,
    skipValidations: true,
    lineTerminatorsPattern: /\n/g,
    lineTerminatorCharacters: ["\n"],
  });
  const { tokens: cut, groups } = lexer.tokenize(source.text);
  const tokens = closedTypes(cut);
  const trivia = groups["trivia"] ?? [];
  return { tokens, trivia, diagnostics: lexicalDiagnostics(source, tokens, trivia) };
}

/** `param x: backbone<lm>= "…"`: the `>=` behind the type of a param is a `>` and a `=`. */
function closedTypes(tokens: readonly IToken[]): readonly IToken[] {
  const pattern = [Param, Identifier, Colon, Identifier, Less, Identifier, GreaterEqual];
  return tokens.flatMap((token, index) => {
    if (token.tokenType !== GreaterEqual) return [token];
    const before = tokens.slice(Math.max(0, index - pattern.length + 1), index + 1);
    const isType =
      before.length === pattern.length &&
      before.every((each, at) => tokenMatcher(each, pattern[at]!));
    return isType ? [part(token, Greater, 0), part(token, Equals, 1)] : [token];
  });
}

/** One character of a token as a token of its own. */
function part(token: IToken, tokenType: TokenType, at: number): IToken {
  const column = (token.startColumn ?? 1) + at;
  return {
    ...token,
    tokenType,
    tokenTypeIdx: tokenType.tokenTypeIdx ?? 0,
    image: token.image.slice(at, at + 1),
    startOffset: token.startOffset + at,
    endOffset: token.startOffset + at,
    startColumn: column,
    endColumn: column,
  };
}

/** The span of a token; zero-width for one that a later step made up. */
export function tokenSpan(source: Source, token: IToken): Span {
  return spanOf(source, token.startOffset, (token.endOffset ?? token.startOffset - 1) + 1);
}

function lexicalDiagnostics(
  source: Source,
  tokens: readonly IToken[],
  trivia: readonly IToken[],
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  for (const [index, token] of tokens.entries()) {
    const span = tokenSpan(source, token);
    switch (token.tokenType) {
      case Stray:
        if (!isStrayPair(tokens[index - 1], token)) {
          found.push(strayDiagnostic(source, tokens, index));
        }
        break;
      case UnterminatedString:
        found.push(
          report(
            unterminatedString,
            {},
            {
              primary: { span, text: "opened here" },
              notes: [help('add `"` where the text ends')],
            },
          ),
        );
        break;
      case SingleQuotedString: {
        const text = JSON.stringify(token.image.slice(1, -1));
        found.push(
          report(
            singleQuotes,
            {},
            {
              primary: { span, text: `write \`${text}\`` },
              fixes: [{ title: `write ${text}`, edits: [{ span, text }], safe: true }],
            },
          ),
        );
        break;
      }
      case LeadingZeroNumber: {
        const text = token.image.replace(/^0[0_]*(?=\d)/, "");
        found.push(
          report(
            leadingZero,
            { raw: token.image },
            {
              primary: { span, text: `write \`${text}\`` },
              fixes: [{ title: `write ${text}`, edits: [{ span, text }], safe: true }],
            },
          ),
        );
        break;
      }
    }
  }
  for (const token of trivia) {
    if (token.tokenType === HashComment) {
      const span = spanOf(source, token.startOffset, token.startOffset + 1);
      found.push(
        report(
          hashComment,
          {},
          {
            primary: { span, text: "write `//`" },
            fixes: [{ title: "write `//`", edits: [{ span, text: "//" }], safe: true }],
          },
        ),
      );
    } else if (token.tokenType === UnterminatedComment) {
      const span = spanOf(source, token.startOffset, token.startOffset + 2);
      found.push(
        report(
          unterminatedComment,
          {},
          {
            primary: { span, text: "opened here; the rest of the file is a comment" },
            notes: [help("add `*/` where the comment ends")],
          },
        ),
      );
    }
  }
  return found;
}

/** True for a stray character right behind another one, which is reported with it. */
function isStrayPair(before: IToken | undefined, token: IToken): boolean {
  const both = before?.tokenType === Stray && token.tokenType === Stray;
  return both && before.startOffset === token.startOffset - 1;
}

function strayDiagnostic(source: Source, tokens: readonly IToken[], first: number): Diagnostic {
  let last = first;
  while (last + 1 < tokens.length && isStrayPair(tokens[last], tokens[last + 1] as IToken)) {
    last++;
  }
  const start = tokens[first]?.startOffset ?? 0;
  const span = spanOf(source, start, start + last - first + 1);
  const characters = source.text.slice(span.start, span.end);
  const blank = /^\p{Separator}+$/u.test(characters);
  const text = /^[\p{Letter}\p{Number}\p{Punctuation}\p{Symbol}]+$/u.test(characters)
    ? `\`${characters}\``
    : `the character ${codePointName(characters)}`;
  const fixes = blank
    ? [{ title: "write a blank", edits: [{ span, text: " " }], safe: true }]
    : characters === ";"
      ? [{ title: "delete it", edits: [{ span, text: "" }], safe: true }]
      : [];
  const hint = characters === ";" ? "a statement ends with its line" : "delete it";
  return report(
    strayCharacter,
    { text },
    { primary: { span, text: blank ? "write a blank" : hint }, fixes },
  );
}

function codePointName(text: string): string {
  return `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
