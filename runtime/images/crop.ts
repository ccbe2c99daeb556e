/** Picture → a part of it; and torchvision's choice of a random part. */
import type { Box, Image } from "./image.ts";
import type { RandomSource } from "./random.ts";

/** Copies the pixels of a box with whole-number edges. Throws RangeError for a box outside the picture. */
export function crop(image: Image, box: Box): Image {
  const edges = [box.left, box.top, box.right, box.bottom];
  if (
    !edges.every(Number.isInteger) ||
    !(0 <= box.left && box.left < box.right && box.right <= image.width) ||
    !(0 <= box.top && box.top < box.bottom && box.bottom <= image.height)
  ) {
    throw new RangeError(`the box ${edges.join(", ")} does not lie inside the picture`);
  }
  const width = box.right - box.left;
  const height = box.bottom - box.top;
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const start = ((box.top + row) * image.width + box.left) * 3;
    data.set(image.data.subarray(start, start + width * 3), row * width * 3);
  }
  return { width, height, data };
}

/**
 * The box of torchvision's RandomResizedCrop: ten tries of a random area (`scale`, shares of the picture) and a
 * log-uniform aspect (`ratio`, width / height); else the largest centered box whose aspect is within `ratio`.
 */
export function randomCropBox(
  width: number,
  height: number,
  scale: readonly [number, number],
  ratio: readonly [number, number],
  random: RandomSource,
): Box {
  const [lowest, highest] = [Math.log(ratio[0]), Math.log(ratio[1])];
  for (let attempt = 0; attempt < 10; attempt++) {
    const area = width * height * (scale[0] + (scale[1] - scale[0]) * random());
    const aspect = Math.exp(lowest + (highest - lowest) * random());
    const w = roundHalfEven(Math.sqrt(area * aspect));
    const h = roundHalfEven(Math.sqrt(area / aspect));
    if (w > 0 && w <= width && h > 0 && h <= height) {
      const top = Math.floor(random() * (height - h + 1));
      const left = Math.floor(random() * (width - w + 1));
      return { left, top, right: left + w, bottom: top + h };
    }
  }
  const aspect = width / height;
  const w = aspect > ratio[1] ? Math.max(1, roundHalfEven(height * ratio[1])) : width;
  const h = aspect < ratio[0] ? Math.max(1, roundHalfEven(width / ratio[0])) : height;
  const left = Math.floor((width - w) / 2);
  const top = Math.floor((height - h) / 2);
  return { left, top, right: left + w, bottom: top + h };
}

/** Python's `round`: a tie goes to the even neighbor. */
function roundHalfEven(x: number): number {
  const below = Math.floor(x);
  const rest = x - below;
  if (rest !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}
