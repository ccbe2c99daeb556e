/** Breaks a pipeline in one place, five ways a token, and measures how well the rest is read. */
import type { Document, Statement } from "../../grammar/ast.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { lex } from "../../grammar/lex.ts";
import { parse } from "../../grammar/parse.ts";
import { printAst } from "../../grammar/print-ast.ts";
import { createSource, positionAt, type Span } from "../../grammar/source.ts";
import { Newline } from "../../grammar/tokens.ts";

/** A broken text and the place of the damage in the text it was made from. */
export interface Mutant {
  readonly how: "delete" | "duplicate" | "replace" | "stray" | "cut";
  readonly text: string;
  readonly at: number;
}

/** What one mutant gave. */
export interface Judged {
  readonly mutant: Mutant;
  /** Line of the mistake, counted from 1. */
  readonly line: number;
  /** Lines with a message of the parser, in order. */
  readonly reported: readonly number[];
  /** Share of the tokens of other statements that are still read, in their right block. */
  readonly intact: number;
}

/** What a parser makes of broken files (language.md section 4.5). */
export interface RecoveryFigures {
  readonly broken: number;
  readonly meanMessages: number;
  /** Share of broken files with exactly one message. */
  readonly exactlyOne: number;
  /** Mean share of the tokens of other statements that are still read, in their right block. */
  readonly intact: number;
  /** Mean share that is lost in the worst twentieth. */
  readonly worstLoss: number;
}

/** What three mistakes in one file gave. */
export interface ThreeMistakes {
  readonly mistakes: number;
  /** Mistakes with a message at their own line. */
  readonly atOwnLine: number;
}

/** Every mutant of a text. */
export function mutantsOf(text: string): readonly Mutant[] {
  const { tokens } = lex(createSource("mutant.blip", text));
  return tokens
    .filter((token) => token.tokenType !== Newline)
    .flatMap((token): Mutant[] => {
      const at = token.startOffset;
      const end = (token.endOffset ?? at) + 1;
      const before = text.slice(0, at);
      const after = text.slice(end);
      const lineEnd = text.indexOf("\n", at);
      return [
        { how: "delete", text: before + after, at },
        { how: "duplicate", text: `${before}${token.image} ${token.image}${after}`, at },
        { how: "replace", text: `${before}other${after}`, at },
        { how: "stray", text: `${before}) ${token.image}${after}`, at },
        {
          how: "cut",
          text: before.replace(/[ \t]+$/, "") + text.slice(lineEnd === -1 ? text.length : lineEnd),
          at,
        },
      ];
    });
}

/** A statement without its body, as text that two documents can be compared by. */
interface Unit {
  readonly key: string;
  readonly tokens: number;
  readonly span: Span;
  readonly depth: number;
}

/** Statements as text, each with the lines on which the blocks around it start. */
function unitsOf(document: Document): readonly Unit[] {
  const units: Unit[] = [];
  const visit = (statements: readonly Statement[], around: string, depth: number) => {
    for (const statement of statements) {
      const line = positionAt(statement.span.source, statement.span.start).line;
      const own = printAst({ ...document, statements: [withoutBody(statement)] });
      const tokens = own.split(/[\s()]+/).length;
      if (statement.kind !== "junk") {
        units.push({ key: `${around}|${own}`, tokens, span: statement.span, depth });
      }
      if ("body" in statement && statement.body?.kind === "body") {
        visit(statement.body.statements, `${around}/${line}`, depth + 1);
      }
    }
  };
  visit(document.statements, "", 0);
  return units;
}

function withoutBody(statement: Statement): Statement {
  return statement.kind === "block" || statement.kind === "extend"
    ? ({ ...statement, body: undefined } as Statement)
    : statement;
}

/** Lines on which the parser finds something, in order. */
function linesOf(diagnostics: readonly Diagnostic[]): readonly number[] {
  return diagnostics.map(({ primary: { span } }) => positionAt(span.source, span.start).line);
}

/** Every `step`th mutant of a text that the parser has something to say about. */
export function brokenMutants(text: string, step: number): readonly Judged[] {
  const source = createSource("mutant.blip", text);
  const units = unitsOf(parse(source).document);
  return mutantsOf(text)
    .filter((_, index) => index % step === 0)
    .flatMap((mutant): Judged[] => {
      const { document, diagnostics } = parse(createSource("mutant.blip", mutant.text));
      if (diagnostics.length === 0) return [];
      const { line } = positionAt(source, mutant.at);
      const intact = intactShare(units, mutant, document);
      return [{ mutant, line, reported: linesOf(diagnostics), intact }];
    });
}

/** Share of the tokens of the statements that a mutant did not touch, which it keeps. */
function intactShare(before: readonly Unit[], mutant: Mutant, document: Document): number {
  const owner = before
    .filter(({ span }) => span.start <= mutant.at && mutant.at < span.end)
    .reduce<Unit | undefined>(
      (deepest, unit) => (unit.depth >= (deepest?.depth ?? 0) ? unit : deepest),
      undefined,
    );
  const left = new Map<string, number>();
  for (const { key } of unitsOf(document)) {
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  let whole = 0;
  let kept = 0;
  for (const unit of before) {
    if (unit === owner) continue;
    whole += unit.tokens;
    const count = left.get(unit.key) ?? 0;
    if (count > 0) {
      left.set(unit.key, count - 1);
      kept += unit.tokens;
    }
  }
  return kept / Math.max(1, whole);
}

/** Figures over judged mutants. */
export function recoveryFigures(judged: readonly Judged[]): RecoveryFigures {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const losses = judged.map(({ intact }) => 1 - intact);
  const worst = losses.toSorted((a, b) => b - a).slice(0, Math.ceil(losses.length / 20));
  return {
    broken: judged.length,
    meanMessages: mean(judged.map(({ reported }) => reported.length)),
    exactlyOne: mean(judged.map(({ reported }) => (reported.length === 1 ? 1 : 0))),
    intact: 1 - mean(losses),
    worstLoss: mean(worst),
  };
}

/** Each mistake together with one a third and one two thirds of the list further on, when on other lines. */
export function threeMistakes(text: string, all: readonly Judged[]): ThreeMistakes {
  const third = Math.floor(all.length / 3);
  let mistakes = 0;
  let atOwnLine = 0;
  for (let first = 0; first < third; first++) {
    const three = [first, first + third, first + 2 * third].flatMap((at) => all[at] ?? []);
    if (new Set(three.map(({ line }) => line)).size < 3) continue;
    const lines = text.split("\n");
    for (const { mutant, line } of three) {
      lines[line - 1] = mutant.text.split("\n")[line - 1] ?? "";
    }
    const reported = linesOf(parse(createSource("mutant.blip", lines.join("\n"))).diagnostics);
    mistakes += 3;
    atOwnLine += three.filter(({ line }) => reported.includes(line)).length;
  }
  return { mistakes, atOwnLine };
}
