/** A parquet file → raw records: the columns that are asked for, a row a record. */
import { closeSync, fstatSync } from "node:fs";
import { DataError } from "./data-error.ts";
import type { RawRecord } from "./json-records.ts";
import { bytesAt, openToRead } from "./read-bytes.ts";

/**
 * Reads the columns among `columns` that the file has. Whole numbers of 64 bits become numbers where these hold them
 * exactly, else texts. The parser is loaded on the first call. Rejects with DataError for a file that is missing, no
 * parquet, damaged, or compressed in a way that cannot be read.
 */
export async function parquetRecords(
  file: string,
  columns: readonly string[],
): Promise<readonly RawRecord[]> {
  const descriptor = openToRead(file);
  const { parquetMetadataAsync, parquetReadObjects, parquetSchema } = await import("hyparquet");
  const { compressors } = await import("hyparquet-compressors");
  const { size } = fstatSync(descriptor);
  const source = {
    byteLength: size,
    slice: (start: number, end = size) => bytesAt(descriptor, start, end - start).buffer,
  };
  try {
    const metadata = await parquetMetadataAsync(source);
    const names = parquetSchema(metadata).children.map(({ element }) => element.name);
    const wanted = columns.filter((name) => names.includes(name));
    if (wanted.length === 0) {
      return Array.from({ length: Number(metadata.num_rows) }, (_, record) => ({
        record,
        value: {},
      }));
    }
    const rows = await parquetReadObjects({ file: source, metadata, columns: wanted, compressors });
    return rows.map((row, record) => ({ record, value: plain(row) }));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError({ file }, `this is no parquet file that can be read (${reason})`, {
      cause: error,
    });
  } finally {
    closeSync(descriptor);
  }
}

/** A row without what is null, and without numbers that JSON does not know. */
function plain(row: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const entries = Object.entries(row).flatMap(([name, value]) => {
    if (value === null || value === undefined) return [];
    if (typeof value !== "bigint") return [[name, value] as const];
    const number = Number(value);
    return [[name, Number.isSafeInteger(number) ? number : String(value)] as const];
  });
  return Object.fromEntries(entries);
}
