/** Chains of image steps: order, randomness, refusals; crops, mirrors, normalization. */
import { describe, expect, test } from "vitest";
import { crop, randomCropBox } from "../../../runtime/images/crop.ts";
import { flip } from "../../../runtime/images/flip.ts";
import type { Image } from "../../../runtime/images/image.ts";
import { normalizations, normalize } from "../../../runtime/images/normalize.ts";
import {
  type ImageStep,
  imageProcessor,
  lavisImageSteps,
} from "../../../runtime/images/processors.ts";
import { randomSource } from "../../../runtime/images/random.ts";

const picture: Image = {
  width: 8,
  height: 6,
  data: Uint8Array.from({ length: 8 * 6 * 3 }, (_, index) => (index * 37) % 256),
};
const place = { seed: 5, epoch: 0, sample: 0, purpose: 0 };
const constant = (value: number) => () => value;

describe("random numbers", () => {
  test("depend on every part of the place and on nothing else", () => {
    const draw = (change: object) => {
      const random = randomSource({ ...place, ...change });
      return [random(), random(), random()];
    };
    expect(draw({})).toEqual(draw({}));
    const others = [
      { seed: 6 },
      { seed: 5 + 2 ** 40 },
      { epoch: 1 },
      { sample: 1 },
      { purpose: 1 },
    ];
    const firsts = [draw({}), ...others.map(draw)].map((numbers) => numbers[0]);
    expect(new Set(firsts).size).toBe(6);
  });

  test("are uniform", () => {
    const random = randomSource(place);
    const draws = Array.from({ length: 20_000 }, random);
    const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.01);
    for (let tenth = 0; tenth < 10; tenth++) {
      const share = draws.filter((value) => Math.floor(value * 10) === tenth).length;
      expect(Math.abs(share - 2000)).toBeLessThan(200);
    }
  });

  test("a seed is a whole number", () => {
    expect(() => randomSource({ ...place, seed: -1 })).toThrow(RangeError);
    expect(() => randomSource({ ...place, seed: 0.5 })).toThrow(RangeError);
  });
});

describe("random crop", () => {
  test("area and aspect are as torchvision draws them", () => {
    // area = 0.5 + 0.5 * 0.5 = 0.75 of 100 x 100, aspect exp(0) = 1, side round(86.6) = 87, at (7, 7).
    const box = randomCropBox(100, 100, [0.5, 1], [3 / 4, 4 / 3], constant(0.5));
    expect(box).toEqual({ left: 7, top: 7, right: 94, bottom: 94 });
  });

  test("always inside; area and aspect within the ranges, up to rounding", () => {
    for (let sample = 0; sample < 500; sample++) {
      const random = randomSource({ ...place, sample });
      const box = randomCropBox(120, 90, [0.5, 1], [3 / 4, 4 / 3], random);
      const [width, height] = [box.right - box.left, box.bottom - box.top];
      expect(Math.min(box.left, box.top, 120 - box.right, 90 - box.bottom)).toBeGreaterThanOrEqual(
        0,
      );
      expect((width * height) / (120 * 90)).toBeGreaterThan(0.49);
      expect(width / height).toBeGreaterThan(0.74);
      expect(width / height).toBeLessThan(1.36);
    }
  });

  test("a picture no box fits gets the largest centered one", () => {
    const tall = randomCropBox(10, 100, [1, 1], [3 / 4, 4 / 3], constant(0));
    expect(tall).toEqual({ left: 0, top: 43, right: 10, bottom: 56 });
    const wide = randomCropBox(100, 10, [1, 1], [3 / 4, 4 / 3], constant(0));
    expect(wide).toEqual({ left: 43, top: 0, right: 56, bottom: 10 });
  });
});

test("crop copies the pixels of the box", () => {
  const part = crop(picture, { left: 2, top: 1, right: 4, bottom: 3 });
  const expected = [1, 2].flatMap((row) => [
    ...picture.data.subarray((row * 8 + 2) * 3, (row * 8 + 4) * 3),
  ]);
  expect([part.width, part.height, ...part.data]).toEqual([2, 2, ...expected]);
  expect(() => crop(picture, { left: 0, top: 0, right: 9, bottom: 1 })).toThrow(RangeError);
});

test("flip mirrors left and right, twice gives the picture back", () => {
  const mirrored = flip(picture);
  expect([...mirrored.data.subarray(0, 3)]).toEqual([...picture.data.subarray(21, 24)]);
  expect(mirrored.data).not.toEqual(picture.data);
  expect(flip(mirrored).data).toEqual(picture.data);
});

test("normalize makes planes of (x / 255 - mean) / deviation", () => {
  const image: Image = { width: 2, height: 1, data: Uint8Array.of(0, 128, 255, 51, 102, 153) };
  const by = normalizations.half;
  const expected = [-1, -0.6, 128 / 127.5 - 1, -0.2, 1, 0.2];
  normalize(image, by).forEach((value, index) => {
    expect(value).toBeCloseTo(expected[index]!, 6);
  });
  const clip = normalize(image, normalizations.clip);
  expect(clip[0]).toBeCloseTo(-0.48145466 / 0.26862954, 6);
  expect(clip[4]).toBeCloseTo((1 - 0.40821073) / 0.27577711, 6);
});

describe("chains", () => {
  test("the same place gives the same tensor, another place another", () => {
    const processor = imageProcessor(lavisImageSteps("blip2_image_train", 5));
    expect(processor).toMatchObject({ size: 5, isRandom: true });
    const at = (sample: number) => processor.process(picture, randomSource({ ...place, sample }));
    expect(at(1)).toEqual(at(1));
    expect(at(1)).not.toEqual(at(2));
    expect(at(1).length).toBe(75);
  });

  test("the evaluation chain draws nothing", () => {
    const processor = imageProcessor(lavisImageSteps("blip_image_eval", 4));
    const forbidden = () => {
      throw new Error("drawn");
    };
    expect(processor.isRandom).toBe(false);
    expect(processor.process(picture, forbidden).length).toBe(48);
  });

  test("a flip happens below its probability", () => {
    const steps: ImageStep[] = [
      { name: "resize", size: 6 },
      { name: "random_flip", probability: 0.25 },
      { name: "normalize", by: "half" },
    ];
    const { process, prepare, finish } = imageProcessor(steps);
    const still = process(picture, constant(0.25));
    const mirrored = process(picture, constant(0.24));
    expect(still.slice(0, 6)).toEqual(mirrored.slice(0, 6).reverse());
    expect(finish(prepare(picture), constant(0.25))).toEqual(still);
  });

  test.each([
    [[{ name: "resize", size: 4 }], "ends with normalize"],
    [[{ name: "normalize", by: "clip" }], "needs resize"],
    [[{ name: "resize", size: 0 }], "image step 1 (resize): size 0"],
    [
      [{ name: "random_resized_crop", size: 4, scale: [0.9, 0.2] }],
      "step 1 (random_resized_crop): scale",
    ],
    [[{ name: "random_flip", probability: 2 }], "probability 2"],
    [[{ name: "normalize", by: "toString" }], 'no normalization "toString"'],
    [[{ name: "blur" }], 'no step "blur"'],
  ])("refused: %j", (steps, message) => {
    expect(() => imageProcessor(steps as unknown as ImageStep[])).toThrow(message);
  });
});
