/** A run's checkpoint and the modules that want its weights → one small weight file. */
import type { ModuleParameters } from "../../compiler/2-build/stage-graphs.ts";
import type { TensorSource } from "../weights/tensor-source.ts";
import { writeSafetensors } from "../weights/write-safetensors.ts";
import { RunFault } from "./run-fault.ts";

/** What was written. */
export interface ExportedWeights {
  readonly path: string;
  readonly tensors: number;
  readonly parameters: number;
}

/**
 * Writes, as f32, every tensor of `checkpoint` that one of `modules` has under the same path and shape. Throws
 * `RunFault` when there is none.
 */
export function exportWeights(
  path: string,
  checkpoint: TensorSource,
  modules: readonly ModuleParameters[],
  metadata: Readonly<Record<string, string>>,
): ExportedWeights {
  const wanted = modules.flatMap(({ parameters }) =>
    parameters.map(({ attributes }) => attributes),
  );
  const tensors = wanted.flatMap(({ path: name, shape }) => {
    const found = checkpoint.tensors.get(name);
    if (found === undefined || found.shape.join() !== shape.join()) return [];
    return [{ name, dtype: found.dtype, shape, data: checkpoint.read(name) }];
  });
  if (tensors.length === 0) {
    throw new RunFault("data", `${checkpoint.path} holds nothing that these modules want`);
  }
  writeSafetensors(path, tensors, metadata);
  const sizes = tensors.map(({ shape }) => shape.reduce((product, size) => product * size, 1));
  return {
    path,
    tensors: tensors.length,
    parameters: sizes.reduce((sum, size) => sum + size, 0),
  };
}
