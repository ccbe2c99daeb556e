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
    const { record, line } = firstBroken(content);
    throw new DataError({ file, record, line }, `this is not JSON (${message})`, { cause: error });
  }
  if (Array.isArray(value)) return value.map((item, record) => ({ record, value: item }));
  if (value === null || typeof value !== "object") {
    throw new DataError({ file }, "expected a list of records, or an object of records by id");
  }
  const { keys } = outline(content);
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

/** The first element of the outermost list or object that is not JSON, and the line it begins in, from 1. */
function firstBroken(text: string): { readonly record: number; readonly line: number } {
  const { ends, isObject } = outline(text);
  let start = text.search(/\S/) + 1;
  for (const [record, end] of [...ends, text.length].entries()) {
    const element = text.slice(start, end);
    if (record === ends.length || !isJson(isObject ? `{${element}}` : element)) {
      const begin = start + Math.max(0, element.search(/\S/));
      return { record, line: text.slice(0, begin).split("\n").length };
    }
    start = end + 1;
  }
  return { record: 0, line: 1 };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Walks JSON text: where the elements of the outermost list or object end at a comma, and the keys of an object. */
function outline(text: string): {
  readonly ends: readonly number[];
  readonly keys: readonly string[];
  readonly isObject: boolean;
} {
  const token = /"(?:[^"\\]|\\[\s\S])*"|[[\]{},]/g;
  const isObject = /^\s*\{/.test(text);
  const keys: string[] = [];
  const ends: number[] = [];
  let depth = 0;
  let expectsKey = isObject;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const found = match[0];
    if (found === "[" || found === "{") depth++;
    else if (found === "]" || found === "}") depth--;
    else if (depth !== 1) continue;
    else if (found === ",") {
      ends.push(match.index);
      expectsKey = isObject;
    } else if (expectsKey) {
      keys.push(isJson(found) ? (JSON.parse(found) as string) : found);
      expectsKey = false;
    }
  }
  return { ends, keys, isObject };
}
