/** Checkpoints, weight files and fresh values → a device's memory: every parameter of a stage gets its values once. */
import type { CheckedModel, CheckedModule } from "../../compiler/1-check/model.ts";
import type {
  InitialCopy,
  ModuleParameters,
  ParameterNode,
  StartsAnew,
} from "../../compiler/2-build/stage-graphs.ts";
import type { Program } from "../../compiler/program.ts";
import type { DeviceMemory } from "../execute/memory.ts";
import { assemble, type WantedParameter } from "../weights/assemble.ts";
import { fillInitialValues } from "../weights/initial-values.ts";
import { type MatchReport, matchWeights } from "../weights/match.ts";
import type { Recipe } from "../weights/name-rules.ts";
import { findRecipe } from "../weights/names.ts";
import type { TensorSource } from "../weights/tensor-source.ts";
import { RunFault } from "./run-fault.ts";
import { listed } from "./state-tensors.ts";

/** Which parameters there are and where their values may come from. */
export interface WeightsQuestion {
  readonly model: CheckedModel;
  readonly modules: readonly ModuleParameters[];
  readonly initialCopies: readonly InitialCopy[];
  /** Seed of fresh values. */
  readonly seed: number;
  /** Checkpoint of an earlier stage: what it holds comes first. */
  readonly earlier: TensorSource | undefined;
  /** Opens the file that a module names. */
  readonly open: (path: string, base: string) => TensorSource;
  /** Paths that `.except(…)` keeps from being taken over; none when absent. */
  readonly startsAnew?: StartsAnew;
}

/** What to fill and from where. */
export interface WeightsRequest extends WeightsQuestion {
  readonly memory: DeviceMemory;
  /** The programs that will read the memory: what none of them reads is not uploaded. */
  readonly programs: readonly Program[];
}

/** Weights that were found and not yet read; its files are open until `close`. */
export interface FoundWeights {
  readonly outcomes: readonly WeightsOutcome[];
  /** Announces and uploads what the programs read. */
  fill(memory: DeviceMemory, programs: readonly Program[]): Promise<void>;
  /** Closes the modules' own files; the earlier checkpoint is the caller's. */
  close(): void;
}

/** Where values came from, by owner. */
export interface WeightsOutcome {
  readonly owner: string;
  /** Tensors from the earlier checkpoint, from the module's own file, copied, and fresh. */
  readonly earlier: number;
  readonly file: number;
  readonly copied: number;
  readonly fresh: number;
  /** Those that the earlier checkpoint or the file holds, and that `.except(…)` left out. */
  readonly excepted: number;
  /** Position tables of another picture size, as sentences. */
  readonly interpolated: readonly string[];
  /** Frozen parameters that later checkpoints must keep: those that only the earlier one gives, and parts of trainable modules. */
  readonly carried: readonly ParameterNode[];
}

type Origin =
  | {
      readonly kind: "earlier" | "file";
      readonly source: TensorSource;
      readonly wanted: WantedParameter;
      readonly recipe: Recipe;
    }
  | { readonly kind: "copy"; readonly from: string }
  | { readonly kind: "fresh" };

/** Announces and uploads all parameters: `findWeights` and `fill` in one. Throws what `findWeights` throws. */
export async function loadWeights(request: WeightsRequest): Promise<readonly WeightsOutcome[]> {
  const found = findWeights(request);
  try {
    await found.fill(request.memory, request.programs);
    return found.outcomes;
  } finally {
    found.close();
  }
}

/**
 * Finds the values of all parameters; only headers of files are read. Order of preference: the earlier checkpoint, the
 * module's file, a copy of another parameter, fresh values. What is excepted is not taken over. Throws `RunFault` listing
 * each tensor that is missing or of another shape, and `FileError` for a file that cannot be read.
 */
export function findWeights(question: WeightsQuestion): FoundWeights {
  const copies = new Map(question.initialCopies.map(({ from, to }) => [to, from]));
  const parameters = new Map<string, ParameterNode>();
  const origins = new Map<string, Origin>();
  const opened: TensorSource[] = [];
  const faults: string[] = [];
  const outcomes: WeightsOutcome[] = [];
  const close = () => {
    for (const source of opened) source.close();
  };
  try {
    for (const module of question.modules) {
      const excepted = new Set<string>();
      const found = originsOf(module, question, copies, opened, faults, excepted);
      outcomes.push(outcomeOf(module, found, excepted.size));
      for (const parameter of module.parameters)
        parameters.set(parameter.attributes.path, parameter);
      for (const [path, origin] of found) origins.set(path, origin);
    }
    if (faults.length > 0) {
      throw new RunFault("data", listed("The weights do not fit this pipeline:", faults));
    }
  } catch (thrown) {
    close();
    throw thrown;
  }
  const fill = async (memory: DeviceMemory, programs: readonly Program[]): Promise<void> => {
    memory.announce(programs);
    for (const parameter of parameters.values()) {
      const { path } = parameter.attributes;
      if (!memory.has(path)) continue;
      const values = valuesOf(path, parameters, origins, question.seed);
      await memory.uploadFloats(path, values);
    }
  };
  return { outcomes, fill, close };
}

function outcomeOf(
  module: ModuleParameters,
  found: ReadonlyMap<string, Origin>,
  excepted: number,
): WeightsOutcome {
  const count = (kind: Origin["kind"]) =>
    [...found.values()].filter((origin) => origin.kind === kind).length;
  return {
    owner: module.owner,
    earlier: count("earlier"),
    file: count("file"),
    copied: count("copy"),
    fresh: count("fresh"),
    excepted,
    interpolated: interpolatedIn(module.owner, found),
    carried:
      module.state === "trainable"
        ? module.frozen
        : module.parameters.filter(
            ({ attributes }) => found.get(attributes.path)?.kind === "earlier",
          ),
  };
}

/** What became of position tables of another picture size. */
function interpolatedIn(owner: string, origins: ReadonlyMap<string, Origin>): readonly string[] {
  return [...origins.values()].flatMap((origin) => {
    if (!("recipe" in origin) || origin.recipe.positions === undefined) return [];
    const { from, to } = origin.recipe.positions;
    return [
      `positions of \`${owner}\` interpolated from ${from} x ${from} patches in ${origin.source.path} to ${to} x ${to}`,
    ];
  });
}

function originsOf(
  { owner, parameters, frozen }: ModuleParameters,
  request: WeightsQuestion,
  copies: ReadonlyMap<string, string>,
  opened: TensorSource[],
  faults: string[],
  excepted: Set<string>,
): ReadonlyMap<string, Origin> {
  const { earlier, model } = request;
  const isFrozen = new Set(frozen.map(({ attributes }) => attributes.path));
  const module = model.modules.get(owner);
  const prefix = module?.prefix ?? "";
  const result = new Map<string, Origin>();
  const take = (
    source: TensorSource | undefined,
    kind: "earlier" | "file",
    cut: string,
  ): MatchReport | undefined => {
    if (source === undefined) return undefined;
    const wanted = parameters
      .map(({ attributes }) => attributes)
      .filter(({ path }) => !result.has(path))
      .map(({ path, shape }) => ({ path: path.slice(cut.length), shape }));
    const left = request.startsAnew?.[kind === "earlier" ? "checkpoint" : "file"] ?? new Set();
    const except = wanted.filter(({ path }) => left.has(cut + path)).map(({ path }) => path);
    const report = matchWeights(wanted, source, { except });
    for (const { path } of report.excepted) {
      if (findRecipe(path, source.tensors) !== undefined) excepted.add(cut + path);
    }
    for (const { path, shape, recipe } of report.loaded) {
      result.set(cut + path, { kind, source, wanted: { path, shape }, recipe });
    }
    for (const { path, wanted: shape, found, why } of report.mismatched) {
      faults.push(
        `${cut + path} of \`${owner}\`: [${shape}] here, [${found ?? "?"}] in ${source.path}: ${why}`,
      );
      result.set(cut + path, { kind: "fresh" });
    }
    return report;
  };
  const continued = take(earlier, "earlier", "");
  if (continued !== undefined && continued.loaded.length > 0) {
    for (const { path } of continued.missing) {
      faults.push(`${path} of \`${owner}\`: not in ${earlier?.path}, which holds the rest of it`);
    }
  }
  const file = module === undefined ? undefined : openFile(module, request);
  if (file !== undefined) opened.push(file);
  take(file, "file", prefix);
  for (const { attributes } of parameters) {
    const { path } = attributes;
    if (result.has(path)) continue;
    const from = copies.get(path);
    if (from !== undefined) result.set(path, { kind: "copy", from });
    else {
      result.set(path, { kind: "fresh" });
      const isGiven = module !== undefined && module.weights.value.kind !== "random";
      if (isGiven && isFrozen.has(path)) faults.push(missing(path, module, file));
    }
  }
  return result;
}

function missing(path: string, module: CheckedModule, file: TensorSource | undefined): string {
  const what = `${path} of frozen \`${module.name}\``;
  if (file !== undefined) return `${what}: not in ${file.path}`;
  return `${what}: no file gives its values; write \`weights = "file.safetensors"\` (${module.origin})`;
}

function openFile(module: CheckedModule, request: WeightsQuestion): TensorSource | undefined {
  const { value } = module.weights;
  return value.kind === "file" ? request.open(value.path, value.base) : undefined;
}

/** f32 values of a parameter. */
function valuesOf(
  path: string,
  parameters: ReadonlyMap<string, ParameterNode>,
  origins: ReadonlyMap<string, Origin>,
  seed: number,
): Float32Array {
  const origin = origins.get(path);
  if (origin?.kind === "earlier" || origin?.kind === "file") {
    return assemble(origin.wanted, origin.recipe, origin.source, seed);
  }
  if (origin?.kind === "copy" && origins.has(origin.from)) {
    return valuesOf(origin.from, parameters, origins, seed);
  }
  const { init, shape } = parameters.get(path)!.attributes;
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  fillInitialValues(values, init, { seed, path });
  return values;
}
