/** Inputs of a stage → a batch: pictures drawn from a seed and enlarged, and random words of different lengths. */
import type { InputSpec } from "../../compiler/2-build/stage-graphs.ts";
import { pictureSide } from "../../runtime/data/shapes/draw.ts";
import { trainingSamples } from "../../runtime/data/shapes/samples.ts";
import type { HostTensor } from "../../runtime/execute/host-tensors.ts";
import { normalizations, normalize } from "../../runtime/images/normalize.ts";
import { resize } from "../../runtime/images/resize.ts";

/** Words are below this id, which every vocabulary of a published model has. */
const knownWords = 30_000;

/** All inputs but `seed` and `rates`, which differ from step to step. Words are right-padded, ids from 1,000 on. */
export function drawnBatch(inputs: readonly InputSpec[]): Record<string, HostTensor> {
  const batch: Record<string, HostTensor> = {};
  for (const { name, source, type } of inputs) {
    const [count, length = 1] = type.shape as [number, number];
    switch (source.kind) {
      case "image":
        batch[name] = pictures(count, type.shape[2]!);
        break;
      case "token-ids":
        batch[name] = tokens(count, length, (isWord, place) =>
          isWord ? 1000 + ((place * 7919) % (knownWords - 1000)) : 1,
        );
        break;
      case "token-mask":
        batch[name] = tokens(count, length, (isWord) => (isWord ? 1 : 0));
        break;
      case "token-labels":
        batch[name] = tokens(count, length, (isWord, place) =>
          isWord ? 1000 + ((place * 7919) % (knownWords - 1000)) : -100,
        );
        break;
      case "image-ids":
        batch[name] = Int32Array.from({ length: count }, (_, row) => row);
        break;
      case "seed":
      case "given":
        break;
    }
  }
  return batch;
}

/** Row r has between a half and all of its places filled. */
function tokens(
  rows: number,
  length: number,
  value: (isWord: boolean, place: number) => number,
): Int32Array<ArrayBuffer> {
  return Int32Array.from({ length: rows * length }, (_, place) => {
    const row = Math.floor(place / length);
    const filled = length - (row % Math.max(1, Math.floor(length / 2)));
    return value(place % length < filled, place);
  });
}

/** f32 [count, 3, side, side]. */
function pictures(count: number, side: number): Float32Array<ArrayBuffer> {
  const all = new Float32Array(count * 3 * side * side);
  trainingSamples(1, count).forEach((sample, row) => {
    const drawn = { width: pictureSide, height: pictureSide, data: sample.pixels() };
    all.set(normalize(resize(drawn, side, side), normalizations.clip), row * 3 * side * side);
  });
  return all;
}
