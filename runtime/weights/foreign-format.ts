/** First bytes of a file → the name of a format that is refused, and how to convert it. */

const signatures: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ["a PyTorch file (zip with a pickle inside)", [0x50, 0x4b, 0x03, 0x04]],
  ["a NumPy array", [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]],
  ["an HDF5 file", [0x89, 0x48, 0x44, 0x46]],
  ["a GGUF file", [0x47, 0x47, 0x55, 0x46]],
  ["a gzip file", [0x1f, 0x8b]],
  ["a pickle", [0x80, 0x00]],
  ["a pickle", [0x80, 0x01]],
  ["a pickle", [0x80, 0x02]],
  ["a pickle", [0x80, 0x03]],
  ["a pickle", [0x80, 0x04]],
  ["a pickle", [0x80, 0x05]],
];

const pickleName = /\.(?:pt|pth|bin|ckpt|pkl|pickle)$/i;

/** How a person turns a pickle into something that cannot run code. */
export const conversionHint =
  "pickles can run code and are never opened here; convert it where it was made: " +
  "python -c \"import torch; from safetensors.torch import save_file; s = torch.load('FILE', map_location='cpu', weights_only=True); " +
  "s = s.get('model', s); save_file({k: v.contiguous() for k, v in s.items()}, 'FILE.safetensors')\"";

/**
 * What the first bytes say the file is, if it is a known format other than safetensors. A safetensors file whose header
 * has 640 bytes begins like a pickle, so a `{` as the ninth byte settles it.
 */
export function foreignFormat(start: Uint8Array): string | undefined {
  if (start[8] === 0x7b) return undefined;
  const found = signatures.find(([, bytes]) => bytes.every((byte, index) => start[index] === byte));
  return found?.[0];
}

/** True where the name alone says that a pickle is likely; only used to add the hint to another error. */
export function isPickleName(file: string): boolean {
  return pickleName.test(file);
}
