/** JSON text → Maps, arrays, strings, numbers; stricter than `JSON.parse`: no duplicate keys, no rounded integers, bounded depth. */

/** A parsed value. Objects are Maps, so that `__proto__` is a key like any other. */
export type StrictJson =
  | null
  | boolean
  | number
  | string
  | readonly StrictJson[]
  | ReadonlyMap<string, StrictJson>;

/** What the scanner allows. */
export interface StrictJsonOptions {
  /** Objects and arrays inside each other; deeper text is refused before it is read. */
  readonly maximumDepth: number;
  /** `unsigned`: only `0` or digits without a leading zero, up to 2^53 - 1. `any`: all of JSON's numbers, integers up to 2^53 - 1. */
  readonly numbers: "unsigned" | "any";
}

interface Cursor {
  readonly text: string;
  at: number;
}

const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const unsignedPattern = /^(?:0|[1-9][0-9]*)$/;
const loneSurrogate = /\p{Surrogate}/u;
const integerPattern = /^-?(?:0|[1-9][0-9]*)$/;

/**
 * The value that stands at the start of `text`, and the place after it; what follows is the caller's matter.
 * Throws an Error that names the character's place.
 */
export function scanStrictJson(
  text: string,
  options: StrictJsonOptions,
): { readonly value: StrictJson; readonly end: number } {
  const cursor: Cursor = { text, at: 0 };
  const value = scanValue(cursor, options, 0);
  return { value, end: cursor.at };
}

/** The value that `text` is, with white space around it allowed. Throws an Error that names the character's place. */
export function parseStrictJson(text: string, options: StrictJsonOptions): StrictJson {
  const cursor: Cursor = { text, at: 0 };
  skipSpace(cursor);
  const value = scanValue(cursor, options, 0);
  skipSpace(cursor);
  if (cursor.at < text.length) throw fault(cursor, "the end of the text");
  return value;
}

function scanValue(cursor: Cursor, options: StrictJsonOptions, depth: number): StrictJson {
  const first = cursor.text[cursor.at];
  if (first === "{" || first === "[") {
    if (depth >= options.maximumDepth) {
      throw new Error(`nested deeper than ${options.maximumDepth} at character ${cursor.at}`);
    }
    return first === "{"
      ? scanObject(cursor, options, depth + 1)
      : scanArray(cursor, options, depth + 1);
  }
  if (first === '"') return scanString(cursor);
  for (const [word, value] of words) {
    if (cursor.text.startsWith(word, cursor.at)) {
      cursor.at += word.length;
      return value;
    }
  }
  return scanNumber(cursor, options);
}

const words: readonly (readonly [string, null | boolean])[] = [
  ["null", null],
  ["true", true],
  ["false", false],
];

function scanObject(
  cursor: Cursor,
  options: StrictJsonOptions,
  depth: number,
): ReadonlyMap<string, StrictJson> {
  const entries = new Map<string, StrictJson>();
  cursor.at += 1;
  skipSpace(cursor);
  if (cursor.text[cursor.at] === "}") {
    cursor.at += 1;
    return entries;
  }
  for (;;) {
    const place = cursor.at;
    if (cursor.text[cursor.at] !== '"') throw fault(cursor, "a key in double quotes");
    const key = scanString(cursor);
    if (entries.has(key)) {
      throw new Error(`the key ${JSON.stringify(key)} stands twice, again at character ${place}`);
    }
    skipSpace(cursor);
    expect(cursor, ":");
    skipSpace(cursor);
    entries.set(key, scanValue(cursor, options, depth));
    skipSpace(cursor);
    if (!continues(cursor, "}")) return entries;
  }
}

function scanArray(
  cursor: Cursor,
  options: StrictJsonOptions,
  depth: number,
): readonly StrictJson[] {
  const items: StrictJson[] = [];
  cursor.at += 1;
  skipSpace(cursor);
  if (cursor.text[cursor.at] === "]") {
    cursor.at += 1;
    return items;
  }
  for (;;) {
    items.push(scanValue(cursor, options, depth));
    skipSpace(cursor);
    if (!continues(cursor, "]")) return items;
  }
}

function continues(cursor: Cursor, close: "}" | "]"): boolean {
  if (cursor.text[cursor.at] === close) {
    cursor.at += 1;
    return false;
  }
  expect(cursor, ",");
  skipSpace(cursor);
  return true;
}

function scanNumber(cursor: Cursor, options: StrictJsonOptions): number {
  numberPattern.lastIndex = cursor.at;
  const literal = numberPattern.exec(cursor.text)?.[0];
  if (literal === undefined) throw fault(cursor, "a value");
  if (options.numbers === "unsigned" && !unsignedPattern.test(literal)) {
    throw new Error(
      `${literal} at character ${cursor.at} is not a whole number written in plain digits`,
    );
  }
  const value = Number(literal);
  if (integerPattern.test(literal) && !Number.isSafeInteger(value)) {
    throw new Error(`${literal} at character ${cursor.at} is beyond 2^53 - 1`);
  }
  cursor.at += literal.length;
  return value;
}

function scanString(cursor: Cursor): string {
  const start = cursor.at;
  let end = start + 1;
  for (;;) {
    const unit = cursor.text.charCodeAt(end);
    if (Number.isNaN(unit)) throw new Error(`the string at character ${start} does not end`);
    if (unit < 0x20) throw new Error(`a control character stands in a string at character ${end}`);
    if (unit === 0x22) break;
    end += unit === 0x5c ? 2 : 1;
  }
  cursor.at = end + 1;
  const value = unescaped(cursor.text.slice(start, end + 1), start);
  if (loneSurrogate.test(value)) {
    throw new Error(`half a surrogate pair stands in the string at character ${start}`);
  }
  return value;
}

function unescaped(quoted: string, start: number): string {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw new Error(`a bad escape stands in the string at character ${start}`);
  }
}

function skipSpace(cursor: Cursor): void {
  for (;;) {
    const unit = cursor.text.charCodeAt(cursor.at);
    if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
    cursor.at += 1;
  }
}

function expect(cursor: Cursor, wanted: string): void {
  if (cursor.text[cursor.at] !== wanted) throw fault(cursor, `"${wanted}"`);
  cursor.at += 1;
}

function fault(cursor: Cursor, wanted: string): Error {
  const found = cursor.text[cursor.at];
  const what = found === undefined ? "the text ends" : `${JSON.stringify(found)} stands`;
  return new Error(`${what} at character ${cursor.at} where ${wanted} is due`);
}
