/** Files → pictures as a tower wants them, through the chain of the run's data block. */
import type { DecodeResult } from "../images/decode.ts";
import { decodeImage } from "../images/decode.ts";
import { imageProcessor } from "../images/processors.ts";
import { imageSteps } from "../train/open-data.ts";
import type { OpenRun } from "./open-run.ts";

/** A picture, or why there is none. */
export type ReadPicture =
  | { readonly file: string; readonly values: Float32Array }
  | { readonly file: string; readonly fault: string };

/** Reads pictures for a tower of `size` pixels a side; random links of the chain are left out. */
export async function readPictures(
  run: OpenRun,
  files: readonly string[],
  size: number,
): Promise<readonly ReadPicture[]> {
  const data = run.model.data.get(run.model.stages.get(run.stage)!.data.value)!;
  const chain = data.image.value.filter(
    ({ kind }) => kind !== "random_flip" && kind !== "random_resized_crop",
  );
  const processor = imageProcessor(imageSteps(chain, size));
  const pictures: ReadPicture[] = [];
  for (const file of files) {
    const result: DecodeResult = await decodeImage(file);
    if (!result.ok) pictures.push({ file, fault: result.failure.message });
    else pictures.push({ file, values: processor.process(result.image, () => 0) });
  }
  return pictures;
}
