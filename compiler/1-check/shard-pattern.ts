/** `pairs-{000..099}.tar` → the names that it stands for. */

/** Names of one pattern at most. */
export const mostShards = 100_000;

/**
 * Ranges in braces count from the first number to the last, with as many digits as the first one is written with, the last
 * range fastest. Undefined for a range that does not count up, for braces that hold none, and for more than `mostShards`.
 */
export function shardNames(pattern: string): readonly string[] | undefined {
  const found = /^([^{}]*)\{(\d{1,9})\.\.(\d{1,9})\}(.*)$/s.exec(pattern);
  if (found === null) return /[{}]/.test(pattern) ? undefined : [pattern];
  const [, before = "", from = "", to = "", after = ""] = found;
  const count = Number(to) - Number(from) + 1;
  const rest = shardNames(after);
  if (rest === undefined || count < 1 || count * rest.length > mostShards) return undefined;
  const numbers = Array.from({ length: count }, (_, index) =>
    String(Number(from) + index).padStart(from.length, "0"),
  );
  return numbers.flatMap((number) => rest.map((end) => before + number + end));
}
