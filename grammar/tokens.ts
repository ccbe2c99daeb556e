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

/** The keyword `blip`. */
export const Blip = keyword("blip");
/** The keyword `import`. */
export const Import = keyword("import");
/** The keyword `param`. */
export const Param = keyword("param");
/** The keyword `let`. */
export const Let = keyword("let");
/** The keyword `extend`. */
export const Extend = keyword("extend");
/** The keyword `assert`. */
export const Assert = keyword("assert");
/** The keyword `frozen`. */
export const Frozen = keyword("frozen");
/** The keyword `trainable`. */
export const Trainable = keyword("trainable");
/** The keyword `where`. */
export const Where = keyword("where");
/** The keyword `else`. */
export const Else = keyword("else");
/** The keyword `true`. */
export const True = keyword("true");
/** The keyword `false`. */
export const False = keyword("false");
/** The keyword `null`. */
export const Null = keyword("null");
/** The keyword `and`. */
export const And = keyword("and", [BinaryOperator]);
/** The keyword `or`. */
export const Or = keyword("or", [BinaryOperator]);
/** The keyword `not`. */
export const Not = keyword("not", [UnaryOperator]);
/** The soft keyword `as`. */
export const As = keyword("as", [Identifier]);
/** The soft keyword `from`. */
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

/** The sign `->`. */
export const Arrow = visible("Arrow", "->", { categories: [BinaryOperator] });
/** The sign `==`. */
export const EqualEqual = visible("EqualEqual", "==", { categories: [BinaryOperator] });
/** The sign `!=`. */
export const NotEqual = visible("NotEqual", "!=", { categories: [BinaryOperator] });
/** The sign `<=`. */
export const LessEqual = visible("LessEqual", "<=", { categories: [BinaryOperator] });
/** The sign `>=`. */
export const GreaterEqual = visible("GreaterEqual", ">=", { categories: [BinaryOperator] });
/** The sign `<`. */
export const Less = visible("Less", "<", { categories: [BinaryOperator] });
/** The sign `>`. */
export const Greater = visible("Greater", ">", { categories: [BinaryOperator] });
/** The sign `+`. */
export const Plus = visible("Plus", "+", { categories: [BinaryOperator] });
/** The sign `-`. */
export const Minus = visible("Minus", "-", { categories: [BinaryOperator, UnaryOperator] });
/** The sign `*`. */
export const Star = visible("Star", "*", { categories: [BinaryOperator] });
/** The sign `/`. */
export const Slash = visible("Slash", "/", { categories: [BinaryOperator] });
/** The sign `%`. */
export const Percent = visible("Percent", "%", { categories: [BinaryOperator] });
/** The sign `=`. */
export const Equals = visible("Equals", "=");
/** The sign `:`. */
export const Colon = visible("Colon", ":");
/** The sign `..`. */
export const DotDot = visible("DotDot", "..");
/** The sign `.`. */
export const Dot = visible("Dot", ".");
/** The sign `(`. */
export const LeftParenthesis = visible("LeftParenthesis", "(");
/** The sign `)`. */
export const RightParenthesis = visible("RightParenthesis", ")");
/** The sign `[`. */
export const LeftBracket = visible("LeftBracket", "[");
/** The sign `]`. */
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
