/** A stage on a device → a folder with its weights, its batch and the negatives of its first steps, for another implementation. */
import { join } from "node:path";
import type { HostTensors } from "../../runtime/execute/host-tensors.ts";
import { floatsFromHalves } from "../../runtime/half.ts";
import {
  floatTensor,
  type TensorData,
  writeSafetensors,
} from "../../runtime/weights/write-safetensors.ts";
import type { StageStep } from "./stage-step.ts";

/** Writes `weights.safetensors`: f32, under the published names. Call it before the first step. */
export async function exportWeights({ program, memory }: StageStep, folder: string): Promise<void> {
  const tensors: TensorData[] = [];
  for (const { name, shape, type } of program.state) {
    if (name.startsWith("optimizer.")) continue;
    const bytes = await memory.download(name);
    const count = shape.reduce((product, size) => product * size, 1);
    const values =
      type === "f16"
        ? floatsFromHalves(new Uint16Array(bytes.buffer, 0, count))
        : new Float32Array(bytes.buffer, 0, count);
    tensors.push(floatTensor(name, shape, values));
  }
  writeSafetensors(join(folder, "weights.safetensors"), tensors);
}

/** Writes `batch.safetensors`: the inputs, and `negatives.SIDE.STEP` of the outputs of the first steps. */
export function exportBatch(
  { batch, program }: StageStep,
  steps: readonly HostTensors[],
  folder: string,
): void {
  const tensors: TensorData[] = [];
  const add = (name: string, shape: readonly number[], values: ArrayBufferView) => {
    const data = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    tensors.push({ name, dtype: values instanceof Float32Array ? "F32" : "I32", shape, data });
  };
  for (const { name, shape } of program.inputs) {
    const values = batch[name];
    if (values !== undefined) add(name, shape, values);
  }
  steps.forEach((outputs, step) => {
    for (const side of ["images", "texts"]) {
      const values = outputs[`negatives.${side}`];
      if (values !== undefined) add(`negatives.${side}.${step}`, [values.length], values);
    }
  });
  writeSafetensors(join(folder, "batch.safetensors"), tensors);
}
