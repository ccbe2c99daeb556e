/** Picture → its mirror image, left and right exchanged. */
import type { Image } from "./image.ts";

/** Mirrors horizontally. */
export function flip(image: Image): Image {
  const { width, height, data: source } = image;
  const data = new Uint8Array(source.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const from = (row * width + column) * 3;
      const to = (row * width + width - 1 - column) * 3;
      data[to] = source[from]!;
      data[to + 1] = source[from + 1]!;
      data[to + 2] = source[from + 2]!;
    }
  }
  return { width, height, data };
}
