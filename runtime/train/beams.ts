/** The best finished sequences of one sample, and when to stop looking for better ones. */

/** A finished sequence without its end token, and its score. */
export interface Hypothesis {
  readonly ids: readonly number[];
  /** Sum of log chances divided by length^penalty. */
  readonly score: number;
  readonly isEnded: boolean;
}

export interface BeamSettings {
  readonly beams: number;
  readonly lengthPenalty: number;
  /** Stop as soon as `beams` sequences are finished. */
  readonly stopsEarly: boolean;
}

export class Hypotheses {
  readonly #settings: BeamSettings;
  #kept: Hypothesis[] = [];

  constructor(settings: BeamSettings) {
    this.#settings = settings;
  }

  /** Keeps the sequence when it is among the best `beams`; `length` is what its sum is divided by. */
  add(ids: readonly number[], sum: number, length: number, isEnded: boolean): void {
    const score = sum / length ** this.#settings.lengthPenalty;
    if (this.#kept.length >= this.#settings.beams && score <= this.#worst()) return;
    this.#kept.push({ ids, score, isEnded });
    if (this.#kept.length <= this.#settings.beams) return;
    const worst = this.#worst();
    const at = this.#kept.findIndex((kept) => kept.score === worst);
    this.#kept = this.#kept.filter((_, i) => i !== at);
  }

  /** True when no running sequence can enter: `bestSum` is the greatest running sum, at `length`. */
  isDone(bestSum: number, length: number): boolean {
    if (this.#kept.length < this.#settings.beams) return false;
    if (this.#settings.stopsEarly) return true;
    return this.#worst() >= bestSum / length ** this.#settings.lengthPenalty;
  }

  /** The `count` best, the best first; of equals the later one first. */
  best(count: number): readonly Hypothesis[] {
    return this.#kept
      .map((hypothesis, i) => ({ hypothesis, i }))
      .sort((a, b) => b.hypothesis.score - a.hypothesis.score || b.i - a.i)
      .slice(0, count)
      .map(({ hypothesis }) => hypothesis);
  }

  #worst(): number {
    return Math.min(...this.#kept.map(({ score }) => score));
  }
}
