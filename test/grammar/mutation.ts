/** Breaks a pipeline in one place, five ways a token, and measures how well the rest is read. */
import type { Document, Statement } from "../../grammar/ast.ts";
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

/** Share of other statements that a mutant keeps, and how many messages it gives. */
export function judge(original: string, mutant: Mutant) {
  const before = unitsOf(parse(createSource("mutant.blip", original)).document);
  const { document, diagnostics } = parse(createSource("mutant.blip", mutant.text));
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
  const lost: string[] = [];
  for (const unit of before) {
    if (unit === owner) {
      continue;
    }
    whole += unit.tokens;
    const count = left.get(unit.key) ?? 0;
    if (count > 0) {
      left.set(unit.key, count - 1);
      kept += unit.tokens;
    } else {
      lost.push(unit.key);
    }
  }
  return { diagnostics, intact: kept / Math.max(1, whole), lost };
}

/** Figures over the mutants of several texts; every `step`th mutant is tried. */
export function measureRecovery(texts: readonly string[], step: number): RecoveryFigures {
  const losses: number[] = [];
  let messages = 0;
  let exactlyOne = 0;
  for (const text of texts) {
    for (const [index, mutant] of mutantsOf(text).entries()) {
      if (index % step !== 0) {
        continue;
      }
      const { diagnostics, intact } = judge(text, mutant);
      if (diagnostics.length > 0) {
        messages += diagnostics.length;
        exactlyOne += diagnostics.length === 1 ? 1 : 0;
        losses.push(1 - intact);
      }
    }
  }
  const broken = losses.length;
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const worst = losses.toSorted((a, b) => b - a).slice(0, Math.ceil(broken / 20));
  return {
    broken,
    meanMessages: messages / broken,
    exactlyOne: exactlyOne / broken,
    intact: 1 - mean(losses),
    worstLoss: mean(worst),
  };
}
