/**
 * Dawn's polling, made gentle: while a promise is pending Dawn re-arms the global `setImmediate`, which keeps one core at
 * 100 %. Here its ticks spin for 0.3 ms after each new wait and then come once a millisecond.
 */

const spinMilliseconds = 0.3;

/** Ticks further apart than this begin a new wait. */
const pauseMilliseconds = 3;

interface Polling {
  users: number;
  readonly original: typeof globalThis.setImmediate;
  spinUntil: number;
  lastTick: number;
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
  if (polling !== undefined) polling.spinUntil = performance.now() + spinMilliseconds;
}

/** Puts the gentle polling in place; counted, so every call needs one `restorePolling`. */
export function installPolling(): void {
  if (polling !== undefined) {
    polling.users += 1;
    return;
  }
  const original = globalThis.setImmediate;
  const state: Polling = { users: 1, original, spinUntil: 0, lastTick: 0 };
  const gentle = (callback: (...values: unknown[]) => void, ...values: unknown[]) => {
    if (!isNative(callback)) return original(callback, ...values);
    const now = performance.now();
    if (now - state.lastTick > pauseMilliseconds && now > state.spinUntil) {
      state.spinUntil = now + spinMilliseconds;
    }
    state.lastTick = now;
    if (now < state.spinUntil) return original(callback, ...values);
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
