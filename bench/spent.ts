/** What some work took of this process: time, processor time and memory touched for the first time. */

/** Milliseconds; `touched` in bytes. */
export interface Spent {
  readonly wall: number;
  readonly user: number;
  readonly system: number;
  /** Of pages that the system gave on first touch. */
  readonly touched: number;
}

/** Bytes of a page. */
const page = 4096;

/** Starts counting: a function that tells what was spent since. */
export function spending(): () => Spent {
  const before = process.resourceUsage();
  const start = performance.now();
  return () => {
    const now = process.resourceUsage();
    return {
      wall: performance.now() - start,
      user: (now.userCPUTime - before.userCPUTime) / 1000,
      system: (now.systemCPUTime - before.systemCPUTime) / 1000,
      touched: (now.minorPageFault - before.minorPageFault) * page,
    };
  };
}

/** Touches so many bytes of fresh memory, one byte a page: what the system itself takes for it. */
export function touchingAfresh(bytes: number): Spent {
  const spent = spending();
  const memory = new Uint8Array(bytes);
  for (let at = 0; at < bytes; at += page) memory[at] = 1;
  return spent();
}
