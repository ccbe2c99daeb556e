/** A device's state ↔ the tensors of a checkpoint: what a stage trains, and what the optimizer keeps of each. */

import { scalingPaths } from "../../compiler/3-differentiate/loss-scaling.ts";
import type { DType } from "../../compiler/ir/tensor-type.ts";
import { momentPaths } from "../../compiler/optimizers/adamw.ts";
import { directionPath } from "../../compiler/optimizers/sgd.ts";
import type { DeviceMemory } from "../execute/memory.ts";
import { optimizerPrefix } from "../run-folder/checkpoint-file.ts";
import type { TensorSource } from "../weights/tensor-source.ts";
import type { TensorData } from "../weights/write-safetensors.ts";
import { RunFault } from "./run-fault.ts";

/** A parameter whose values a checkpoint keeps. */
export interface TrainedParameter {
  readonly path: string;
  readonly shape: readonly number[];
  /** How the device stores it; `bool` and `i32` do not occur. */
  readonly dtype: DType;
}

/** What an optimizer may keep of a parameter: its name in a checkpoint and its place in memory. */
function keptBeside(path: string): readonly { readonly name: string; readonly key: string }[] {
  const [first, second] = momentPaths(path);
  return [
    { name: `${optimizerPrefix}first_moment/${path}`, key: first },
    { name: `${optimizerPrefix}second_moment/${path}`, key: second },
    { name: `${optimizerPrefix}momentum/${path}`, key: directionPath(path) },
  ];
}

/** What a stage of mixed precision keeps beside them, one number each. */
const scaling = Object.values(scalingPaths).map((key) => ({
  name: `${optimizerPrefix}${key.replace(/^optimizer\./, "")}`,
  key,
}));

/** Reads all that a checkpoint keeps. Throws `DeviceLost`. */
export async function downloadState(
  memory: DeviceMemory,
  trained: readonly TrainedParameter[],
): Promise<readonly TensorData[]> {
  const tensors: TensorData[] = [];
  for (const { path, shape, dtype } of trained) {
    for (const { name, key } of [{ name: path, key: path }, ...keptBeside(path)]) {
      // Each optimizer keeps its own, and none for a parameter that no gradient reaches.
      if (!memory.has(key)) continue;
      const bytes = await memory.download(key);
      const isHalf = dtype === "f16" && key === path;
      const length = (isHalf ? 2 : 4) * shape.reduce((product, size) => product * size, 1);
      const type = isHalf ? "F16" : "F32";
      tensors.push({ name, dtype: type, shape, data: bytes.subarray(0, length) });
    }
  }
  for (const { name, key } of scaling) {
    if (!memory.has(key)) continue;
    const bytes = await memory.download(key);
    tensors.push({ name, dtype: "F32", shape: [], data: bytes.subarray(0, 4) });
  }
  return tensors;
}

/** The first tensor that holds a NaN or an infinity, or undefined. */
export function firstNonFinite(tensors: readonly TensorData[]): string | undefined {
  return tensors.find(({ data, dtype }) => {
    if (dtype !== "F32") return false;
    const words = new Uint32Array(data.buffer, data.byteOffset, data.byteLength / 4);
    return words.some((word) => (word & 0x7f800000) === 0x7f800000);
  })?.name;
}

/**
 * Writes weights and moments back as they were. Throws `RunFault` listing the tensors that the checkpoint lacks or holds
 * in another shape.
 */
export async function uploadState(
  memory: DeviceMemory,
  trained: readonly TrainedParameter[],
  file: TensorSource,
): Promise<void> {
  const faults: string[] = [];
  const pairs: { readonly name: string; readonly key: string }[] = [];
  for (const { name, key } of scaling) {
    if (!memory.has(key)) continue;
    if (file.tensors.has(name)) pairs.push({ name, key });
    else faults.push(`${name}: not in the checkpoint, which is of another precision`);
  }
  for (const { path, shape } of trained) {
    for (const { name, key } of [{ name: path, key: path }, ...keptBeside(path)]) {
      if (!memory.has(key)) continue;
      const found = file.tensors.get(name);
      if (found === undefined) faults.push(`${name}: not in the checkpoint`);
      else if (found.shape.join() !== shape.join())
        faults.push(`${name}: [${found.shape}] in the checkpoint, [${shape}] in the pipeline`);
      else pairs.push({ name, key });
    }
  }
  if (faults.length > 0) {
    throw new RunFault("data", listed(`${file.path} does not fit this pipeline:`, faults));
  }
  for (const { name, key } of pairs) {
    const { begin = 0, end = 0 } = file.tensors.get(name) ?? {};
    await memory.upload(key, (target) => file.readInto(name, target.subarray(0, end - begin)));
  }
}

/** A heading and at most twelve lines under it. */
export function listed(heading: string, lines: readonly string[], most = 12): string {
  const shown = lines.slice(0, most).map((line) => `  ${line}`);
  const more = lines.length - shown.length;
  return [heading, ...shown, ...(more > 0 ? [`  … and ${more} more`] : [])].join("\n");
}
