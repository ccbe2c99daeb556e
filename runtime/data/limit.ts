/** A number → a gate that lets so many tasks run at once; the others wait in order. */

/** Runs a task as soon as there is room. */
export type Gate = <T>(task: () => Promise<T>) => Promise<T>;

/** Makes a gate for `most` tasks at a time. */
export function gate(most: number): Gate {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      const following = waiting.shift();
      // The place goes to the next in line; the count stays.
      if (following === undefined) running--;
      else following();
    }
  };
}
