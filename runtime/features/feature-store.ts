/** Features of pictures ↔ shards in a folder: computed once a picture, read for ever after. */
import { mkdirSync } from "node:fs";
import { floatsFromHalves, halvesFromFloats } from "../half.ts";
import { Identities, type PictureIdentity, type PictureSource } from "./picture-identity.ts";
import { readRow, readShards, type Shard, writeShard } from "./shards.ts";

/** What a store holds. */
export interface FeatureStoreRequest {
  /** Folder of the shards; made when it is not there. What the features depend on besides the picture names it. */
  readonly folder: string;
  readonly dtype: "f16" | "f32";
  /** Of one picture: [tokens, width]. */
  readonly shape: readonly number[];
  /** A shard that cannot be read: it was taken away. */
  readonly onBroken: (message: string) => void;
  /** Bytes of features that a shard holds at least; 128 MiB by default. */
  readonly shardBytes?: number;
  /** How pictures are had by their names; absent: they are files. */
  readonly pictures?: PictureSource | undefined;
}

/** Where the features of a picture lie: in a shard, or in memory until they are written. */
type Place =
  | { readonly kind: "shard"; readonly shard: Shard; readonly row: number }
  | { readonly kind: "memory"; readonly data: Uint8Array; readonly identity: PictureIdentity };

/**
 * Pictures are told apart by their contents, so that files may be moved and annotations changed. Values are given as
 * they are stored, also before they were: in f16 they are rounded from the first time on.
 */
export class FeatureStore {
  readonly folder: string;
  readonly #request: FeatureStoreRequest;
  readonly #identities: Identities;
  readonly #places = new Map<string, Place>();
  #pending: string[] = [];
  #pendingBytes = 0;

  /** Reads what earlier runs left. */
  constructor(request: FeatureStoreRequest) {
    this.folder = request.folder;
    this.#request = request;
    this.#identities = new Identities(request.pictures);
    mkdirSync(request.folder, { recursive: true });
    for (const shard of readShards(request.folder, request, request.onBroken)) {
      shard.pictures.forEach((identity, row) => {
        this.#identities.learn(identity);
        this.#places.set(identity.sha256, { kind: "shard", shard, row });
      });
    }
  }

  /** Pictures with features. */
  get count(): number {
    return this.#places.size;
  }

  /** True when the features of this file's contents are there. False for a file that cannot be read. */
  async has(file: string): Promise<boolean> {
    const identity = await this.#identities.of(file);
    return identity !== undefined && this.#places.has(identity.sha256);
  }

  /** Puts the features of a file that `has` found into `target`. Throws `FileError` when its shard cannot be read. */
  read(file: string, target: Float32Array): void {
    const place = this.#places.get(this.#identities.known(file).sha256);
    if (place === undefined) throw new RangeError(`no features of ${file}`);
    const data =
      place.kind === "memory" ? place.data : readRow(place.shard, place.row, this.#bytesOf());
    if (this.#request.dtype === "f32") {
      new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(data);
    } else {
      target.set(floatsFromHalves(new Uint16Array(data.buffer, data.byteOffset, target.length)));
    }
  }

  /** Values as they come back once they were stored. */
  rounded(values: Float32Array): Float32Array {
    return this.#request.dtype === "f32" ? values : floatsFromHalves(halvesFromFloats(values));
  }

  /** Takes the features of a file that `has` asked for. Throws `FileError` when a full shard cannot be written. */
  add(file: string, values: Float32Array): void {
    const identity = this.#identities.known(file);
    if (this.#places.has(identity.sha256)) return;
    const stored = this.#request.dtype === "f32" ? values.slice() : halvesFromFloats(values);
    const data = new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength);
    this.#places.set(identity.sha256, { kind: "memory", data, identity });
    this.#pending.push(identity.sha256);
    this.#pendingBytes += data.byteLength;
    if (this.#pendingBytes >= (this.#request.shardBytes ?? 128 * 1024 * 1024)) this.flush();
  }

  /** Writes what is in memory alone. Throws `FileError`; the features then stay in memory. */
  flush(): void {
    const held = this.#pending.flatMap((sha256) => {
      const place = this.#places.get(sha256);
      return place?.kind === "memory" ? [place] : [];
    });
    if (held.length === 0) return;
    const shard = writeShard(this.folder, this.#request, held);
    held.forEach(({ identity }, row) => {
      this.#places.set(identity.sha256, { kind: "shard", shard, row });
    });
    this.#pending = [];
    this.#pendingBytes = 0;
  }

  #bytesOf(): number {
    const { shape, dtype } = this.#request;
    return (dtype === "f16" ? 2 : 4) * shape.reduce((product, size) => product * size, 1);
  }
}
