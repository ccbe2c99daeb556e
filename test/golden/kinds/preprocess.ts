/** Kind `preprocess`: decoding, resizing and normalizing of picture files. */
import { basename, join } from "node:path";
import { decodeImage } from "../../../runtime/images/decode.ts";
import type { Image } from "../../../runtime/images/image.ts";
import { normalize } from "../../../runtime/images/normalize.ts";
import { resize } from "../../../runtime/images/resize.ts";
import { type Comparison, largestDifference, measured } from "../comparison.ts";
import { type ReferenceTensor, readTensors } from "../tensors.ts";

interface PreprocessCase {
  readonly image_mean: readonly [number, number, number];
  readonly image_std: readonly [number, number, number];
  readonly size: readonly [number, number];
  readonly tensors_file?: string;
  readonly images: readonly {
    readonly file: string;
    readonly checks?: {
      readonly pixel_values_sum?: number;
      readonly first8?: readonly number[];
    };
  }[];
}

/** JPEG decoders differ by a few levels: bound of the decoded and resized bytes. */
const jpegLevels = 3;
const floatBound = 1e-5;

/** Compares every key of the folder. */
export async function check(folder: string, c: unknown): Promise<readonly Comparison[]> {
  const reference = c as PreprocessCase;
  const tensors = readTensors(join(folder, reference.tensors_file ?? "tensors.safetensors"));
  const lines: Comparison[] = [];
  const unused = new Set(tensors.keys());
  for (const entry of reference.images) {
    const file = basename(entry.file);
    const take = (key: string): ReferenceTensor | undefined => {
      unused.delete(`${file}/${key}`);
      return tensors.get(`${file}/${key}`);
    };
    const by = { mean: reference.image_mean, deviation: reference.image_std };
    const bytes = take("decoded_rgb_u8")!;
    const given = imageOf(bytes);
    const [height, width] = reference.size;
    const resized = resize(given, width, height);
    const expected = take("resized_u8")!.data;
    lines.push(
      measured(`${file}/resized_u8`, "resize, bytes", largestDifference(resized.data, expected), 0),
    );
    const values = normalize(resized, by);
    const pixels = take("pixel_values");
    if (pixels !== undefined) {
      const error = largestDifference(values, pixels.data);
      lines.push(measured(`${file}/pixel_values`, "resize and normalize", error, floatBound));
    }
    const sum = entry.checks?.pixel_values_sum;
    if (sum !== undefined) {
      const total = values.reduce((left, right) => left + right, 0);
      const error = Math.abs(total - sum) / values.length;
      lines.push(measured(`${file}/checks.pixel_values_sum`, "mean", error, floatBound));
    }
    const first = entry.checks?.first8;
    if (first !== undefined) {
      const error = largestDifference(values.subarray(0, first.length), first);
      lines.push(measured(`${file}/checks.first8`, "first values", error, floatBound));
    }
    for (const key of [...unused].filter((name) => name.startsWith(`${file}/resized_u8_`))) {
      unused.delete(key);
      lines.push(resizedAgain(key, tensors.get(key)!, given));
    }
    lines.push(...(await endToEnd(folder, entry.file, given, expected, reference.size)));
  }
  for (const name of unused) lines.push(measured(name, "a key nothing reads", 1, 0));
  return lines;
}

function imageOf(tensor: ReferenceTensor): Image {
  const [height, width] = tensor.shape;
  return { width: width!, height: height!, data: tensor.data as Uint8Array };
}

/** `resized_u8_<side>` is another size; `resized_u8_if_exif_applied` is what this software must not do. */
function resizedAgain(name: string, tensor: ReferenceTensor, given: Image): Comparison {
  if (name.endsWith("_if_exif_applied")) {
    return { name, leftOut: "the reference does not apply EXIF orientation; given for contrast" };
  }
  const [height, width] = tensor.shape;
  const error = largestDifference(resize(given, width!, height!).data, tensor.data);
  return measured(name, "resize, bytes", error, 0);
}

async function endToEnd(
  folder: string,
  path: string,
  given: Image,
  resized: ArrayLike<number>,
  size: readonly [number, number],
): Promise<readonly Comparison[]> {
  const file = basename(path);
  const bound = /\.jpe?g$/i.test(file) ? jpegLevels : 0;
  const decoded = await decodeImage(join(folder, path));
  if (!decoded.ok) {
    const name = `${file}/decoded_rgb_u8`;
    return [measured(name, "decode", Number.NaN, bound, decoded.failure.message)];
  }
  const sameSize = decoded.image.width === given.width && decoded.image.height === given.height;
  const error = sameSize ? largestDifference(decoded.image.data, given.data) : Number.NaN;
  const result = resize(decoded.image, size[1], size[0]);
  return [
    measured(`${file}/decoded_rgb_u8`, "decode, bytes", error, bound),
    measured(
      `${file}/resized_u8`,
      "file to resized bytes",
      largestDifference(result.data, resized),
      bound,
    ),
  ];
}
