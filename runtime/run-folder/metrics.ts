/** Measurements of a run → `metrics.jsonl`, one JSON object a line, never behind and never ahead of the checkpoint resumed. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { writeWhole } from "../weights/atomic-write.ts";
import { FileError, messageOf } from "../weights/file-error.ts";
import type { JsonValue } from "./canonical-json.ts";
import type { RunFolder } from "./run-folder.ts";

/** One line: the step it belongs to and whatever was measured. Numbers that are not finite are written as text ("NaN"). */
export type MetricsRecord = { readonly step: number } & Readonly<Record<string, JsonValue>>;

/** An open `metrics.jsonl`. */
export interface Metrics {
  /** Hands one line to the system, so that it outlives this process. Throws `FileError`; the file then ends as before. */
  append(record: MetricsRecord): void;
  /** Makes all lines safe against power loss. */
  flush(): void;
  close(): void;
}

const fileName = "metrics.jsonl";

/**
 * Opens the file for appending. Lines of later steps than `throughStep`, and a last line cut short, are removed; without
 * `throughStep` the file starts empty.
 */
export function openMetrics(folder: RunFolder, throughStep = Number.NEGATIVE_INFINITY): Metrics {
  const path = join(folder.path, fileName);
  const { system } = folder;
  let length = keptLength(path, throughStep);
  const guarded = <T>(action: () => T): T => {
    try {
      return action();
    } catch (thrown) {
      throw new FileError(path, `cannot be written: ${messageOf(thrown)}`, { cause: thrown });
    }
  };
  const descriptor = guarded(() => system.open(path, "a"));
  guarded(() => system.truncate(descriptor, length));
  return {
    append(record) {
      const line = new TextEncoder().encode(`${JSON.stringify(record, finiteOrText)}\n`);
      guarded(() => {
        try {
          writeWhole(descriptor, line, system);
          length += line.byteLength;
        } catch (thrown) {
          system.truncate(descriptor, length);
          throw thrown;
        }
      });
    },
    flush: () => guarded(() => system.fsync(descriptor)),
    close: () => guarded(() => system.close(descriptor)),
  };
}

/** All whole lines of a run folder's metrics; a last line cut short is left out. */
export function readMetrics(path: string): readonly MetricsRecord[] {
  const file = join(path, fileName);
  return existsSync(file) ? wholeRecords(readFileSync(file)).map(({ record }) => record) : [];
}

function finiteOrText(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

function keptLength(path: string, throughStep: number): number {
  if (!existsSync(path)) return 0;
  let length = 0;
  for (const { record, end } of wholeRecords(readFileSync(path))) {
    if (record.step > throughStep) break;
    length = end;
  }
  return length;
}

function wholeRecords(
  bytes: Uint8Array,
): readonly { readonly record: MetricsRecord; readonly end: number }[] {
  const records: { record: MetricsRecord; end: number }[] = [];
  let begin = 0;
  for (;;) {
    const newline = bytes.indexOf(0x0a, begin);
    if (newline < 0) return records;
    const record = recordOf(bytes.subarray(begin, newline));
    if (record === undefined) return records;
    begin = newline + 1;
    records.push({ record, end: begin });
  }
}

function recordOf(line: Uint8Array): MetricsRecord | undefined {
  try {
    const value = JSON.parse(new TextDecoder().decode(line)) as MetricsRecord | null;
    return typeof value?.step === "number" ? value : undefined;
  } catch {
    return undefined;
  }
}
