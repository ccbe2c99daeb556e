/** A fault in a data set, said so that its owner can mend it. */

/** Where in a file a fault lies. */
export interface DataPlace {
  readonly file: string;
  /** The record's index in its file, from 0 as in the JSON array. */
  readonly record?: number;
  /** The line in the file, from 1, for formats with a record a line. */
  readonly line?: number;
  readonly field?: string;
}

/** Thrown for annotations and pictures that cannot be used; the message names file, record and field. */
export class DataError extends Error {
  readonly place: DataPlace;

  constructor(place: DataPlace, reason: string, options?: ErrorOptions) {
    super(`${placeText(place)}: ${reason}`, options);
    this.name = "DataError";
    this.place = place;
  }
}

/** Why the system refused a file. `missing`: what is said where there is none. */
export function whyUnreadable(error: unknown, missing = "there is no such file"): string {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" ? missing : `cannot be read (${code})`;
}

/** A place in words: `train.json: record 12 (counted from 0): field "image"`. */
export function placeText(place: DataPlace): string {
  const line = place.line === undefined ? "" : `line ${place.line}, `;
  const record =
    place.record === undefined ? "" : `: ${line}record ${place.record} (counted from 0)`;
  const field = place.field === undefined ? "" : `: field ${JSON.stringify(place.field)}`;
  return `${place.file}${record}${field}`;
}
