/** A list of steps, given as data → a function from picture to the tensor [3, size, size]. */
import { crop, randomCropBox } from "./crop.ts";
import { flip } from "./flip.ts";
import type { Image } from "./image.ts";
import {
  type Normalization,
  type NormalizationName,
  normalizations,
  normalize,
} from "./normalize.ts";
import type { RandomSource } from "./random.ts";
import { type Filter, resize } from "./resize.ts";

/** One step. Steps run in the order given; `normalize` is the last one. */
export type ImageStep =
  | { readonly name: "resize"; readonly size: number; readonly filter?: Filter }
  | {
      readonly name: "random_resized_crop";
      readonly size: number;
      /** Least and greatest share of the area; 0.5 to 1 by default, as `blip2_image_train`. */
      readonly scale?: readonly [number, number];
      /** Least and greatest width / height; 3/4 to 4/3 by default. */
      readonly ratio?: readonly [number, number];
      readonly filter?: Filter;
    }
  | { readonly name: "random_flip"; readonly probability?: number }
  | { readonly name: "normalize"; readonly by: NormalizationName | Normalization };

/** Picture and random source → [3, size, size] float32. */
export interface ImageProcessor {
  /** Side of the result in pixels. */
  readonly size: number;
  /** False when the result does not depend on the random source. */
  readonly isRandom: boolean;
  /** The leading steps that draw nothing: what may be computed once and kept. */
  readonly prepare: (image: Image) => Image;
  /** The rest, on a prepared picture. */
  readonly finish: (prepared: Image, random: RandomSource) => Float32Array<ArrayBuffer>;
  /** All steps. */
  readonly process: (image: Image, random: RandomSource) => Float32Array<ArrayBuffer>;
}

/** LAVIS's processors by name (`blip2_image_train`, `blip_image_eval`) for a side of `size` pixels. */
export function lavisImageSteps(
  name: "blip2_image_train" | "blip_image_eval",
  size: number,
): readonly ImageStep[] {
  const last: ImageStep = { name: "normalize", by: "clip" };
  return name === "blip_image_eval"
    ? [{ name: "resize", size }, last]
    : [{ name: "random_resized_crop", size, scale: [0.5, 1] }, { name: "random_flip" }, last];
}

/**
 * Checks the chain and makes the function. Throws RangeError when the chain does not end with its only `normalize`,
 * does not fix the size, or has a setting out of range: the message says which step.
 */
export function imageProcessor(steps: readonly ImageStep[]): ImageProcessor {
  steps.forEach(checkStep);
  const last = steps.at(-1);
  if (last?.name !== "normalize" || steps.filter((step) => step.name === "normalize").length > 1) {
    throw new RangeError("an image chain ends with normalize, and has it once");
  }
  const sized = steps.findLast(
    (step) => step.name === "resize" || step.name === "random_resized_crop",
  );
  if (sized === undefined || !("size" in sized)) {
    throw new RangeError("an image chain needs resize or random_resized_crop");
  }
  const by = typeof last.by === "string" ? normalizations[last.by] : last.by;
  const firstRandom = steps.findIndex((step) => step.name.startsWith("random_"));
  const fixed = firstRandom < 0 ? steps : steps.slice(0, firstRandom);
  const rest = steps.slice(fixed.length);
  const prepare = (image: Image) =>
    fixed.reduce((result, step) => apply(step, result, undrawn), image);
  const finish = (prepared: Image, random: RandomSource) =>
    normalize(
      rest.reduce((result, step) => apply(step, result, random), prepared),
      by,
    );
  return {
    size: sized.size,
    isRandom: firstRandom >= 0,
    prepare,
    finish,
    process: (image, random) => finish(prepare(image), random),
  };
}

const undrawn: RandomSource = () => {
  throw new Error("a step without randomness drew a number");
};

function apply(step: ImageStep, image: Image, random: RandomSource): Image {
  switch (step.name) {
    case "resize":
      return resize(image, step.size, step.size, { filter: step.filter ?? "bicubic" });
    case "random_resized_crop": {
      const scale = step.scale ?? [0.5, 1];
      const ratio = step.ratio ?? [3 / 4, 4 / 3];
      const box = randomCropBox(image.width, image.height, scale, ratio, random);
      return resize(crop(image, box), step.size, step.size, { filter: step.filter ?? "bicubic" });
    }
    case "random_flip":
      return random() < (step.probability ?? 0.5) ? flip(image) : image;
    case "normalize":
      return image;
  }
}

function checkStep(step: ImageStep, index: number): void {
  const refuse = (what: string): never => {
    throw new RangeError(`image step ${index + 1} (${step.name}): ${what}`);
  };
  const ordered = (range: readonly [number, number]) => 0 < range[0] && range[0] <= range[1];
  switch (step.name) {
    case "resize":
    case "random_resized_crop":
      if (!Number.isInteger(step.size) || step.size < 1)
        refuse(`size ${step.size} is not a whole number above 0`);
      if (step.name === "resize") return;
      if (!ordered(step.scale ?? [1, 1]) || (step.scale?.[1] ?? 1) > 1)
        refuse(`scale ${step.scale} is not within (0, 1]`);
      if (!ordered(step.ratio ?? [1, 1]))
        refuse(`ratio ${step.ratio} is not a rising pair above 0`);
      return;
    case "random_flip": {
      const probability = step.probability ?? 0.5;
      if (!(probability >= 0 && probability <= 1))
        refuse(`probability ${probability} is not within [0, 1]`);
      return;
    }
    case "normalize":
      if (typeof step.by === "string" && !Object.hasOwn(normalizations, step.by))
        refuse(`there is no normalization "${step.by}"`);
      return;
    default:
      throw new RangeError(
        `image step ${index + 1}: there is no step "${(step as { name: string }).name}"`,
      );
  }
}
