/**
 * Dawn's polling, made gentle: while a promise is pending Dawn re-arms the global `setImmediate`, which keeps one core at
 * 100 % and takes it from a software driver. Here its ticks come at once for 0.3 ms after each new wait, then after naps
 * of 0.06 ms, and from 4 ms on once a millisecond.
 */

const spinMilliseconds = 0.3;

/** A timer's millisecond would be long for short steps: up to here the thread naps instead. */
const napUntilMilliseconds = 4;

const napMilliseconds = 0.06;

/** Ticks further apart than this begin a new wait. */
const pauseMilliseconds = 3;

interface Polling {
  users: number;
  readonly original: typeof globalThis.setImmediate;
  /** When the present wait began. */
  start: number;
  lastTick: number;
  readonly nap: Int32Array;
}

let polling: Polling | undefined;

/** Native functions without a name are how Dawn's ticks look; everybody else keeps the real `setImmediate`. */
function isNative(callback: unknown): boolean {
  return (
    typeof callback === "function" &&
    callback.name === "" &&
    Function.prototype.toString.call(callback).includes("[native code]")
  );
}

/** Begins a new spin: call it whenever something new is waited for. */
export function expectSoon(): void {
  if (polling !== undefined) polling.start = performance.now();
}

/** Puts the gentle polling in place; counted, so every call needs one `restorePolling`. */
export function installPolling(): void {
  if (polling !== undefined) {
    polling.users += 1;
    return;
  }
  const original = globalThis.setImmediate;
  const state: Polling = {
    users: 1,
    original,
    start: 0,
    lastTick: 0,
    nap: new Int32Array(new SharedArrayBuffer(4)),
  };
  const gentle = (callback: (...values: unknown[]) => void, ...values: unknown[]) => {
    if (!isNative(callback)) return original(callback, ...values);
    const now = performance.now();
    if (now - state.lastTick > pauseMilliseconds) state.start = Math.max(state.start, now);
    state.lastTick = now;
    const waited = now - state.start;
    if (waited < napUntilMilliseconds) {
      if (waited > spinMilliseconds) Atomics.wait(state.nap, 0, 0, napMilliseconds);
      return original(callback, ...values);
    }
    return setTimeout(callback, 1, ...values);
  };
  // Keeps `util.promisify(setImmediate)` working.
  Object.defineProperties(gentle, Object.getOwnPropertyDescriptors(original));
  globalThis.setImmediate = gentle as unknown as typeof globalThis.setImmediate;
  polling = state;
}

/** Takes the gentle polling away again when its last user leaves. */
export function restorePolling(): void {
  if (polling === undefined) return;
  polling.users -= 1;
  if (polling.users > 0) return;
  globalThis.setImmediate = polling.original;
  polling = undefined;
}
