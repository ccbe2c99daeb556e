/** Picture → picture of another size, bit for bit as Pillow's `Image.resize` (Resample.c, 8 bits a channel). */
import type { Box, Image } from "./image.ts";

/** The resampling kernels of Pillow; `bicubic` has a = -0.5. All are widened when shrinking (antialiased). */
export type Filter = "box" | "bilinear" | "bicubic" | "lanczos";

/** Settings of `resize`. */
export interface ResizeOptions {
  readonly filter?: Filter;
  /** The part of the source that fills the target; pixels just outside it still take part, as in Pillow. */
  readonly box?: Box;
}

interface Kernel {
  readonly support: number;
  readonly weight: (x: number) => number;
}

/** The taps of each target position: `first[i]` source pixel, `count[i]` taps, weights at `i * stride`. */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Int32Array;
  readonly stride: number;
}

const precisionBits = 22;
const half = 1 << (precisionBits - 1);

const kernels: Readonly<Record<Filter, Kernel>> = {
  box: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  bicubic: { support: 2, weight: bicubic },
  lanczos: { support: 3, weight: (x) => (x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
};

/** Resizes to exactly `width` × `height` (aspect not kept): horizontal pass, then vertical, each rounded to bytes. */
export function resize(
  image: Image,
  width: number,
  height: number,
  options: ResizeOptions = {},
): Image {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new RangeError(`a picture cannot be resized to ${width} x ${height}`);
  }
  const box = options.box ?? { left: 0, top: 0, right: image.width, bottom: image.height };
  if (
    !(box.left >= 0 && box.top >= 0 && box.right <= image.width && box.bottom <= image.height) ||
    !(box.left < box.right && box.top < box.bottom)
  ) {
    throw new RangeError(`the box ${JSON.stringify(box)} does not lie inside the picture`);
  }
  const kernel = kernels[options.filter ?? "bicubic"];
  const across = width !== image.width || box.left !== 0 || box.right !== width;
  const down = height !== image.height || box.top !== 0 || box.bottom !== height;
  // Pillow keeps the box in float32.
  const [left, right] = [Math.fround(box.left), Math.fround(box.right)];
  const [top, bottom] = [Math.fround(box.top), Math.fround(box.bottom)];
  let result = image;
  if (across) result = horizontal(result, tapsOf(image.width, left, right, width, kernel));
  if (down) result = vertical(result, tapsOf(image.height, top, bottom, height, kernel));
  return across || down ? result : { ...image, data: image.data.slice() };
}

/** Keys' cubic, a = -0.5. */
function bicubic(x: number): number {
  const a = -0.5;
  const t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * a;
  return 0;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI);
}

function tapsOf(size: number, from: number, to: number, target: number, kernel: Kernel): Taps {
  const scale = Math.fround(to - from) / target;
  const filterScale = Math.max(scale, 1);
  const support = kernel.support * filterScale;
  const stride = Math.ceil(support) * 2 + 1;
  const inverse = 1 / filterScale;
  const first = new Int32Array(target);
  const count = new Int32Array(target);
  const weights = new Int32Array(target * stride);
  const exact = new Float64Array(stride);
  for (let position = 0; position < target; position++) {
    const center = from + (position + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const taps = Math.min(size, Math.trunc(center + support + 0.5)) - start;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      const weight = kernel.weight((tap + start - center + 0.5) * inverse);
      exact[tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < taps; tap++) {
      const weight = sum === 0 ? exact[tap]! : exact[tap]! / sum;
      const fixed = weight * 2 ** precisionBits;
      weights[position * stride + tap] = Math.trunc(fixed < 0 ? fixed - 0.5 : fixed + 0.5);
    }
    first[position] = start;
    count[position] = taps;
  }
  return { first, count, weights, stride };
}

function byteOf(sum: number): number {
  const value = sum >> precisionBits;
  return value < 0 ? 0 : value > 255 ? 255 : value;
}

function horizontal(image: Image, taps: Taps): Image {
  const width = taps.first.length;
  const { height, data: source } = image;
  const data = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const line = row * image.width * 3;
    let out = row * width * 3;
    for (let column = 0; column < width; column++) {
      let red = half;
      let green = half;
      let blue = half;
      let at = line + taps.first[column]! * 3;
      const begin = column * taps.stride;
      const end = begin + taps.count[column]!;
      for (let tap = begin; tap < end; tap++) {
        const weight = taps.weights[tap]!;
        red += source[at]! * weight;
        green += source[at + 1]! * weight;
        blue += source[at + 2]! * weight;
        at += 3;
      }
      data[out++] = byteOf(red);
      data[out++] = byteOf(green);
      data[out++] = byteOf(blue);
    }
  }
  return { width, height, data };
}

function vertical(image: Image, taps: Taps): Image {
  const height = taps.first.length;
  const { width, data: source } = image;
  const stride = width * 3;
  const data = new Uint8Array(stride * height);
  const sums = new Int32Array(stride);
  for (let row = 0; row < height; row++) {
    sums.fill(half);
    const start = taps.first[row]!;
    for (let tap = 0; tap < taps.count[row]!; tap++) {
      const weight = taps.weights[row * taps.stride + tap]!;
      const line = (start + tap) * stride;
      for (let at = 0; at < stride; at++) sums[at]! += source[line + at]! * weight;
    }
    const out = row * stride;
    for (let at = 0; at < stride; at++) data[out + at] = byteOf(sums[at]!);
  }
  return { width, height, data };
}
