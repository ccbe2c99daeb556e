/** Our own faults: a broken invariant is a bug of the compiler or the runtime, never of the user. */
export class InvariantError extends Error {
  override readonly name = "InvariantError";
}

/** Throws an `InvariantError` with `text` unless `condition` holds. */
export function invariant(condition: unknown, text: string | (() => string)): asserts condition {
  if (!condition) throw new InvariantError(typeof text === "string" ? text : text());
}
