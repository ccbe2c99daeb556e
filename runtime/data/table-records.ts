/** A table of pictures and captions (parquet, CSV, TSV, JSON lines) → records. */
import { extname } from "node:path";
import { type AnnotationFields, annotationsOf, readAnnotations } from "./annotations.ts";
import { type Dataset, datasetOf } from "./dataset.ts";
import { parquetRecords } from "./parquet-records.ts";

/**
 * The columns are the fields of annotations: `image`, a path below `root`, `caption` (in parquet and JSON also a list), and
 * `image_id` and `split` when there are any. Rejects with DataError naming file, record and column for anything malformed.
 */
export async function tableDataset(
  file: string,
  root: string,
  fields: AnnotationFields,
): Promise<Dataset> {
  if (extname(file).toLowerCase() !== ".parquet") {
    return datasetOf(readAnnotations(file, fields), root);
  }
  const records = await parquetRecords(file, ["image", "caption", "image_id", "split"]);
  return datasetOf(annotationsOf(records, file, fields), root);
}
