/** A file, a shard index or a folder → one source of tensors. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { FileError, messageOf } from "./file-error.ts";
import { conversionHint, isPickleName } from "./foreign-format.ts";
import type { TensorInfo } from "./header.ts";
import { openSafetensors, type SafetensorsFile } from "./safetensors.ts";
import { parseStrictJson, type StrictJson } from "./strict-json.ts";
import type { TensorSource } from "./tensor-source.ts";

/** The names that a saved model has in its folder, the first one found is taken. */
const folderEntries = ["model.safetensors.index.json", "model.safetensors"];

/**
 * Opens `x.safetensors`, `x.safetensors.index.json` with its shards beside it, or a folder that holds one of them.
 * Throws `FileError` naming the file at fault.
 */
export function openWeights(path: string): TensorSource {
  let isFolder: boolean;
  try {
    isFolder = statSync(path).isDirectory();
  } catch (thrown) {
    throw new FileError(path, `cannot be opened: ${messageOf(thrown)}`, { cause: thrown });
  }
  const file = isFolder ? entryOf(path) : path;
  return file.endsWith(".json") ? openSharded(file) : openSafetensors(file);
}

function entryOf(folder: string): string {
  const names = readdirSync(folder).sort();
  const known = folderEntries.find((entry) => names.includes(entry));
  if (known !== undefined) return join(folder, known);
  const files = names.filter((name) => name.endsWith(".safetensors"));
  const [only] = files;
  if (only !== undefined && files.length === 1) return join(folder, only);
  if (files.length > 1) {
    throw new FileError(folder, `holds ${files.length} .safetensors files; name one of them`);
  }
  const pickle = names.find(isPickleName);
  const reason = pickle === undefined ? "" : `, only ${pickle}; ${conversionHint}`;
  throw new FileError(folder, `holds no .safetensors file${reason}`);
}

/** Paths of the files that a shard index names, each once, by name. Throws `FileError` for a file that is no index. */
export function shardsOf(index: string): readonly string[] {
  const names = new Set(weightMapOf(index).values());
  return [...names].toSorted().map((name) => join(dirname(index), name));
}

function openSharded(index: string): TensorSource {
  const fileOf = weightMapOf(index);
  const shards = new Map<string, SafetensorsFile>();
  const close = (): void => {
    for (const shard of shards.values()) shard.close();
  };
  try {
    for (const name of new Set(fileOf.values())) {
      shards.set(name, openSafetensors(join(dirname(index), name)));
    }
    return joined(index, fileOf, shards, close);
  } catch (thrown) {
    close();
    throw thrown;
  }
}

function joined(
  index: string,
  fileOf: ReadonlyMap<string, string>,
  shards: ReadonlyMap<string, SafetensorsFile>,
  close: () => void,
): TensorSource {
  const tensors = new Map<string, TensorInfo>();
  for (const [name, file] of fileOf) {
    const tensor = shards.get(file)?.tensors.get(name);
    if (tensor === undefined) {
      throw new FileError(index, `names ${file} for ${JSON.stringify(name)}, which is not in it`);
    }
    tensors.set(name, tensor);
  }
  const shardOf = (name: string): SafetensorsFile => {
    const shard = shards.get(fileOf.get(name) ?? "");
    if (shard === undefined) throw new FileError(index, `has no tensor ${JSON.stringify(name)}`);
    return shard;
  };
  return {
    path: index,
    tensors,
    metadata: new Map(),
    read: (name) => shardOf(name).read(name),
    readInto: (name, target, from) => shardOf(name).readInto(name, target, from),
    readFloat32: (name) => shardOf(name).readFloat32(name),
    readInt32: (name) => shardOf(name).readInt32(name),
    close,
  };
}

function weightMapOf(index: string): ReadonlyMap<string, string> {
  let value: StrictJson;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(index));
    value = parseStrictJson(text, { maximumDepth: 8, numbers: "any" });
  } catch (thrown) {
    throw new FileError(index, `not a shard index: ${messageOf(thrown)}`, { cause: thrown });
  }
  const map = value instanceof Map ? value.get("weight_map") : undefined;
  if (!(map instanceof Map)) throw new FileError(index, 'not a shard index: no "weight_map"');
  const fileOf = new Map<string, string>();
  for (const [name, file] of map) {
    if (typeof file !== "string" || !isPlainName(file)) {
      throw new FileError(
        index,
        `${JSON.stringify(name)} must name a .safetensors file in the same folder`,
      );
    }
    fileOf.set(name, file);
  }
  return fileOf;
}

function isPlainName(file: string): boolean {
  return (
    file === basename(file) &&
    !file.includes("\\") &&
    !file.includes("\0") &&
    file.endsWith(".safetensors")
  );
}
