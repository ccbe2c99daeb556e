/** Resizing against numbers worked out by hand from Pillow's algorithm. */
import { describe, expect, test } from "vitest";
import { crop } from "../../../runtime/images/crop.ts";
import type { Image } from "../../../runtime/images/image.ts";
import { resize } from "../../../runtime/images/resize.ts";

/** A grey picture from rows of values. */
function grey(rows: readonly (readonly number[])[]): Image {
  const data = Uint8Array.from(rows.flat().flatMap((value) => [value, value, value]));
  return { width: rows[0]!.length, height: rows.length, data };
}

const reds = (image: Image) => [...image.data].filter((_, index) => index % 3 === 0);

describe("resize", () => {
  test("the same size copies", () => {
    const image = grey([[1, 2, 3]]);
    const copy = resize(image, 3, 1);
    expect(copy.data).toEqual(image.data);
    expect(copy.data).not.toBe(image.data);
  });

  test("a constant picture stays constant with every filter", () => {
    const image = grey(Array.from({ length: 7 }, () => new Array<number>(5).fill(93)));
    for (const filter of ["box", "bilinear", "bicubic", "lanczos"] as const) {
      for (const [width, height] of [
        [3, 2],
        [11, 13],
      ] as const) {
        expect(new Set(resize(image, width, height, { filter }).data)).toEqual(new Set([93]));
      }
    }
  });

  test("box halves by means, bilinear doubles with quarters", () => {
    expect(reds(resize(grey([[10, 20, 30, 41]]), 2, 1, { filter: "box" }))).toEqual([15, 36]);
    expect(reds(resize(grey([[0, 100]]), 4, 1, { filter: "bilinear" }))).toEqual([0, 25, 75, 100]);
  });

  test("bicubic, a = -0.5, two pixels to four", () => {
    // Position 0 lies at 0.25 - 0.5 = -0.25: taps 0 and 1 at distances 0.25 and 1.25, renormalized.
    const near = 1.5 * 0.25 ** 3 - 2.5 * 0.25 ** 2 + 1;
    const far = -0.5 * (1.25 ** 3 - 5 * 1.25 ** 2 + 8 * 1.25 - 4);
    expect(far).toBeLessThan(0); // overshoot: clipped to 0 on one side, 218 on the other
    const overshoot = Math.round((200 * near) / (near + far));
    const w75 = 1.5 * 0.75 ** 3 - 2.5 * 0.75 ** 2 + 1;
    const inner = Math.round((200 * w75) / (near + w75));
    expect(reds(resize(grey([[0, 200]]), 4, 1))).toEqual([0, inner, 200 - inner, overshoot]);
  });

  test("shrinking is antialiased: a fine checkerboard becomes grey", () => {
    const rows = Array.from({ length: 64 }, (_, y) =>
      Array.from({ length: 64 }, (_, x) => ((x + y) % 2) * 255),
    );
    for (const value of reds(resize(grey(rows), 8, 8)))
      expect(Math.abs(value - 127.5)).toBeLessThan(4);
  });

  test("a box takes part of the picture, and sees the pixels around it where a crop does not", () => {
    const image = grey([[0, 0, 200, 200, 0, 0]]);
    const box = { left: 2, top: 0, right: 4, bottom: 1 };
    expect(reds(resize(crop(image, box), 4, 1))).toEqual([200, 200, 200, 200]);
    const boxed = reds(resize(image, 4, 1, { box }));
    expect(boxed[0]).toBeLessThan(200);
    expect(boxed).toEqual([...boxed].reverse());
  });

  test("impossible sizes and boxes are refused", () => {
    const image = grey([[1, 2]]);
    expect(() => resize(image, 0, 1)).toThrow(RangeError);
    expect(() => resize(image, 1.5, 1)).toThrow(RangeError);
    const box = { left: 0, top: 0, right: 3, bottom: 1 };
    expect(() => resize(image, 1, 1, { box })).toThrow(RangeError);
  });
});
