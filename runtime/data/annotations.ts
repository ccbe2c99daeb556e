/** Annotation files (JSON list, JSON object, JSON lines, CSV, TSV) → checked records. LAVIS's and COCO-Karpathy's fields. */
import { readFileSync } from "node:fs";
import { extname } from "node:path";
import { DataError, type DataPlace, whyUnreadable } from "./data-error.ts";
import { jsonLineRecords, jsonRecords, type RawRecord } from "./json-records.ts";
import { separatedRows } from "./separated.ts";

/** One checked record. */
export interface Annotation {
  /** Where it came from. */
  readonly place: DataPlace;
  /** Path under the image root; undefined when the data set has no pictures. */
  readonly image: string | undefined;
  /** At least one text when the data set has texts, else empty. */
  readonly captions: readonly string[];
  /** What is asked about the picture; the captions are its answers. */
  readonly question?: string;
  /** What records of the same picture share: the record's id field, else its picture, else its number. */
  readonly imageId: string;
}

/** Which fields are read; `false`: the data set has none. */
export interface AnnotationFields {
  /** "image" by default. */
  readonly image?: string | false;
  /** "caption" by default: a text or a list of texts. */
  readonly caption?: string | false;
  /** Absent: nothing is asked. */
  readonly question?: string;
  /** "image_id" by default; may be missing in records. */
  readonly imageId?: string;
  /** Only records whose field `split` says this; all of them when absent. */
  readonly split?: string;
}

/**
 * Reads one or more files and puts their records behind one another. The ending says the format: .json, .jsonl,
 * .csv, .tsv. Throws DataError naming file, record and field for anything malformed, and for a file without records.
 */
export function readAnnotations(
  files: string | readonly string[],
  fields: AnnotationFields = {},
): readonly Annotation[] {
  const list = typeof files === "string" ? [files] : files;
  return list.flatMap((file) => annotationsOf(rawRecords(file), file, fields));
}

/** Checks the records of a file, and leaves out those of other splits. Throws DataError as `readAnnotations` does. */
export function annotationsOf(
  records: readonly RawRecord[],
  file: string,
  fields: AnnotationFields,
): readonly Annotation[] {
  if (records.length === 0) throw new DataError({ file }, "there is no record in this file");
  return ofSplit(records, file, fields.split).map((raw) => annotationOf(raw, file, fields));
}

/** Records of one part of a file that holds several. */
function ofSplit(
  records: readonly RawRecord[],
  file: string,
  split: string | undefined,
): readonly RawRecord[] {
  if (split === undefined) return records;
  const splitOf = ({ value }: RawRecord): unknown =>
    value !== null && typeof value === "object" && Object.hasOwn(value, "split")
      ? (value as Readonly<Record<string, unknown>>)["split"]
      : undefined;
  const found = records.filter((record) => splitOf(record) === split);
  if (found.length > 0) return found;
  const names = [...new Set(records.map(splitOf))].filter((name) => name !== undefined);
  const shown = names.slice(0, 8).map((name) => JSON.stringify(name));
  const reason =
    names.length === 0
      ? `no record has a field \`split\`, and the pipeline asks for ${JSON.stringify(split)}`
      : `no record is of the split ${JSON.stringify(split)}; there are ${shown.join(", ")}`;
  throw new DataError({ file, field: "split" }, reason);
}

function rawRecords(file: string): readonly RawRecord[] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const tooLong = (error as NodeJS.ErrnoException).code === "ERR_STRING_TOO_LONG";
    const advice = tooLong ? "; convert it to several .jsonl files" : "";
    throw new DataError({ file }, `${whyUnreadable(error)}${advice}`, { cause: error });
  }
  switch (extname(file).toLowerCase()) {
    case ".json":
      return jsonRecords(text, file);
    case ".jsonl":
    case ".ndjson":
      return jsonLineRecords(text, file);
    case ".csv":
      return tableRecords(text, file, ",");
    case ".tsv":
      return tableRecords(text, file, "\t");
    default:
      throw new DataError({ file }, "annotations end in .json, .jsonl, .csv or .tsv");
  }
}

/** A table whose first row names the fields. */
function tableRecords(text: string, file: string, separator: "," | "\t"): readonly RawRecord[] {
  let rows: ReturnType<typeof separatedRows>;
  try {
    rows = separatedRows(text, separator);
  } catch (error) {
    throw new DataError({ file }, (error as Error).message, { cause: error });
  }
  const names = rows[0]?.fields ?? [];
  const doubled = names.find((name, index) => names.indexOf(name) !== index);
  if (doubled !== undefined) {
    throw new DataError({ file, field: doubled }, "two columns have this name");
  }
  return rows.slice(1).map(({ line, fields }, record) => {
    if (fields.length !== names.length) {
      const reason = `has ${fields.length} fields where the first row has ${names.length}`;
      throw new DataError({ file, record, line }, reason);
    }
    const entries = names.map((name, index) => [name, fields[index]]);
    return { record, line, value: Object.fromEntries(entries) };
  });
}

/** Checks one record. Throws DataError naming file, record and field. */
export function annotationOf(raw: RawRecord, file: string, fields: AnnotationFields): Annotation {
  const place: DataPlace = {
    file,
    record: raw.record,
    ...(raw.line === undefined ? {} : { line: raw.line }),
  };
  const { value } = raw;
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new DataError(place, `expected an object with fields, found ${described(value)}`);
  }
  const field = (name: string): unknown =>
    Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
  const image = imageOf(field, fields.image ?? "image", place);
  const captions = captionsOf(field, fields.caption ?? "caption", place);
  const question = fields.question === undefined ? undefined : field(fields.question);
  if (fields.question !== undefined && (typeof question !== "string" || question === "")) {
    const reason = `expected a question, found ${question === "" ? "an empty text" : described(question)}`;
    throw new DataError({ ...place, field: fields.question }, reason);
  }
  const idField = fields.imageId ?? "image_id";
  const id = field(idField);
  if (id !== undefined && typeof id !== "string" && !Number.isSafeInteger(id)) {
    const reason = `expected a text or a whole number, found ${described(id)}`;
    throw new DataError({ ...place, field: idField }, reason);
  }
  const imageId = id === undefined ? (raw.key ?? image ?? String(raw.record)) : String(id);
  return { place, image, captions, imageId, ...(typeof question === "string" && { question }) };
}

function imageOf(
  field: (name: string) => unknown,
  name: string | false,
  place: DataPlace,
): string | undefined {
  if (name === false) return undefined;
  const value = field(name);
  if (typeof value === "string" && value !== "") return value;
  const found = value === "" ? "an empty text" : described(value);
  throw new DataError({ ...place, field: name }, `expected the path of a picture, found ${found}`);
}

function captionsOf(
  field: (name: string) => unknown,
  name: string | false,
  place: DataPlace,
): readonly string[] {
  if (name === false) return [];
  const value = field(name);
  if (typeof value === "string") return [value];
  if (Array.isArray(value) && value.length > 0) {
    const wrong = value.findIndex((item) => typeof item !== "string");
    if (wrong < 0) return value as readonly string[];
    const reason = `entry ${wrong} is not a text but ${described(value[wrong])}`;
    throw new DataError({ ...place, field: name }, reason);
  }
  const found = Array.isArray(value) ? "an empty list" : described(value);
  throw new DataError(
    { ...place, field: name },
    `expected a text or a list of texts, found ${found}`,
  );
}

function described(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  const text = JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
