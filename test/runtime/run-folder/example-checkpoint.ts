/** Checkpoints whose every value follows from the step, so that a reader can tell a whole one from a mixed one. */
import type { Checkpoint, OpenCheckpoint } from "../../../runtime/run-folder/checkpoint-file.ts";
import { floatTensor } from "../../../runtime/weights/write-safetensors.ts";

/** A small model with its moments, `width` squared elements each. */
export function exampleCheckpoint(step: number, width = 4): Checkpoint {
  const values = (offset: number): Float32Array =>
    Float32Array.from({ length: width * width }, (_, index) => step + offset + index / 8);
  return {
    step,
    random: { seed: 7, counter: step * 3 },
    data: { epoch: 0, position: step * 16 },
    schedule: { kind: "cosine", step },
    notes: { bestLoss: 1 / (step + 1) },
    tensors: [
      floatTensor("query_tokens", [1, width, width], values(0)),
      floatTensor("optimizer/first/query_tokens", [1, width, width], values(0.25)),
      floatTensor("optimizer/second/query_tokens", [1, width, width], values(0.5)),
    ],
  };
}

/** True when all of an opened checkpoint belongs to its step. */
export function isWhole(opened: OpenCheckpoint, width = 4): boolean {
  const wanted = exampleCheckpoint(opened.step, width);
  return (
    opened.random.counter === wanted.random.counter &&
    wanted.tensors.every(({ name, data }) => Buffer.compare(opened.file.read(name), data) === 0)
  );
}
