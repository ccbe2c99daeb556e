/** A fault of a file or of the disk, said so that its owner can mend it. */

/** Thrown for every bad or unwritable file in this folder; `message` is `file: reason`. */
export class FileError extends Error {
  /** The file at fault, as the caller named it. */
  readonly file: string;
  /** What is wrong, without the file's name. */
  readonly reason: string;

  constructor(file: string, reason: string, options?: ErrorOptions) {
    super(`${file}: ${reason}`, options);
    this.name = "FileError";
    this.file = file;
    this.reason = reason;
  }
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The system's error code ("ENOSPC", "EEXIST", …) of anything that was thrown. */
export function codeOf(thrown: unknown): string | undefined {
  if (thrown instanceof Error && "code" in thrown && typeof thrown.code === "string") {
    return thrown.code;
  }
  return undefined;
}
