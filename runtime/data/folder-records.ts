/** A folder of pictures with a text beside each, or with one metadata file for all → records. */
import { type Dirent, existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { type Annotation, readAnnotations } from "./annotations.ts";
import { DataError, whyUnreadable } from "./data-error.ts";
import { type Dataset, datasetOf } from "./dataset.ts";

const pictureEndings = new Set([".jpg", ".jpeg", ".png", ".webp"]);
/** As Hugging Face's `imagefolder` has it. */
const metadataNames = ["metadata.jsonl", "metadata.csv"];

/**
 * With `metadata.jsonl` or `metadata.csv` in the folder: its records, the picture in the field `file_name`, the caption
 * in `text`. Without: every picture in the folder and the folders below, in order of their paths (by code units, on every
 * machine the same); each line of the `.txt` file of the same name is a caption. Names that begin with a dot, and folders
 * that are links, are passed over. Throws DataError naming file and record for anything malformed.
 */
export function folderDataset(folder: string, split: string | undefined): Dataset {
  const metadata = metadataNames
    .map((name) => join(folder, name))
    .filter((file) => existsSync(file));
  if (metadata.length > 1) {
    throw new DataError({ file: folder }, `there are both ${metadataNames.join(" and ")}`);
  }
  if (metadata.length === 1) {
    const names = { image: "file_name", caption: "text" };
    const fields = split === undefined ? names : { ...names, split };
    return datasetOf(readAnnotations(metadata, fields), folder);
  }
  if (split !== undefined) {
    const reason = `there is no ${metadataNames.join(" or ")} that could say what is of the split ${JSON.stringify(split)}`;
    throw new DataError({ file: folder }, reason);
  }
  const pictures = picturesBelow(folder, "").toSorted((a, b) => (a < b ? -1 : 1));
  if (pictures.length === 0) {
    throw new DataError({ file: folder }, "there is no .jpg, .jpeg, .png or .webp file in it");
  }
  const records = pictures.map((image, record) => withText(folder, image, record));
  return datasetOf(records, folder);
}

/** Paths of pictures, relative to the folder, with `/` between their parts. */
function picturesBelow(folder: string, below: string): readonly string[] {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(join(folder, below), { withFileTypes: true });
  } catch (error) {
    const reason = whyUnreadable(error, "there is no such folder");
    throw new DataError({ file: join(folder, below) }, reason, { cause: error });
  }
  return entries.flatMap((entry) => {
    if (entry.name.startsWith(".")) return [];
    const path = `${below}${entry.name}`;
    if (entry.isDirectory()) return picturesBelow(folder, `${path}/`);
    const isFile = entry.isFile() || entry.isSymbolicLink();
    return isFile && pictureEndings.has(extname(path).toLowerCase()) ? [path] : [];
  });
}

function withText(folder: string, image: string, record: number): Annotation {
  const name = `${image.slice(0, -extname(image).length)}.txt`;
  const place = { file: join(folder, name), record };
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(place.file));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const missing = `there is no such file, so the picture ${JSON.stringify(image)} has no caption`;
    const reason =
      code === "ERR_ENCODING_INVALID_ENCODED_DATA"
        ? "this is not UTF-8"
        : whyUnreadable(error, missing);
    throw new DataError(place, reason, { cause: error });
  }
  const captions = text.split("\n").map((line) => line.trim());
  const said = captions.filter((line) => line !== "");
  if (said.length === 0) throw new DataError(place, "there is no caption in this file");
  return { place, image, captions: said, imageId: image };
}
