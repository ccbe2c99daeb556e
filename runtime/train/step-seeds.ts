/** (run seed, count of device runs so far) → the seed that the next run on the device gets. */
import { philox } from "../../compiler/philox.ts";

/** Keeps these draws apart from those of weights and data. */
const purpose = 0x73746570;

/** Where the stream of seeds stands; both are kept in a checkpoint. */
export interface SeedState {
  /** The run's seed, 0 to 2^53 - 1. */
  readonly seed: number;
  /** Seeds given out so far. */
  readonly counter: number;
}

/** Gives out one i32[2] a run of the step program. */
export class StepSeeds {
  readonly seed: number;
  #counter: number;

  constructor(state: SeedState) {
    this.seed = state.seed;
    this.#counter = state.counter;
  }

  get state(): SeedState {
    return { seed: this.seed, counter: this.#counter };
  }

  /** The next seed. */
  next(): Int32Array {
    const seed = seedOf({ seed: this.seed, counter: this.#counter });
    this.#counter += 1;
    return seed;
  }
}

/** The seed at a place of the stream. */
export function seedOf({ seed, counter }: SeedState): Int32Array {
  const key = [seed >>> 0, Math.floor(seed / 2 ** 32)] as const;
  const words = philox([counter >>> 0, Math.floor(counter / 2 ** 32), purpose, 0], key);
  return Int32Array.of(words[0], words[1]);
}
