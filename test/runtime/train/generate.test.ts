/** Greedy, beam and sampled sequences of a small chain whose chances are known. */
import { describe, expect, it } from "vitest";
import {
  type GenerateOptions,
  generate,
  type NextLogits,
} from "../../../runtime/train/generate.ts";
import {
  noRepeatNgram,
  repetitionPenalty,
  topK,
  topP,
} from "../../../runtime/train/logit-rules.ts";

const end = 3;
/** Chances of the next id after each id: 0 is the start; greedy takes 1, the better whole goes over 2. */
const chain: readonly (readonly number[])[] = [
  [0.01, 0.5, 0.48, 0.01],
  [0.3, 0.3, 0.2, 0.2],
  [0.02, 0.04, 0.04, 0.9],
  [0.25, 0.25, 0.25, 0.25],
];

const next: NextLogits = async (sequences) =>
  sequences.flatMap((ids) => chain[ids.at(-1) ?? 0]!.map(Math.log));

const base: GenerateOptions = {
  vocabulary: 4,
  semantics: "hf-4.45",
  maxLength: 6,
  endId: end,
  padId: 0,
};

async function ids(
  options: Partial<GenerateOptions>,
  start: readonly number[] = [0],
): Promise<readonly number[]> {
  return (await generate(next, [start], { ...base, ...options }))[0]!.ids;
}

describe("generate", () => {
  it("greedy takes the likeliest step, beams find the likelier whole", async () => {
    expect((await ids({})).slice(0, 2)).toEqual([0, 1]);
    expect(await ids({ beams: 3 })).toEqual([0, 2, end]);
  });

  it("a sequence's score is its sum of log chances over its length", async () => {
    const [found] = await generate(next, [[0]], { ...base, beams: 3 });
    expect(found!.score).toBeCloseTo((Math.log(0.48) + Math.log(0.9)) / 2, 12);
    const [older] = await generate(next, [[0]], { ...base, beams: 3, semantics: "hf-4.33" });
    expect(older!.score).toBeCloseTo((Math.log(0.48) + Math.log(0.9)) / 2, 12);
  });

  it("bars the end below the least length and stops at the greatest", async () => {
    const found = await ids({ beams: 3, minLength: 5 });
    expect(found.slice(0, 5).includes(end)).toBe(false);
    expect(found.length).toBe(6);
    expect((await ids({ beams: 3, minLength: 99 })).includes(end)).toBe(false);
  });

  it("gives several sequences of a sample, the best first", async () => {
    const found = await generate(next, [[0], [0]], { ...base, beams: 3, returned: 2 });
    expect(found.map(({ sample }) => sample)).toEqual([0, 0, 1, 1]);
    expect(found[0]!.score).toBeGreaterThan(found[1]!.score);
    expect(found[2]!.ids).toEqual(found[0]!.ids);
  });

  it("samples the same with the same seed, and in the chances of the chain", async () => {
    const draw = (seed: number) => ids({ maxLength: 2, sampling: { seed } });
    expect(await draw(7)).toEqual(await draw(7));
    let ones = 0;
    for (let seed = 0; seed < 400; seed++) if ((await draw(seed))[1] === 1) ones++;
    expect(ones / 400).toBeGreaterThan(0.43);
    expect(ones / 400).toBeLessThan(0.57);
  });

  it("sampling with one token left is greedy", async () => {
    for (let seed = 0; seed < 5; seed++)
      expect(await ids({ maxLength: 2, sampling: { seed, topK: 1 } })).toEqual([0, 1]);
  });

  it("beams may be sampled", async () => {
    const found = await ids({ beams: 2, sampling: { seed: 1, topP: 0.9, temperature: 0.7 } });
    expect(found[0]).toBe(0);
    expect(found.length).toBeGreaterThan(1);
  });
});

describe("rules", () => {
  it("repetition makes seen ids less likely on both sides of zero", () => {
    const scores = Float64Array.of(2, -2, 1);
    repetitionPenalty(scores, [0, 1, 1], 2);
    expect([...scores]).toEqual([1, -4, 1]);
  });

  it("bars the id that would complete a pair a second time", () => {
    const scores = Float64Array.of(0, 0, 0);
    noRepeatNgram(scores, [1, 2, 0, 1], 2);
    expect([...scores]).toEqual([0, 0, Number.NEGATIVE_INFINITY]);
  });

  it("keeps the top, by count or by share", () => {
    const byCount = Float64Array.of(0, 3, 1, 2);
    topK(byCount, 2);
    expect([...byCount].map(Number.isFinite)).toEqual([false, true, false, true]);
    const byShare = Float64Array.from([0.5, 0.3, 0.15, 0.05], Math.log);
    topP(byShare, 0.79);
    expect([...byShare].map(Number.isFinite)).toEqual([true, true, false, false]);
  });
});
