/** Text of a JSON list, a JSON object of records, or JSON lines → raw records with their places. */
import { DataError } from "./data-error.ts";

/** A record as it stands in the file. */
export interface RawRecord {
  /** Index in the file, from 0. */
  readonly record: number;
  /** Line in the file, from 1; only where a record is a line or a row. */
  readonly line?: number;
  /** Key of the record, where the file is an object of records. */
  readonly key?: string;
  readonly value: unknown;
}

/** Records of a JSON array, or of an object id → record, in the order of the file. Throws DataError naming the record. */
export function jsonRecords(text: string, file: string): readonly RawRecord[] {
  const content = text.startsWith("\ufeff") ? text.slice(1) : text;
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const position = Number(/position (\d+)/.exec(message)?.[1] ?? content.length);
    const line = content.slice(0, position).split("\n").length;
    const record = outline(content, position).elements;
    throw new DataError({ file, record, line }, `this is not JSON (${message})`, { cause: error });
  }
  if (Array.isArray(value)) return value.map((item, record) => ({ record, value: item }));
  if (value === null || typeof value !== "object") {
    throw new DataError({ file }, "expected a list of records, or an object of records by id");
  }
  const keys = outline(content, content.length).keys;
  const seen = new Set<string>();
  return keys.map((key, record) => {
    if (seen.has(key)) {
      throw new DataError({ file, record }, `the id ${JSON.stringify(key)} stands twice`);
    }
    seen.add(key);
    return { record, key, value: (value as Readonly<Record<string, unknown>>)[key] };
  });
}

/** One record a line; empty lines are passed over. Throws DataError naming line and record. */
export function jsonLineRecords(text: string, file: string): readonly RawRecord[] {
  const records: RawRecord[] = [];
  text.split("\n").forEach((source, index) => {
    const content = index === 0 ? source.replace(/^\ufeff/, "") : source;
    if (content.trim() === "") return;
    const place = { record: records.length, line: index + 1 };
    try {
      records.push({ ...place, value: JSON.parse(content) });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new DataError({ file, ...place }, `this is not JSON (${message})`, { cause: error });
    }
  });
  return records;
}

/** Walks JSON text up to `end`: complete elements of the outermost value before it, and the outermost keys. */
function outline(
  text: string,
  end: number,
): { readonly elements: number; readonly keys: readonly string[] } {
  const token = /"(?:[^"\\]|\\[\s\S])*"|[[\]{},]/g;
  const isObject = /^\s*\{/.test(text);
  const keys: string[] = [];
  let depth = 0;
  let elements = 0;
  let expectsKey = false;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (match.index >= end) break;
    const found = match[0];
    if (found === "[" || found === "{") {
      depth++;
      expectsKey = depth === 1 && found === "{";
    } else if (found === "]" || found === "}") {
      depth--;
    } else if (found === ",") {
      if (depth !== 1) continue;
      elements++;
      expectsKey = isObject;
    } else if (expectsKey && depth === 1) {
      keys.push(JSON.parse(found) as string);
      expectsKey = false;
    }
  }
  return { elements, keys };
}
