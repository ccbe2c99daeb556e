/** The vocabulary of `.blip`, in lexing order; text -> tokens, nothing lost. */
import { createToken, type ITokenConfig, Lexer, type TokenType } from "chevrotain";

/** Ends a statement: a newline that the layout pass kept, or a comma outside of brackets. */
export const Separator = createToken({ name: "Separator", pattern: Lexer.NA, label: "a new line" });

/** Every token but separators and braces: what a line that is no statement may hold. */
export const Junk = createToken({ name: "Junk", pattern: Lexer.NA, label: "text" });

/** Junk that no statement starts with: after `let`, something else than a statement is no junk. */
export const JunkStart = createToken({ name: "JunkStart", pattern: Lexer.NA, label: "text" });

/** Stands between two values. */
export const BinaryOperator = createToken({
  name: "BinaryOperator",
  pattern: Lexer.NA,
  label: "an operator",
});

/** Stands in front of a value. */
export const UnaryOperator = createToken({
  name: "UnaryOperator",
  pattern: Lexer.NA,
  label: "`-` or `not`",
});

const trivia = { group: "trivia" } as const;

/** A line end; the layout pass keeps those that separate statements. */
export const Newline = createToken({
  name: "Newline",
  pattern: /\r?\n/,
  line_breaks: true,
  categories: [Separator],
  label: "a new line",
});

/** Blanks, tabs, a byte order mark; never a line end. */
export const Whitespace = createToken({
  name: "Whitespace",
  pattern: /(?:[ \t\f\v\uFEFF]|\r(?!\n))+/,
  line_breaks: false,
  ...trivia,
});

/** `/// documentation of the next statement` */
export const DocumentationComment = createToken({
  name: "DocumentationComment",
  pattern: /\/\/\/[^\r\n]*/,
  ...trivia,
});

/** `// a remark` */
export const LineComment = createToken({
  name: "LineComment",
  pattern: /\/\/[^\r\n]*/,
  ...trivia,
});

/** Text between slash-star and star-slash. */
export const BlockComment = createToken({
  name: "BlockComment",
  pattern: /\/\*[\s\S]*?\*\//,
  line_breaks: true,
  ...trivia,
});

/** A block comment that runs to the end of the file. */
export const UnterminatedComment = createToken({
  name: "UnterminatedComment",
  pattern: /\/\*[\s\S]*/,
  line_breaks: true,
  ...trivia,
});

/** `# a remark` of another language. */
export const HashComment = createToken({ name: "HashComment", pattern: /#[^\r\n]*/, ...trivia });

/** Words that only statements start with. */
const statementWords: readonly string[] =
  "blip import param let extend assert frozen trainable".split(" ");

function visible(name: string, pattern: RegExp | string, config: Partial<ITokenConfig> = {}) {
  const opens = typeof pattern === "string" && statementWords.includes(pattern);
  const label = typeof pattern === "string" ? `\`${pattern}\`` : name.toLowerCase();
  return createToken({
    name,
    pattern,
    label,
    line_breaks: false,
    ...config,
    categories: [Junk, ...(opens ? [] : [JunkStart]), ...[config.categories ?? []].flat()],
  });
}

/** A word that is not a hard keyword. */
export const Identifier = visible("Identifier", /[A-Za-z_][A-Za-z0-9_]*/, { label: "a name" });

function keyword(word: string, categories: TokenType[] = []) {
  const name = `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
  return visible(name, word, { longer_alt: Identifier, categories });
}

export const Blip = keyword("blip");
export const Import = keyword("import");
export const Param = keyword("param");
export const Let = keyword("let");
export const Extend = keyword("extend");
export const Assert = keyword("assert");
export const Frozen = keyword("frozen");
export const Trainable = keyword("trainable");
export const Where = keyword("where");
export const Else = keyword("else");
export const True = keyword("true");
export const False = keyword("false");
export const Null = keyword("null");
export const And = keyword("and", [BinaryOperator]);
export const Or = keyword("or", [BinaryOperator]);
export const Not = keyword("not", [UnaryOperator]);
export const As = keyword("as", [Identifier]);
export const From = keyword("from", [Identifier]);

/** `250_000`, `0.05`, `1e-4` */
export const NumberToken = visible(
  "Number",
  /(?:0|[1-9][0-9_]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/,
  { label: "a number" },
);

/** A number with zeros in front, reported by the lexing step. */
export const LeadingZeroNumber = visible(
  "LeadingZeroNumber",
  /0[0-9_]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/,
  { categories: [NumberToken] },
);

/** `"text"`, on one line. */
export const StringToken = visible("String", /"(?:[^"\\\r\n]|\\[^\r\n])*"/, {
  label: "a string",
});

/** A string without its closing quote; ends with its line, or before a `{` that ends the line. */
export const UnterminatedString = visible(
  "UnterminatedString",
  /"(?:(?! ?\{[ \t]*(?:[\r\n]|$))[^\r\n])*/,
  { categories: [StringToken] },
);

/** `'text'`, reported by the lexing step. */
export const SingleQuotedString = visible("SingleQuotedString", /'[^'\r\n]*'/, {
  categories: [StringToken],
});

export const Arrow = visible("Arrow", "->", { categories: [BinaryOperator] });
export const EqualEqual = visible("EqualEqual", "==", { categories: [BinaryOperator] });
export const NotEqual = visible("NotEqual", "!=", { categories: [BinaryOperator] });
export const LessEqual = visible("LessEqual", "<=", { categories: [BinaryOperator] });
export const GreaterEqual = visible("GreaterEqual", ">=", { categories: [BinaryOperator] });
export const Less = visible("Less", "<", { categories: [BinaryOperator] });
export const Greater = visible("Greater", ">", { categories: [BinaryOperator] });
export const Plus = visible("Plus", "+", { categories: [BinaryOperator] });
export const Minus = visible("Minus", "-", { categories: [BinaryOperator, UnaryOperator] });
export const Star = visible("Star", "*", { categories: [BinaryOperator] });
export const Slash = visible("Slash", "/", { categories: [BinaryOperator] });
export const Percent = visible("Percent", "%", { categories: [BinaryOperator] });
export const Equals = visible("Equals", "=");
export const Colon = visible("Colon", ":");
export const DotDot = visible("DotDot", "..");
export const Dot = visible("Dot", ".");
export const LeftParenthesis = visible("LeftParenthesis", "(");
export const RightParenthesis = visible("RightParenthesis", ")");
export const LeftBracket = visible("LeftBracket", "[");
export const RightBracket = visible("RightBracket", "]");

/** `{` */
export const LeftBrace = createToken({ name: "LeftBrace", pattern: "{", label: "`{`" });

/** `}` */
export const RightBrace = createToken({ name: "RightBrace", pattern: "}", label: "`}`" });

/** A comma between statements or imported names. */
export const Comma = createToken({
  name: "Comma",
  pattern: ",",
  label: "`,`",
  categories: [Separator],
});

/** A comma inside of `( )` or `[ ]`; the layout pass turns commas there into this. */
export const ItemComma = visible("ItemComma", Lexer.NA, { label: "`,`" });

/** Any other character, reported by the lexing step. A range, since `[^]` cannot be indexed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: stray control characters are meant
export const Stray = visible("Stray", /[\u0000-\uffff]/, { line_breaks: false });

/** Every token type; the order decides which pattern is tried first. */
export const vocabulary: TokenType[] = [
  Separator,
  Junk,
  JunkStart,
  BinaryOperator,
  UnaryOperator,
  Newline,
  Whitespace,
  DocumentationComment,
  LineComment,
  BlockComment,
  UnterminatedComment,
  HashComment,
  Blip,
  Import,
  Param,
  Let,
  Extend,
  Assert,
  Frozen,
  Trainable,
  Where,
  Else,
  True,
  False,
  Null,
  And,
  Or,
  Not,
  As,
  From,
  Identifier,
  LeadingZeroNumber,
  NumberToken,
  StringToken,
  UnterminatedString,
  SingleQuotedString,
  Arrow,
  EqualEqual,
  NotEqual,
  LessEqual,
  GreaterEqual,
  Less,
  Greater,
  Plus,
  Minus,
  Star,
  Slash,
  Percent,
  Equals,
  Colon,
  DotDot,
  Dot,
  LeftParenthesis,
  RightParenthesis,
  LeftBracket,
  RightBracket,
  LeftBrace,
  RightBrace,
  Comma,
  ItemComma,
  Stray,
];

/** Words that cannot be names. */
export const hardKeywords: readonly string[] =
  "blip import param let extend assert frozen trainable where else true false null and or not".split(
    " ",
  );
