/** Wanted parameters and an opened file → what can be loaded, what is missing, what does not fit and why. */
import { assembledShape, fits, type WantedParameter } from "./assemble.ts";
import { whyMismatch } from "./mismatch.ts";
import type { Recipe } from "./name-rules.ts";
import { findRecipe } from "./names.ts";
import { positionGrids } from "./position-table.ts";
import type { TensorSource } from "./tensor-source.ts";

/** A parameter that the file has. */
export interface LoadedParameter extends WantedParameter {
  readonly recipe: Recipe;
}

/** A parameter that the file has in another shape. */
export interface ShapeMismatch {
  readonly path: string;
  /** The file's tensors that it would be made of. */
  readonly tensors: readonly string[];
  readonly wanted: readonly number[];
  /** Undefined when the tensors do not fit together. */
  readonly found: readonly number[] | undefined;
  /** One sentence. */
  readonly why: string;
}

/** Everything that became of the wanted parameters and of the file's tensors. */
export interface MatchReport {
  /** The file. */
  readonly file: string;
  readonly loaded: readonly LoadedParameter[];
  readonly missing: readonly WantedParameter[];
  readonly mismatched: readonly ShapeMismatch[];
  /** Wanted, but under one of the `except` prefixes. */
  readonly excepted: readonly WantedParameter[];
  /** Tensors of the file that no parameter asked for, but for optimizer state and tables of position numbers. */
  readonly unexpected: readonly string[];
}

/** What may be left out. */
export interface MatchOptions {
  /** Path prefixes (whole parts: `itm_head` covers `itm_head.weight`) that keep their own values. */
  readonly except?: readonly string[];
}

/** Reads headers only. A shape that differs is part of the report and never thrown. */
export function matchWeights(
  wanted: readonly WantedParameter[],
  source: TensorSource,
  options: MatchOptions = {},
): MatchReport {
  const except = options.except ?? [];
  const loaded: LoadedParameter[] = [];
  const missing: WantedParameter[] = [];
  const mismatched: ShapeMismatch[] = [];
  const excepted: WantedParameter[] = [];
  const used = new Set<string>();
  for (const parameter of wanted) {
    const { path, shape } = parameter;
    const recipe = findRecipe(path, source.tensors);
    for (const { name } of recipe?.parts ?? []) used.add(name);
    if (except.some((prefix) => path === prefix || path.startsWith(`${prefix}.`))) {
      excepted.push(parameter);
    } else if (recipe === undefined) {
      missing.push(parameter);
    } else {
      const found = assembledShape(recipe, source);
      const doesFit = found !== undefined && fits(recipe, found, shape);
      const positions = found && !doesFit ? positionGrids(path, found, shape) : undefined;
      if (doesFit) {
        loaded.push({ ...parameter, recipe });
      } else if (positions !== undefined) {
        loaded.push({ ...parameter, recipe: { ...recipe, positions } });
      } else {
        const tensors = recipe.parts.map(({ name }) => name);
        mismatched.push({
          path,
          tensors,
          wanted: shape,
          found,
          why: whyMismatch(path, shape, found),
        });
      }
    }
  }
  const unexpected = [...source.tensors.keys()].filter(
    (name) => !used.has(name) && !name.startsWith("optimizer/") && !name.endsWith("position_ids"),
  );
  return { file: source.path, loaded, missing, mismatched, excepted, unexpected };
}

/** The report as lines for a person: counts, then every mismatch with both shapes, then what is missing or left over. */
export function describeMatch(report: MatchReport, limit = 10): readonly string[] {
  const { file, loaded, missing, mismatched, excepted, unexpected } = report;
  const counts = [
    `${loaded.length} parameters loaded`,
    ...(mismatched.length > 0 ? [`${mismatched.length} of another shape`] : []),
    ...(missing.length > 0 ? [`${missing.length} missing`] : []),
    ...(excepted.length > 0 ? [`${excepted.length} left out on request`] : []),
    ...(unexpected.length > 0 ? [`${unexpected.length} tensors not used`] : []),
  ];
  return [
    `${file}: ${counts.join(", ")}`,
    ...shortened(mismatched, limit, ({ path, wanted, found, tensors, why }) => {
      const from = tensors.length === 1 && tensors[0] === path ? "" : ` (${tensors.join(" + ")})`;
      const shape = found === undefined ? "" : ` [${found.join(", ")}]`;
      return `  shape    ${path}: [${wanted.join(", ")}] wanted, the file has${shape}${from}: ${why}`;
    }),
    ...shortened(missing, limit, ({ path, shape }) => `  missing  ${path} [${shape.join(", ")}]`),
    ...shortened(unexpected, limit, (name) => `  not used ${name}`),
  ];
}

function shortened<T>(
  items: readonly T[],
  limit: number,
  line: (item: T) => string,
): readonly string[] {
  const lines = items.slice(0, limit).map(line);
  return items.length > limit ? [...lines, `  … and ${items.length - limit} more`] : lines;
}
