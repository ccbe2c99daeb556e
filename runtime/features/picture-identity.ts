/** Picture files → what tells their contents apart; a file whose size and time are as before is not read again. */
import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";

/** A picture's contents, and the file in which they were last seen. */
export interface PictureIdentity {
  /** Of the whole file. */
  readonly sha256: string;
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970 at which the file was last written. */
  readonly modified: number;
}

/** How the bytes of a picture are had. */
export interface PictureSource {
  stat(file: string): Promise<{ readonly size: number; readonly mtimeMs: number }>;
  read(file: string): Promise<Uint8Array>;
}

const files: PictureSource = { stat: (file) => stat(file), read: (file) => readFile(file) };

/** Remembers the identity of every file that it was asked for. */
export class Identities {
  readonly #learned = new Map<string, PictureIdentity>();
  readonly #known = new Map<string, PictureIdentity>();
  readonly #source: PictureSource;

  constructor(source: PictureSource = files) {
    this.#source = source;
  }

  /** What an earlier run found; it holds while size and time of the file are the same. */
  learn(identity: PictureIdentity): void {
    this.#learned.set(identity.file, identity);
  }

  /** Undefined when the file cannot be read. */
  async of(file: string): Promise<PictureIdentity | undefined> {
    const known = this.#known.get(file);
    if (known !== undefined) return known;
    const found = await this.#find(file);
    if (found !== undefined) this.#known.set(file, found);
    return found;
  }

  /** The identity of a file that `of` has found. */
  known(file: string): PictureIdentity {
    const found = this.#known.get(file);
    if (found === undefined) throw new RangeError(`nobody asked for ${file}`);
    return found;
  }

  async #find(file: string): Promise<PictureIdentity | undefined> {
    try {
      const { size, mtimeMs } = await this.#source.stat(file);
      const learned = this.#learned.get(file);
      if (learned?.size === size && learned.modified === mtimeMs) return learned;
      const sha256 = createHash("sha256")
        .update(await this.#source.read(file))
        .digest("hex");
      return { sha256, file, size, modified: mtimeMs };
    } catch {
      return undefined;
    }
  }
}
