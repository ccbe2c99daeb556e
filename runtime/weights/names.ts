/** A parameter's LAVIS path → the recipes that make it out of a file with other names. */
import { type NameRule, nameRules, type Recipe } from "./name-rules.ts";
import { alternatives, fillTemplate, matchTemplate } from "./name-template.ts";

/** The tensors that a file has. */
export interface NameSet {
  has(name: string): boolean;
}

interface SimpleRule {
  readonly wanted: string;
  readonly from: readonly Recipe[];
}

const simpleRules: readonly SimpleRule[] = nameRules.flatMap(withoutAlternatives);

/** All recipes for a path, most wanted first: its own name, then those of the rules. */
export function recipesFor(path: string): readonly Recipe[] {
  const recipes: Recipe[] = [{ parts: [{ name: path }] }];
  for (const { wanted, from } of simpleRules) {
    const bindings = matchTemplate(wanted, path);
    if (bindings === undefined) continue;
    for (const { parts, beside, missing } of from) {
      recipes.push({
        parts: parts.map((part) => ({ ...part, name: fillTemplate(part.name, bindings) })),
        ...(beside === undefined ? {} : { beside: fillTemplate(beside, bindings) }),
        ...(missing === undefined ? {} : { missing }),
      });
    }
  }
  return recipes;
}

/**
 * The first recipe for `path` whose tensors the file has; undefined when there is none. Old BERT files call a
 * LayerNorm's weight and bias `gamma` and `beta`; the recipe then names these.
 */
export function findRecipe(path: string, names: NameSet): Recipe | undefined {
  for (const recipe of recipesFor(path)) {
    if (recipe.beside !== undefined && !names.has(recipe.beside)) continue;
    const parts = recipe.parts.flatMap((part) => {
      const name = [part.name, oldName(part.name)].find((candidate) => names.has(candidate));
      return name === undefined ? [] : [{ ...part, name }];
    });
    if (parts.length === recipe.parts.length) return { ...recipe, parts };
  }
  return undefined;
}

function oldName(name: string): string {
  return name
    .replace(/LayerNorm\.weight$/, "LayerNorm.gamma")
    .replace(/LayerNorm\.bias$/, "LayerNorm.beta");
}

function withoutAlternatives(rule: NameRule): readonly SimpleRule[] {
  const from = rule.from.flatMap((candidate): readonly Recipe[] => {
    if (typeof candidate === "string") {
      return alternatives(candidate).map((name) => ({ parts: [{ name }] }));
    }
    const [only, ...others] = candidate.parts;
    if (only === undefined || others.length > 0) return [candidate];
    return alternatives(only.name).map((name) => ({ ...candidate, parts: [{ ...only, name }] }));
  });
  return alternatives(rule.wanted).map((wanted) => ({ wanted, from }));
}
