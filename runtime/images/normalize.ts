/** Picture → channel planes of float32, scaled to [0, 1], mean and deviation removed. */
import type { Image } from "./image.ts";

/** Mean and standard deviation of each channel, in units of [0, 1]. */
export interface Normalization {
  readonly mean: readonly [number, number, number];
  readonly deviation: readonly [number, number, number];
}

/** Normalizations by name: CLIP's (also BLIP-2's), ImageNet's, and 0.5 for all. */
export const normalizations = {
  clip: {
    mean: [0.48145466, 0.4578275, 0.40821073],
    deviation: [0.26862954, 0.26130258, 0.27577711],
  },
  imagenet: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  half: { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] },
} as const satisfies Readonly<Record<string, Normalization>>;

/** Name of a normalization. */
export type NormalizationName = keyof typeof normalizations;

/** (x / 255 - mean) / deviation, each step rounded to float32 as torch does. Gives [3, height, width]. */
export function normalize(image: Image, by: Normalization): Float32Array<ArrayBuffer> {
  const pixels = image.width * image.height;
  const result = new Float32Array(3 * pixels);
  for (let channel = 0; channel < 3; channel++) {
    const table = tableOf(by.mean[channel]!, by.deviation[channel]!);
    const plane = result.subarray(channel * pixels, (channel + 1) * pixels);
    for (let pixel = 0; pixel < pixels; pixel++) {
      plane[pixel] = table[image.data[pixel * 3 + channel]!]!;
    }
  }
  return result;
}

/** The normalized value of each of the 256 bytes. */
function tableOf(mean: number, deviation: number): Float32Array {
  const table = new Float32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    const centered = Math.fround(Math.fround(byte / 255) - Math.fround(mean));
    table[byte] = centered / Math.fround(deviation);
  }
  return table;
}
