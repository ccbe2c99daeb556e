/** What a run tells whoever watches: plain events, printed by the command line. */

/** Numbers of one optimizer step. */
export interface StepReport {
  /** 1 for the first. */
  readonly step: number;
  readonly total: number;
  /** Weighted sum. */
  readonly loss: number;
  /** Unweighted, by objective. */
  readonly losses: Readonly<Record<string, number>>;
  readonly metrics: Readonly<Record<string, number>>;
  readonly learningRate: number;
  /** Records a second over the last steps. */
  readonly samplesPerSecond: number;
  readonly secondsLeft: number;
}

/** Means over held data. */
export interface Measured {
  /** Weighted sum. */
  readonly loss: number;
  /** Unweighted, by objective. */
  readonly losses: Readonly<Record<string, number>>;
  readonly metrics: Readonly<Record<string, number>>;
  /** How many records were measured. */
  readonly records: number;
}

/** What happens in a run. */
export type RunEvent =
  | { readonly kind: "adapter"; readonly name: string; readonly why: string }
  | { readonly kind: "phase"; readonly text: string }
  /** Something worth knowing that stops nothing. */
  | { readonly kind: "note"; readonly text: string }
  | ({ readonly kind: "step" } & StepReport)
  /** Losses on held data after this step. */
  | ({ readonly kind: "validated"; readonly step: number } & Measured)
  | { readonly kind: "checkpoint"; readonly step: number; readonly path: string }
  | { readonly kind: "resumed"; readonly step: number }
  | {
      readonly kind: "finished";
      readonly step: number;
      readonly seconds: number;
      readonly isStopped: boolean;
    };

/** Receives events as they happen; must not throw. */
export type Watch = (event: RunEvent) => void;

const window = 20;

/** Measures speed over the last steps. */
export class Pace {
  readonly #marks: { readonly time: number; readonly samples: number }[] = [];
  #samples = 0;

  /** Notes that `samples` more records were trained on at `time` (milliseconds). */
  mark(samples: number, time: number): void {
    this.#samples += samples;
    this.#marks.push({ time, samples: this.#samples });
    if (this.#marks.length > window) this.#marks.shift();
  }

  /** Records a second; 0 while unknown. */
  get samplesPerSecond(): number {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (first === undefined || last === undefined || last.time <= first.time) return 0;
    return ((last.samples - first.samples) * 1000) / (last.time - first.time);
  }
}
