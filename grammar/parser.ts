/** The rules of .blip, one RULE a construct, no actions: tokens -> concrete syntax tree. */
import {
  CstParser,
  type ILookaheadStrategy,
  type IOrAlt,
  type IParserErrorMessageProvider,
  type TokenType,
  tokenMatcher,
} from "chevrotain";
import { storedLookahead } from "./lookahead.ts";
import * as t from "./tokens.ts";

/** How many tokens a decision may look at. */
export const maxLookahead = 2;

/** Errors carry only what was expected, in words; `syntax-errors.ts` writes the messages. */
const expectations: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => expected.LABEL ?? expected.name,
  buildNotAllInputParsedMessage: () => "the end of the file",
  buildNoViableAltMessage: ({ ruleName }) => wordsOf(ruleName),
  buildEarlyExitMessage: ({ ruleName }) => wordsOf(ruleName),
};

function wordsOf(ruleName: string): string {
  switch (ruleName) {
    case "primary":
      return "a value";
    case "importStatement":
      return "a string or `{`";
    case "block":
      return "a name, `:` or `{`";
    default:
      return "a statement";
  }
}

/** Only punctuation is made up in recovery: phantom names would poison later phases. */
const insertable: readonly TokenType[] = [
  t.RightParenthesis,
  t.RightBracket,
  t.RightBrace,
  t.Colon,
  t.Equals,
  t.ItemComma,
];

/** A step of the recovery that Chevrotain documents but does not declare. */
const inherited = CstParser.prototype as unknown as {
  canRecoverWithSingleTokenDeletion(this: CstParser, expected: TokenType): boolean;
};

/** A parser of edition 1; k = 2, recovery on. Set `input`, which resets it, and call `file()`. */
export class BlipParser extends CstParser {
  /** Validations of the grammar itself take time at start, so they run in a test only. */
  constructor({
    validate = false,
    lookahead = storedLookahead(maxLookahead),
  }: { readonly validate?: boolean; readonly lookahead?: ILookaheadStrategy } = {}) {
    super(t.vocabulary, {
      recoveryEnabled: true,
      maxLookahead,
      lookaheadStrategy: lookahead,
      nodeLocationTracking: "onlyOffset",
      skipValidations: !validate,
      errorMessageProvider: expectations,
    });
    this.performSelfAnalysis();
  }

  protected override canTokenTypeBeInsertedInRecovery(tokenType: TokenType): boolean {
    return insertable.includes(tokenType);
  }

  /** A separator or a brace is never skipped: what follows it is another statement. */
  protected canRecoverWithSingleTokenDeletion(expected: TokenType): boolean {
    const next = this.LA(1);
    const firm = [t.Separator, t.LeftBrace, t.RightBrace].some((type) => tokenMatcher(next, type));
    return !firm && inherited.canRecoverWithSingleTokenDeletion.call(this, expected);
  }

  file = this.RULE("file", () => {
    this.MANY_SEP({ SEP: t.Separator, DEF: () => this.SUBRULE(this.statement) });
  });

  body = this.RULE("body", () => {
    this.CONSUME(t.LeftBrace);
    this.MANY_SEP({ SEP: t.Separator, DEF: () => this.SUBRULE(this.statement) });
    this.CONSUME(t.RightBrace);
  });

  private statementAlternatives: IOrAlt<unknown>[] | undefined;

  statement = this.RULE("statement", () => {
    this.statementAlternatives ??= [
      { ALT: () => this.SUBRULE(this.edition) },
      { ALT: () => this.SUBRULE(this.importStatement) },
      { ALT: () => this.SUBRULE(this.param) },
      { ALT: () => this.SUBRULE(this.letStatement) },
      { ALT: () => this.SUBRULE(this.extend) },
      { ALT: () => this.SUBRULE(this.assert) },
      { ALT: () => this.SUBRULE(this.setting) },
      { ALT: () => this.SUBRULE(this.block) },
      { ALT: () => this.SUBRULE(this.junkLine), IGNORE_AMBIGUITIES: true },
    ];
    this.OR(this.statementAlternatives);
    this.OPTION(() => this.SUBRULE(this.junkTail));
  });

  edition = this.RULE("edition", () => {
    this.CONSUME(t.Blip);
    this.CONSUME(t.NumberToken);
  });

  importStatement = this.RULE("importStatement", () => {
    this.CONSUME(t.Import);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.StringToken);
          this.CONSUME(t.As);
          this.CONSUME(t.Identifier, { LABEL: "alias" });
        },
      },
      {
        ALT: () => {
          this.SUBRULE(this.importedNames);
          this.CONSUME(t.From);
          this.CONSUME2(t.StringToken);
        },
      },
    ]);
  });

  importedNames = this.RULE("importedNames", () => {
    this.CONSUME(t.LeftBrace);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.Identifier) });
    this.CONSUME(t.RightBrace);
  });

  param = this.RULE("param", () => {
    this.CONSUME(t.Param);
    this.CONSUME(t.Identifier);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.type);
    this.OPTION(() => {
      this.CONSUME(t.Equals);
      this.SUBRULE(this.expression, { LABEL: "value" });
    });
    this.OPTION2(() => {
      this.CONSUME(t.Where);
      this.SUBRULE2(this.expression, { LABEL: "condition" });
    });
  });

  type = this.RULE("type", () => {
    this.CONSUME(t.Identifier);
    this.OPTION(() => {
      this.CONSUME(t.Less);
      this.CONSUME2(t.Identifier, { LABEL: "argument" });
      this.CONSUME(t.Greater);
    });
    this.OPTION2(() => {
      this.CONSUME(t.LeftBracket);
      this.AT_LEAST_ONE_SEP({ SEP: t.ItemComma, DEF: () => this.SUBRULE(this.expression) });
      this.CONSUME(t.RightBracket);
    });
  });

  letStatement = this.RULE("letStatement", () => {
    this.CONSUME(t.Let);
    this.CONSUME(t.Identifier);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.expression);
  });

  extend = this.RULE("extend", () => {
    this.CONSUME(t.Extend);
    this.SUBRULE(this.path);
    this.SUBRULE(this.body);
  });

  assert = this.RULE("assert", () => {
    this.CONSUME(t.Assert);
    this.SUBRULE(this.expression);
    this.OPTION(() => {
      this.CONSUME(t.Else);
      this.CONSUME(t.StringToken);
    });
  });

  path = this.RULE("path", () => {
    this.CONSUME(t.Identifier);
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.CONSUME2(t.Identifier);
    });
  });

  setting = this.RULE("setting", () => {
    this.SUBRULE(this.path);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.expression);
  });

  block = this.RULE("block", () => {
    this.OPTION(() =>
      this.OR([{ ALT: () => this.CONSUME(t.Frozen) }, { ALT: () => this.CONSUME(t.Trainable) }]),
    );
    this.CONSUME(t.Identifier, { LABEL: "blockKind" });
    this.OR2([
      {
        ALT: () => {
          this.OR3([
            { ALT: () => this.CONSUME2(t.Identifier, { LABEL: "name" }) },
            { ALT: () => this.CONSUME(t.StringToken, { LABEL: "name" }) },
          ]);
          this.OPTION2(() => this.SUBRULE(this.variant));
          this.OPTION3(() => {
            this.CONSUME(t.Equals);
            this.SUBRULE(this.expression);
          });
          this.OPTION4(() => this.SUBRULE(this.body));
        },
      },
      {
        ALT: () => {
          this.SUBRULE2(this.variant);
          this.OPTION5(() => this.SUBRULE2(this.body));
        },
      },
      { ALT: () => this.SUBRULE3(this.body) },
    ]);
  });

  variant = this.RULE("variant", () => {
    this.CONSUME(t.Colon);
    this.CONSUME(t.Identifier);
  });

  junkLine = this.RULE("junkLine", () => {
    this.OR([
      { ALT: () => this.CONSUME(t.JunkStart, { LABEL: "Junk" }) },
      { ALT: () => this.SUBRULE(this.body) },
    ]);
    this.MANY(() =>
      this.OR2([{ ALT: () => this.CONSUME(t.Junk) }, { ALT: () => this.SUBRULE2(this.body) }]),
    );
  });

  junkTail = this.RULE("junkTail", () => {
    this.AT_LEAST_ONE(() =>
      this.OR([{ ALT: () => this.CONSUME(t.Junk) }, { ALT: () => this.SUBRULE(this.body) }]),
    );
  });

  /** Operators are flat here, so that long sums do not nest; `to-ast.ts` knows how they bind. */
  expression = this.RULE("expression", () => {
    this.SUBRULE(this.unary);
    this.MANY(() => {
      this.CONSUME(t.BinaryOperator);
      this.SUBRULE2(this.unary);
    });
  });

  unary = this.RULE("unary", () => {
    this.OPTION(() => this.CONSUME(t.UnaryOperator));
    this.SUBRULE(this.primary);
    this.MANY(() => this.SUBRULE(this.suffix));
  });

  suffix = this.RULE("suffix", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.Dot);
          this.CONSUME(t.Identifier);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LeftParenthesis);
          this.MANY_SEP({ SEP: t.ItemComma, DEF: () => this.SUBRULE(this.argument) });
          this.CONSUME(t.RightParenthesis);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.LeftBracket);
          this.AT_LEAST_ONE_SEP({ SEP: t.ItemComma, DEF: () => this.SUBRULE(this.range) });
          this.CONSUME(t.RightBracket);
        },
      },
    ]);
  });

  argument = this.RULE("argument", () => {
    this.OPTION(() => {
      this.CONSUME(t.Identifier);
      this.CONSUME(t.Colon);
    });
    this.SUBRULE(this.expression);
  });

  range = this.RULE("range", () => {
    this.SUBRULE(this.expression, { LABEL: "start" });
    this.OPTION(() => {
      this.CONSUME(t.DotDot);
      this.SUBRULE2(this.expression, { LABEL: "end" });
    });
  });

  private primaryAlternatives: IOrAlt<unknown>[] | undefined;

  primary = this.RULE("primary", () => {
    this.primaryAlternatives ??= [
      { ALT: () => this.SUBRULE(this.number) },
      { ALT: () => this.CONSUME(t.StringToken) },
      { ALT: () => this.CONSUME(t.True) },
      { ALT: () => this.CONSUME(t.False) },
      { ALT: () => this.CONSUME(t.Null) },
      { ALT: () => this.CONSUME(t.Frozen) },
      { ALT: () => this.CONSUME(t.Trainable) },
      { ALT: () => this.CONSUME(t.Identifier) },
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.group) },
    ];
    this.OR(this.primaryAlternatives);
  });

  number = this.RULE("number", () => {
    this.CONSUME(t.NumberToken);
    this.OPTION({
      GATE: () => this.LA(1).startLine === this.LA(0).startLine,
      DEF: () => this.CONSUME(t.Identifier, { LABEL: "unit" }),
    });
  });

  list = this.RULE("list", () => {
    this.CONSUME(t.LeftBracket);
    this.MANY_SEP({ SEP: t.ItemComma, DEF: () => this.SUBRULE(this.expression) });
    this.CONSUME(t.RightBracket);
  });

  group = this.RULE("group", () => {
    this.CONSUME(t.LeftParenthesis);
    this.SUBRULE(this.expression);
    this.CONSUME(t.RightParenthesis);
  });
}
