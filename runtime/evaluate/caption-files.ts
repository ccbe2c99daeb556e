/** A run folder and picture files → a caption each. */
import type { AdapterChoice } from "../device/find-adapter.ts";
import { openDevice, type TilesFor } from "../device/open-device.ts";
import { openCaptioner } from "./captioner.ts";
import { openRun } from "./open-run.ts";
import { readPictures } from "./read-pictures.ts";

/** What to caption. */
export interface CaptionFilesRequest {
  /** Run folder. */
  readonly run: string;
  readonly files: readonly { readonly name: string; readonly path: string }[];
  /** Pictures at once. */
  readonly batch: number;
  readonly adapter?: AdapterChoice;
  /** What was measured on the adapter. */
  readonly tilesFor?: TilesFor;
  /** Asked about each picture; absent for runs that read none. */
  readonly question?: string;
}

/** A caption, or why there is none, in the order of the files. */
export type CaptionedFile =
  | { readonly file: string; readonly caption: string }
  | { readonly file: string; readonly fault: string };

/** Opens run and device, captions, closes both. Pictures that cannot be read are reported, not thrown. */
export async function captionFiles(
  request: CaptionFilesRequest,
): Promise<readonly CaptionedFile[]> {
  const run = openRun(request.run);
  const { adapter, tilesFor } = request;
  const device = await openDevice({
    ...(adapter === undefined ? {} : { adapter }),
    ...(tilesFor === undefined ? {} : { tilesFor }),
  });
  try {
    const batch = Math.min(request.batch, request.files.length);
    const captioner = await openCaptioner(run, device, batch, request.question);
    const paths = request.files.map(({ path }) => path);
    const pictures = await readPictures(run, paths, captioner.size);
    const good = pictures.flatMap((picture) => ("values" in picture ? [picture.values] : []));
    const captions = [...(await captioner.caption(good))].values();
    await captioner.close();
    return pictures.map((picture, index) => {
      const file = request.files[index]!.name;
      if ("fault" in picture) return { file, fault: picture.fault };
      return { file, caption: captions.next().value ?? "" };
    });
  } finally {
    device.close();
    run.checkpoint.file.close();
  }
}
