/** A recipe and an opened file → a parameter's f32 values. */
import { elementsOf } from "./data-type.ts";
import { FileError, messageOf } from "./file-error.ts";
import { fillInitialValues } from "./initial-values.ts";
import { interpolatePositions } from "./interpolate-positions.ts";
import type { Recipe, RecipePart } from "./name-rules.ts";
import { readFloats } from "./read-floats.ts";
import type { TensorSource } from "./tensor-source.ts";

/** A parameter that wants values. */
export interface WantedParameter {
  readonly path: string;
  readonly shape: readonly number[];
}

/** The shape that a recipe's parts make together; undefined when they do not fit together. */
export function assembledShape(
  recipe: Recipe,
  source: TensorSource,
): readonly number[] | undefined {
  const shapes = recipe.parts.map((part) => partShape(part, source));
  const [first, ...others] = shapes;
  if (first === undefined || others.length === 0) return first;
  let rows = first[0] ?? Number.NaN;
  for (const shape of others) {
    if (shape === undefined || shape.slice(1).join() !== first.slice(1).join()) return undefined;
    rows += shape[0] ?? Number.NaN;
  }
  return Number.isNaN(rows) ? undefined : [rows, ...first.slice(1)];
}

/** True when values of shape `found` may fill `wanted`: equal but for sizes of 1, or short of the recipe's missing rows. */
export function fits(recipe: Recipe, found: readonly number[], wanted: readonly number[]): boolean {
  if (squeezed(found) === squeezed(wanted)) return true;
  if (recipe.missing === undefined) return false;
  const [rows = 0, ...rest] = found;
  return squeezed([rows + recipe.missing.rows, ...rest]) === squeezed(wanted);
}

/**
 * Fills `target` (all elements of the parameter, row-major, such as a mapped buffer) by the recipe; rows that the file
 * lacks get fresh values from `seed`, and a position table of another picture size is interpolated. Throws `FileError` naming file and parameter when the shapes do not fit or the
 * values are not floating-point.
 */
export function assembleInto(
  target: Float32Array,
  wanted: WantedParameter,
  recipe: Recipe,
  source: TensorSource,
  seed: number,
): void {
  const found = assembledShape(recipe, source);
  if (found !== undefined && recipe.positions !== undefined) {
    const { positions, ...plain } = recipe;
    const table = assemble({ path: wanted.path, shape: found }, plain, source, seed);
    target.set(interpolatePositions(table, positions));
    return;
  }
  if (found === undefined || !fits(recipe, found, wanted.shape)) {
    const shapes = `[${wanted.shape.join(", ")}] wanted, [${found?.join(", ") ?? "?"}] found`;
    throw new FileError(source.path, `${wanted.path}: ${shapes}`);
  }
  let at = 0;
  for (const part of recipe.parts) {
    const elements = elementsOf(partShape(part, source) ?? []) ?? 0;
    readPart(part, source, target.subarray(at, at + elements));
    at += elements;
  }
  if (recipe.missing !== undefined && at < target.length) {
    const origin = { seed, path: wanted.path, start: at };
    fillInitialValues(target.subarray(at), recipe.missing.values, origin);
  }
}

/** `assembleInto` a new array. */
export function assemble(
  wanted: WantedParameter,
  recipe: Recipe,
  source: TensorSource,
  seed: number,
): Float32Array<ArrayBuffer> {
  const target = new Float32Array(elementsOf(wanted.shape) ?? 0);
  assembleInto(target, wanted, recipe, source, seed);
  return target;
}

function readPart(part: RecipePart, source: TensorSource, target: Float32Array): void {
  const tensor = source.tensors.get(part.name);
  if (tensor === undefined) throw new FileError(source.path, `has no tensor ${part.name}`);
  if (part.isZero) {
    target.fill(0);
    return;
  }
  const readInto = (bytes: Uint8Array, from: number): void =>
    source.readInto(part.name, bytes, from);
  try {
    readFloats(tensor.dtype, readInto, target, (part.share?.index ?? 0) * target.length);
  } catch (thrown) {
    if (thrown instanceof FileError) throw thrown;
    throw new FileError(source.path, `tensor ${JSON.stringify(part.name)}: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
}

function partShape(part: RecipePart, source: TensorSource): readonly number[] | undefined {
  const shape = source.tensors.get(part.name)?.shape;
  if (shape === undefined || part.share === undefined) return shape;
  const [rows = Number.NaN, ...rest] = shape;
  const share = rows / part.share.of;
  return Number.isInteger(share) ? [share, ...rest] : undefined;
}

function squeezed(shape: readonly number[]): string {
  return shape.filter((size) => size !== 1).join();
}
