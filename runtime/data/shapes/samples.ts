/** (seed, list) → the pictures of a list: their meanings, and their pixels when asked. */
import { drawPicture } from "./draw.ts";
import { drawMeaning, type Meaning, meaningKey, type PairRule } from "./meaning.ts";
import { RandomStream } from "./random.ts";
import { drawTwin } from "./twin.ts";

/** One picture of a list. */
export interface Sample {
  /** For instance "held-1_00007". */
  readonly id: string;
  readonly meaning: Meaning;
  /** Draws the picture: RGB bytes, [48, 48, 3]; the same bytes at each call. */
  readonly pixels: () => Uint8Array;
}

/** Lists of pictures for evaluation: two with a held-out pair in each picture, one of training pairs only. */
export const evaluationLists = ["held-1", "held-2", "seen"] as const;
/** Name of an evaluation list. */
export type EvaluationList = (typeof evaluationLists)[number];

function sample(seed: number, list: string, index: number, meaning: Meaning): Sample {
  return {
    id: `${list}_${String(index).padStart(5, "0")}`,
    meaning,
    pixels: () => drawPicture(meaning, new RandomStream(seed, `${list}/picture`, index)),
  };
}

/** The training pictures; a longer list begins with the shorter one. */
export function trainingSamples(seed: number, count: number): readonly Sample[] {
  return Array.from({ length: count }, (_, index) => {
    const meaning = drawMeaning("training", new RandomStream(seed, "train/meaning", index));
    return sample(seed, "train", index, meaning);
  });
}

/** Most pictures of an evaluation list, so that rejecting repeated meanings stays quick. */
export const mostEvaluationPictures = 1000;

/**
 * An evaluation list with pairwise distinct meanings.
 * @throws RangeError above 1,000 pictures
 */
export function evaluationSamples(
  seed: number,
  list: EvaluationList,
  count: number,
): readonly Sample[] {
  if (count > mostEvaluationPictures) {
    throw new RangeError(`at most ${mostEvaluationPictures} evaluation pictures, not ${count}`);
  }
  const rule: PairRule = list === "seen" ? "training" : "held-out";
  const meanings = new Map<string, Meaning>();
  for (let attempt = 0; meanings.size < count; attempt += 1) {
    const meaning = drawMeaning(rule, new RandomStream(seed, `${list}/meaning`, attempt));
    const key = meaningKey(meaning);
    if (!meanings.has(key)) meanings.set(key, meaning);
  }
  return [...meanings.values()].map((meaning, index) => sample(seed, list, index, meaning));
}

/**
 * Pictures for the encoder's contrastive pre-training: 2 x `pairs` entries, each training-rule picture directly
 * followed by its twin, which is drawn anew (own cells, radii, colors and noise).
 */
export function pretrainSamples(seed: number, pairs: number): readonly Sample[] {
  return Array.from({ length: pairs }, (_, pair) => {
    const meaning = drawMeaning("training", new RandomStream(seed, "pretrain/meaning", pair));
    const twin = drawTwin(meaning, new RandomStream(seed, "pretrain/twin", pair));
    return [
      sample(seed, "pretrain", 2 * pair, meaning),
      sample(seed, "pretrain", 2 * pair + 1, twin),
    ];
  }).flat();
}
