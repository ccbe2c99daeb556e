/** SentencePiece's precompiled character map (a double-array trie and strings) → a function on text. */

/** Rewrites text: at each place the longest known prefix gives its replacement, else the character stays. */
export type CharactersMap = (text: string) => string;

/**
 * Reads the `precompiled_charsmap` of a sentencepiece model: u32 size of the trie, the trie's u32 units
 * (darts-clone), then zero-terminated UTF-8 replacements. Throws RangeError for a damaged map.
 */
export function charactersMap(bytes: Uint8Array): CharactersMap {
  if (bytes.length === 0) return (text) => text;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const trieBytes = bytes.length < 4 ? -1 : view.getUint32(0, true);
  if (trieBytes < 4 || trieBytes % 4 !== 0 || 4 + trieBytes > bytes.length) {
    throw new RangeError("the tokenizer's character map is damaged");
  }
  const units = new Uint32Array(trieBytes / 4);
  for (let index = 0; index < units.length; index++) {
    units[index] = view.getUint32(4 + index * 4, true);
  }
  const strings = bytes.subarray(4 + trieBytes);
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  return (text) => {
    const source = encoder.encode(text);
    const parts: Uint8Array[] = [];
    let at = 0;
    while (at < source.length) {
      const match = longestMatch(units, source, at);
      if (match === undefined) {
        const length = characterBytes(source[at]!);
        parts.push(source.subarray(at, at + length));
        at += length;
      } else {
        const end = strings.indexOf(0, match.value);
        parts.push(strings.subarray(match.value, end < 0 ? strings.length : end));
        at += match.length;
      }
    }
    return decoder.decode(Buffer.concat(parts));
  };
}

/** Common-prefix search of darts-clone; the longest key that starts at `from`. */
function longestMatch(
  units: Uint32Array,
  source: Uint8Array,
  from: number,
): { readonly length: number; readonly value: number } | undefined {
  let found: { length: number; value: number } | undefined;
  let node = offsetOf(units[0]!);
  for (let at = from; at < source.length; at++) {
    node ^= source[at]!;
    const unit = units[node];
    if (unit === undefined || (unit & 0x800000ff) >>> 0 !== source[at]) return found;
    node ^= offsetOf(unit);
    if ((unit & 0x100) !== 0) found = { length: at + 1 - from, value: units[node]! & 0x7fffffff };
  }
  return found;
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}

function characterBytes(first: number): number {
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}
