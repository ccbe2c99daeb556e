/** A trained run and a device → programs without training, with the run's weights in place. */
import { buildStage } from "../../compiler/2-build/build-stage.ts";
import type { InferenceGraph } from "../../compiler/2-build/stage-graphs.ts";
import { compileInference } from "../../compiler/compile.ts";
import type { Device } from "../device/open-device.ts";
import { type Executable, prepare } from "../execute/executable.ts";
import { DeviceMemory } from "../execute/memory.ts";
import { loadWeights } from "../train/weights-into-memory.ts";
import { openWeights } from "../weights/open-weights.ts";
import type { OpenRun } from "./open-run.ts";

/** Programs of a run on a device. */
export interface InferenceSession {
  /** One a graph, in their order. */
  readonly executables: readonly Executable[];
  /** Frees programs and weights; the device stays open. */
  close(): Promise<void>;
}

/** Compiles the graphs and loads the weights that they read. Throws what `prepare` and `loadWeights` throw. */
export async function openInference(
  run: OpenRun,
  device: Device,
  graphs: readonly InferenceGraph[],
  batch: number,
): Promise<InferenceSession> {
  const { model, stage, project, checkpoint } = run;
  const programs = graphs.map((graph) => compileInference(graph, device.target));
  const wanted = new Set(
    graphs.flatMap(({ parameters }) => parameters.map(({ attributes }) => attributes.path)),
  );
  const stageGraphs = buildStage(model, stage, { batch });
  const modules = stageGraphs.modules.flatMap((module) => {
    const parameters = module.parameters.filter(({ attributes }) => wanted.has(attributes.path));
    return parameters.length === 0 ? [] : [{ ...module, parameters }];
  });
  const memory = new DeviceMemory(device);
  const executables: Executable[] = [];
  const close = async () => {
    for (const executable of executables) executable.destroy();
    await memory.destroy();
  };
  try {
    await loadWeights({
      memory,
      model,
      modules,
      programs,
      initialCopies: stageGraphs.initialCopies,
      seed: model.stages.get(stage)!.seed.value,
      earlier: checkpoint.file,
      open: (path, base) => openWeights(project.resolve(path, base)),
    });
    for (const program of programs) executables.push(await prepare(device, program, memory));
    return { executables, close };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

/** Rows of equal length → groups of exactly `batch` rows, the last one filled with zeros. */
export function paddedRows(
  rows: readonly ArrayLike<number>[],
  batch: number,
): readonly { readonly values: Float32Array; readonly count: number }[] {
  const length = rows[0]?.length ?? 0;
  const groups: { values: Float32Array; count: number }[] = [];
  for (let start = 0; start < rows.length; start += batch) {
    const part = rows.slice(start, start + batch);
    const values = new Float32Array(batch * length);
    part.forEach((row, index) => {
      values.set(row, index * length);
    });
    groups.push({ values, count: part.length });
  }
  return groups;
}
