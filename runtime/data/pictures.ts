/** Records → prepared pictures: decoded with bounded concurrency, kept in memory up to a limit, failures remembered. */
import { type DecodeResult, decodeImage, type ImageFailure } from "../images/decode.ts";
import type { Image } from "../images/image.ts";
import type { ImageProcessor } from "../images/processors.ts";
import { gate } from "./limit.ts";

/** Settings of `pictureStore`. */
export interface PictureStoreOptions {
  readonly processor: ImageProcessor;
  /** Pictures decoded at once. */
  readonly concurrency: number;
  /** Most bytes of prepared pictures kept. */
  readonly cacheBytes: number;
  /** Largest accepted width × height. */
  readonly pixelLimit?: number;
  /** Gives a picture's bytes, rejects as `readFile` does; absent: pictures are files. */
  readonly read?: (file: string) => Promise<Uint8Array>;
}

/** Gives the prepared picture of a file, or why there is none. */
export type PictureStore = (file: string) => Promise<DecodeResult>;

/** Makes a store. A file that failed once is not tried again. */
export function pictureStore(options: PictureStoreOptions): PictureStore {
  const { processor, cacheBytes, pixelLimit } = options;
  const through = gate(options.concurrency);
  const kept = new Map<string, Image>();
  const failures = new Map<string, ImageFailure>();
  const decodeOptions = {
    ...(pixelLimit === undefined ? {} : { pixelLimit }),
    ...(options.read === undefined ? {} : { read: options.read }),
  };
  let bytes = 0;
  return async (file) => {
    const image = kept.get(file);
    if (image !== undefined) return { ok: true, image };
    const failure = failures.get(file);
    if (failure !== undefined) return { ok: false, failure };
    return through(async () => {
      const result = await decodeImage(file, decodeOptions);
      if (!result.ok) {
        failures.set(file, result.failure);
        return result;
      }
      const prepared = processor.prepare(result.image);
      if (bytes + prepared.data.length <= cacheBytes && !kept.has(file)) {
        kept.set(file, prepared);
        bytes += prepared.data.length;
      }
      return { ok: true, image: prepared };
    });
  };
}
