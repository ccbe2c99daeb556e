/**
 * Logits of the next token → whole sequences: greedy, sampled, by beams.
 * Length and stop rules are those of transformers 4.33 (which LAVIS pins) or 4.45.
 */
import { type Four, philox } from "../../compiler/philox.ts";
import { Hypotheses, type Hypothesis } from "./beams.ts";
import {
  greatest,
  logSoftmax,
  noRepeatNgram,
  repetitionPenalty,
  softmax,
  temperature,
  topK,
  topP,
} from "./logit-rules.ts";

/**
 * `sequences` have one length; `samples[i]` is the sample that row i belongs to.
 * Gives logits row by row, rows x vocabulary. The number of rows is samples x beams in every call.
 */
export type NextLogits = (
  sequences: readonly (readonly number[])[],
  samples: readonly number[],
) => Promise<ArrayLike<number>>;

/** Which version's way of counting lengths in beam search. */
export type GenerationSemantics = "hf-4.45" | "hf-4.33";

export interface GenerateOptions {
  readonly vocabulary: number;
  readonly semantics: GenerationSemantics;
  /** 1 (default) is greedy or plain sampling. */
  readonly beams?: number;
  /** Of the whole sequence, its start included. */
  readonly maxLength: number;
  /** The end token is barred while the sequence, its start included, is shorter. */
  readonly minLength?: number;
  readonly endId: number;
  readonly padId: number;
  readonly lengthPenalty?: number;
  readonly repetitionPenalty?: number;
  /** No so many ids in a row twice; 0 is off. */
  readonly noRepeatNgram?: number;
  /** Stop a sample as soon as `beams` sequences are finished. */
  readonly stopsEarly?: boolean;
  /** Sequences to give for each sample; at most `beams`. */
  readonly returned?: number;
  /** Draws instead of taking the greatest. */
  readonly sampling?: SamplingOptions;
}

export interface SamplingOptions {
  /** A whole number from 0 to 2^53 - 1. */
  readonly seed: number;
  readonly temperature?: number;
  readonly topK?: number;
  readonly topP?: number;
}

/** A sequence with its start, and with its end token when it has come to one. */
export interface Generated {
  readonly ids: readonly number[];
  /** Sum of log chances over length^penalty; for greedy and sampled sequences 0. */
  readonly score: number;
  readonly sample: number;
}

/** Continues `starts`, one a sample, all of one length (which may be 0). */
export async function generate(
  next: NextLogits,
  starts: readonly (readonly number[])[],
  options: GenerateOptions,
): Promise<readonly Generated[]> {
  if (starts.length === 0) return [];
  return (options.beams ?? 1) === 1
    ? singleSequences(next, starts, options)
    : beamSequences(next, starts, options);
}

async function singleSequences(
  next: NextLogits,
  starts: readonly (readonly number[])[],
  o: GenerateOptions,
): Promise<readonly Generated[]> {
  const sequences = starts.map((start) => [...start]);
  const samples = starts.map((_, i) => i);
  const lengths: (number | undefined)[] = starts.map(() => undefined);
  for (let length = starts[0]!.length; length < o.maxLength; length++) {
    if (lengths.every((end) => end !== undefined)) break;
    const logits = await next(sequences, samples);
    sequences.forEach((sequence, row) => {
      if (lengths[row] !== undefined) {
        sequence.push(o.padId);
        return;
      }
      const scores = rowOf(logits, row, o.vocabulary);
      applyRules(scores, sequence, o);
      const id =
        o.sampling === undefined ? greatest(scores, 1)[0]! : sampled(scores, o, length, row);
      sequence.push(id);
      if (id === o.endId) lengths[row] = sequence.length;
    });
  }
  return sequences.map((ids, sample) => ({ ids: ids.slice(0, lengths[sample]), score: 0, sample }));
}

interface Beam {
  readonly ids: readonly number[];
  /** Sum of log chances. */
  readonly sum: number;
}

interface Candidate {
  readonly beam: number;
  readonly id: number;
  readonly sum: number;
}

interface Search {
  running: readonly Beam[];
  readonly finished: Hypotheses;
  isDone: boolean;
}

async function beamSequences(
  next: NextLogits,
  starts: readonly (readonly number[])[],
  o: GenerateOptions,
): Promise<readonly Generated[]> {
  const beams = o.beams!;
  const { lengthPenalty = 1, stopsEarly = false, returned = 1 } = o;
  const prompt = starts[0]!.length;
  const searches = starts.map(
    (ids): Search => ({
      running: Array.from({ length: beams }, (_, i) => ({ ids, sum: i === 0 ? 0 : -1e9 })),
      finished: new Hypotheses({ beams, lengthPenalty, stopsEarly }),
      isDone: false,
    }),
  );
  const samples = starts.flatMap((_, sample) => new Array<number>(beams).fill(sample));
  for (let length = prompt; length < o.maxLength; length++) {
    if (searches.every(({ isDone }) => isDone)) break;
    const rows = searches.flatMap(({ running }) => running.map(({ ids }) => ids));
    const logits = await next(rows, samples);
    for (const [sample, search] of searches.entries()) {
      const scores = search.running.map((_, i) => rowOf(logits, sample * beams + i, o.vocabulary));
      if (search.isDone) search.running = padded(search.running, o.padId);
      else
        advance(search, candidates(search.running, scores, o, length, sample), length, prompt, o);
    }
  }
  return searches.flatMap((search, sample) => {
    if (!search.isDone)
      for (const { ids, sum } of search.running)
        search.finished.add(ids, sum, ids.length - counted(prompt, o), false);
    return search.finished.best(returned).map((found) => withEnd(found, sample, o));
  });
}

/** Takes the best `beams` candidates on, and keeps those that end. */
function advance(
  search: Search,
  found: readonly Candidate[],
  length: number,
  prompt: number,
  o: GenerateOptions,
): void {
  const beams = o.beams!;
  const running: Beam[] = [];
  const reached = length + 1 - counted(prompt, o);
  for (const [rank, { beam, id, sum }] of found.entries()) {
    const { ids } = search.running[beam]!;
    if (id !== o.endId) running.push({ ids: [...ids, id], sum });
    else if (rank < beams)
      search.finished.add(ids, sum, o.semantics === "hf-4.33" ? length : reached, true);
    if (running.length === beams) break;
  }
  search.running = running;
  search.isDone = search.finished.isDone(found[0]!.sum, reached);
}

/** How much of the start is left out of lengths: 4.33 counts the whole buffer, 4.45 what was generated. */
function counted(prompt: number, o: GenerateOptions): number {
  return o.semantics === "hf-4.33" ? 0 : prompt;
}

/** 2 x beams continuations, the best first. */
function candidates(
  running: readonly Beam[],
  logits: readonly Float64Array[],
  o: GenerateOptions,
  length: number,
  sample: number,
): readonly Candidate[] {
  const all = new Float64Array(running.length * o.vocabulary);
  running.forEach(({ ids, sum }, beam) => {
    const scores = logSoftmax(logits[beam]!);
    applyRules(scores, ids, o);
    if (o.semantics === "hf-4.45") applySampling(scores, o, 2);
    for (let i = 0; i < scores.length; i++) scores[i]! += sum;
    if (o.semantics === "hf-4.33") applySampling(scores, o, 2);
    all.set(scores, beam * o.vocabulary);
  });
  const count = 2 * running.length;
  const chosen =
    o.sampling === undefined ? greatest(all, count) : draws(all, o, length, sample, count);
  return chosen.map((at) => ({
    beam: Math.floor(at / o.vocabulary),
    id: at % o.vocabulary,
    sum: all[at]!,
  }));
}

function rowOf(logits: ArrayLike<number>, row: number, vocabulary: number): Float64Array {
  return Float64Array.from({ length: vocabulary }, (_, i) => logits[row * vocabulary + i]!);
}

function applyRules(scores: Float64Array, ids: readonly number[], o: GenerateOptions): void {
  if ((o.repetitionPenalty ?? 1) !== 1) repetitionPenalty(scores, ids, o.repetitionPenalty!);
  if ((o.noRepeatNgram ?? 0) > 0) noRepeatNgram(scores, ids, o.noRepeatNgram!);
  if (ids.length < (o.minLength ?? 0)) scores[o.endId] = Number.NEGATIVE_INFINITY;
}

function applySampling(scores: Float64Array, { sampling }: GenerateOptions, keep: number): void {
  if (sampling === undefined) return;
  if ((sampling.temperature ?? 1) !== 1) temperature(scores, sampling.temperature!);
  if ((sampling.topK ?? 0) > 0) topK(scores, Math.max(sampling.topK!, keep));
  if ((sampling.topP ?? 1) < 1) topP(scores, sampling.topP!, keep);
}

function sampled(scores: Float64Array, o: GenerateOptions, length: number, row: number): number {
  applySampling(scores, o, 1);
  return draws(scores, o, length, row, 1)[0]!;
}

/** `count` different indices drawn by the chances of their scores, the greatest score first. */
function draws(
  scores: Float64Array,
  o: GenerateOptions,
  length: number,
  row: number,
  count: number,
): number[] {
  const chances = softmax(scores);
  const chosen: number[] = [];
  let left = 1;
  for (let draw = 0; draw < count && left > 0; draw++) {
    let at = unit(o.sampling!.seed, [length, row, draw, 0]) * left;
    let pick = -1;
    for (let i = 0; i < chances.length && at >= 0; i++) {
      if (chances[i] === 0) continue;
      pick = i;
      at -= chances[i]!;
    }
    if (pick < 0) break;
    chosen.push(pick);
    left -= chances[pick]!;
    chances[pick] = 0;
  }
  return chosen.sort((a, b) => scores[b]! - scores[a]! || a - b);
}

/** A number in [0, 1) that depends on seed and counter alone. */
function unit(seed: number, counter: Four): number {
  const [word] = philox(counter, [seed >>> 0, Math.floor(seed / 2 ** 32)]);
  return (word >>> 0) * 2 ** -32;
}

function padded(running: readonly Beam[], padId: number): readonly Beam[] {
  return running.map(({ ids, sum }) => ({ ids: [...ids, padId], sum }));
}

function withEnd(
  { ids, score, isEnded }: Hypothesis,
  sample: number,
  o: GenerateOptions,
): Generated {
  return { ids: isEnded && ids.length < o.maxLength ? [...ids, o.endId] : ids, score, sample };
}
