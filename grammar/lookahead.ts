/** The stored look-ahead of the grammar -> decisions of the parser, without the analysis that takes half of its start. */
import {
  type ILookaheadStrategy,
  type IToken,
  LLkLookaheadStrategy,
  type TokenType,
} from "chevrotain";
import { lookaheadTable } from "./lookahead-table.ts";
import { vocabulary } from "./tokens.ts";

/** What a look-ahead function sees: the parser that it decides for. */
interface Looking {
  LA(distance: number): IToken;
}

/** Types of the next tokens by which an alternative is taken; each is a set of numbers, categories spread out. */
type Path = readonly ReadonlySet<number>[];

/** Name of a decision in the table: `statement Alternation 0`. */
export function decisionName(rule: string, production: string, occurrence: number): string {
  return `${rule} ${production} ${occurrence}`;
}

/** Looks decisions up; computes those that the table lacks, which a test allows for none. */
export function storedLookahead(maxLookahead: number): ILookaheadStrategy {
  const computed = new LLkLookaheadStrategy({ maxLookahead });
  return {
    validate: (options) => computed.validate(options),
    buildLookaheadForAlternation: (options) => {
      const name = decisionName(options.rule.name, "Alternation", options.prodOccurrence);
      const stored = lookaheadTable[name];
      if (stored === undefined || options.hasPredicates) {
        return computed.buildLookaheadForAlternation(options);
      }
      const alternatives = deferred(() => alternativesOf(stored));
      return function (this: unknown) {
        const found = alternatives().findIndex((paths) => isNext(this as Looking, paths));
        return found < 0 ? undefined : found;
      };
    },
    buildLookaheadForOptional: (options) => {
      const name = decisionName(options.rule.name, options.prodType, options.prodOccurrence);
      const stored = lookaheadTable[name];
      if (stored === undefined) return computed.buildLookaheadForOptional(options);
      const alternatives = deferred(() => alternativesOf(stored));
      return function (this: unknown) {
        return isNext(this as Looking, alternatives()[0] ?? []);
      };
    },
  };
}

function isNext(parser: Looking, paths: readonly Path[]): boolean {
  return paths.some((path) =>
    path.every((types, index) => types.has(parser.LA(index + 1).tokenTypeIdx)),
  );
}

/** `A+B|C / D`: alternatives, paths of each, tokens of each. */
function alternativesOf(stored: string): readonly (readonly Path[])[] {
  return stored
    .split(" / ")
    .map((paths) => paths.split("|").map((path) => path.split("+").map((name) => typesOf(name))));
}

const byName = new Map<string, TokenType>(vocabulary.map((type) => [type.name, type]));

/** Numbers of a type and of those that belong to it. */
function typesOf(name: string): ReadonlySet<number> {
  const type = byName.get(name);
  if (type === undefined) throw new Error(`no token is called ${name}`);
  return new Set([type.tokenTypeIdx ?? 0, ...(type.categoryMatches ?? [])]);
}

/** A value that is made at its first use: when tokens know their categories. */
function deferred<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
