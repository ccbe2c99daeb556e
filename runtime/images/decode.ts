/** JPEG, PNG or WebP file → RGB bytes, equal to what PIL's `convert("RGB")` gives. */
import { readFile } from "node:fs/promises";
import sharp from "sharp";
import type { Image } from "./image.ts";

/** Why a picture could not be used. */
export type ImageFault =
  | "missing"
  | "unreadable"
  | "format"
  | "too-large"
  | "unsupported"
  | "corrupt";

/** A picture that could not be decoded: the file and the reason in words. A value, never thrown. */
export interface ImageFailure {
  readonly file: string;
  readonly fault: ImageFault;
  /** One sentence that names the file. */
  readonly message: string;
}

/** What decoding gives: the picture or the failure. */
export type DecodeResult =
  | { readonly ok: true; readonly image: Image }
  | { readonly ok: false; readonly failure: ImageFailure };

/** Settings of `decodeImage`. */
export interface DecodeOptions {
  /** Largest accepted width × height in pixels; 64 Mi by default. */
  readonly pixelLimit?: number;
  /** Gives the bytes where the picture is no file of its own; rejects as `readFile` does, which it is by default. */
  readonly read?: (file: string) => Promise<Uint8Array>;
}

const defaultPixelLimit = 64 * 1024 * 1024;

/**
 * Reads and decodes a file. As PIL does: alpha is dropped without compositing, palettes keep the color behind a
 * transparent entry, grey is expanded, EXIF orientation and embedded color profiles are not applied.
 * Refused: CMYK, 16 bits a channel, anything that is not JPEG, PNG or WebP, more pixels than the limit, damaged data.
 */
export async function decodeImage(
  file: string,
  options: DecodeOptions = {},
): Promise<DecodeResult> {
  let bytes: Uint8Array;
  try {
    bytes = await (options.read ?? readFile)(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
    return code === "ENOENT"
      ? failed(file, "missing", "there is no such file")
      : failed(file, "unreadable", `the file cannot be read (${code})`);
  }
  return decodeImageBytes(bytes, file, options);
}

/** Decodes a file's bytes as `decodeImage` does; `file` is the name that failures carry. */
export async function decodeImageBytes(
  bytes: Uint8Array,
  file: string,
  options: DecodeOptions = {},
): Promise<DecodeResult> {
  const limit = options.pixelLimit ?? defaultPixelLimit;
  if (bytes.length === 0) return failed(file, "corrupt", "the file is empty");
  if (formatOf(bytes) === undefined) {
    return failed(file, "format", "this is not a JPEG, PNG or WebP file");
  }
  try {
    const source = sharp(bytes, { failOn: "error", limitInputPixels: false, ignoreIcc: true });
    const header = await source.metadata();
    const size = `${header.width} x ${header.height}`;
    if (header.width * header.height > limit) {
      return failed(file, "too-large", `${size} pixels are more than the limit of ${limit}`);
    }
    if (header.space === "cmyk") {
      return failed(file, "unsupported", "CMYK pictures are not supported; convert it to RGB");
    }
    if (header.depth !== "uchar") {
      return failed(file, "unsupported", "16 bits a channel are not supported; convert it to 8");
    }
    const { data, info } = await source
      .removeAlpha()
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    return { ok: true, image: interleaved(data, info.width, info.height, info.channels) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.trim().split("\n")[0] : String(error);
    return failed(file, "corrupt", `the picture is damaged (${reason})`);
  }
}

function interleaved(data: Uint8Array, width: number, height: number, channels: number): Image {
  if (channels === 3) return { width, height, data };
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    rgb.fill(data[pixel * channels]!, pixel * 3, pixel * 3 + 3);
  }
  return { width, height, data: rgb };
}

/** The format by its first bytes, so that nothing else reaches a decoder. */
function formatOf(bytes: Uint8Array): "jpeg" | "png" | "webp" | undefined {
  const starts = (signature: readonly number[], at = 0) =>
    signature.every((byte, index) => bytes[at + index] === byte);
  if (starts([0xff, 0xd8, 0xff])) return "jpeg";
  if (starts([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "png";
  if (starts([0x52, 0x49, 0x46, 0x46]) && starts([0x57, 0x45, 0x42, 0x50], 8)) return "webp";
  return undefined;
}

function failed(file: string, fault: ImageFault, reason: string): DecodeResult {
  return { ok: false, failure: { file, fault, message: `${file}: ${reason}` } };
}
