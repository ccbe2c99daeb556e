/** Counts, held-out rule and distribution of meanings; lists and twins. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import {
  allMeanings,
  allPairs,
  drawMeaning,
  followsTrainingRule,
  heldOutPairs,
  isHeldOut,
  type Meaning,
  meaningKey,
  objectsOf,
  sameObject,
  trainingPairs,
} from "../../../../runtime/data/shapes/meaning.ts";
import { RandomStream } from "../../../../runtime/data/shapes/random.ts";
import {
  evaluationSamples,
  pretrainSamples,
  trainingSamples,
} from "../../../../runtime/data/shapes/samples.ts";
import { drawTwin } from "../../../../runtime/data/shapes/twin.ts";

function drawn(rule: "training" | "held-out" | "any", count: number): readonly Meaning[] {
  return Array.from({ length: count }, (_, index) =>
    drawMeaning(rule, new RandomStream(5, "test", index)),
  );
}

const share = <T>(entries: readonly T[], is: (entry: T) => boolean) =>
  entries.filter(is).length / entries.length;

describe("pairs and meanings", () => {
  it("holds out the eight pairs of the design", () => {
    expect(allPairs).toHaveLength(48);
    expect(trainingPairs).toHaveLength(40);
    expect(heldOutPairs.map(({ color, shape }) => `${color} ${shape}`)).toEqual([
      "red circle",
      "green square",
      "blue triangle",
      "yellow diamond",
      "purple cross",
      "orange ring",
      "cyan circle",
      "black square",
    ]);
  });

  it("counts 13,040 different meanings by the training rule", () => {
    const keys = new Set(allMeanings(trainingPairs).map(meaningKey));
    expect(allMeanings(trainingPairs)).toHaveLength(13_040);
    expect(keys.size).toBe(13_040);
  });

  it("draws by the training rule, evenly", () => {
    const meanings = drawn("training", 20_000);
    expect(meanings.every(followsTrainingRule)).toBe(true);
    const possible = new Set(allMeanings(trainingPairs).map(meaningKey));
    expect(meanings.every((meaning) => possible.has(meaningKey(meaning)))).toBe(true);
    expect(share(meanings, (meaning) => meaning.kind === "one")).toBeCloseTo(0.25, 1);
    const two = meanings.filter((meaning) => meaning.kind === "two");
    expect(share(two, (meaning) => meaning.axis === "vertical")).toBeCloseTo(0.5, 1);
    const one = meanings.filter((meaning) => meaning.kind === "one");
    expect(share(one, (meaning) => meaning.place === "middle")).toBeCloseTo(0.2, 1);
    const objects = meanings.flatMap(objectsOf);
    expect(share(objects, (object) => object.size === "large")).toBeCloseTo(0.5, 1);
    for (const pair of trainingPairs) {
      const found = share(objects, (o) => o.color === pair.color && o.shape === pair.shape);
      expect(Math.abs(found - 1 / 40)).toBeLessThan(0.004);
    }
  });

  it("draws held-out pictures with a held-out object in either place", () => {
    const meanings = drawn("held-out", 4000);
    expect(meanings.some(followsTrainingRule)).toBe(false);
    const two = meanings.filter((meaning) => meaning.kind === "two");
    const onlyFirst = share(two, ({ first, second }) => isHeldOut(first) && !isHeldOut(second));
    const onlySecond = share(two, ({ first, second }) => !isHeldOut(first) && isHeldOut(second));
    expect(Math.abs(onlyFirst - 5 / 12)).toBeLessThan(0.03);
    expect(Math.abs(onlySecond - 5 / 12)).toBeLessThan(0.03);
    expect(two.some(({ first, second }) => sameObject(first, second))).toBe(false);
  });
});

describe("lists", () => {
  it("gives evaluation lists of distinct meanings by their rule", () => {
    for (const list of ["held-1", "held-2", "seen"] as const) {
      const samples = evaluationSamples(1, list, 100);
      expect(new Set(samples.map(({ meaning }) => meaningKey(meaning))).size).toBe(100);
      const rule = samples.map(({ meaning }) => followsTrainingRule(meaning));
      expect(rule.every((follows) => follows === (list === "seen"))).toBe(true);
    }
    const keys = (list: "held-1" | "held-2") =>
      evaluationSamples(1, list, 100).map(({ meaning }) => meaningKey(meaning));
    expect(keys("held-1")).not.toEqual(keys("held-2"));
    expect(() => evaluationSamples(1, "seen", 1001)).toThrow(RangeError);
  });

  it("puts a twin directly after each picture for the encoder", () => {
    const samples = pretrainSamples(3, 50);
    expect(samples.map(({ id }) => id).slice(0, 3)).toEqual([
      "pretrain_00000",
      "pretrain_00001",
      "pretrain_00002",
    ]);
    for (let pair = 0; pair < 50; pair += 1) {
      const [picture, twin] = [samples[2 * pair]!, samples[2 * pair + 1]!];
      expect(twin.meaning.kind).toBe(picture.meaning.kind);
      expect(meaningKey(twin.meaning)).not.toBe(meaningKey(picture.meaning));
    }
  });

  it("gives the same meanings and pixels of seed 1 on every machine and in every release", () => {
    const hash = createHash("sha256");
    const lists = [
      trainingSamples(1, 20),
      evaluationSamples(1, "held-1", 20),
      pretrainSamples(1, 5),
    ];
    for (const { meaning, pixels } of lists.flat())
      hash.update(meaningKey(meaning)).update(pixels());
    expect(hash.digest("hex")).toBe(
      "428f8fee80c3c743d27ae4bcdca21dbcf8119d136dbe58033871f701b0a62c5f",
    );
  });

  it("gives a longer list the same beginning", () => {
    const ids = (count: number) =>
      trainingSamples(1, count).map(({ meaning }) => meaningKey(meaning));
    expect(ids(20).slice(0, 5)).toEqual(ids(5));
    expect(trainingSamples(1, 2)[1]!.pixels()).toEqual(trainingSamples(1, 5)[1]!.pixels());
  });
});

describe("twins", () => {
  const changes = (meaning: Meaning, twin: Meaning): string => {
    if (meaning.kind === "one" && twin.kind === "one") {
      return meaning.place === twin.place ? "attribute" : "moved";
    }
    if (meaning.kind !== "two" || twin.kind !== "two") return "kind";
    if (meaning.axis !== twin.axis) return "axis";
    const isSwapped =
      sameObject(meaning.first, twin.second) && sameObject(meaning.second, twin.first);
    return isSwapped ? "swapped" : "attribute";
  };
  const attributesChanged = (meaning: Meaning, twin: Meaning) =>
    objectsOf(meaning).flatMap((object, position) => {
      const other = objectsOf(twin)[position]!;
      return (["size", "color", "shape"] as const).filter((name) => object[name] !== other[name]);
    });

  it("change one thing, keep the training rule, in the shares of the design", () => {
    const pairs = drawn("training", 12_000).map((meaning, index) => ({
      meaning,
      twin: drawTwin(meaning, new RandomStream(5, "twin", index)),
    }));
    const possible = new Set(allMeanings(trainingPairs).map(meaningKey));
    for (const { meaning, twin } of pairs) {
      expect(possible.has(meaningKey(twin))).toBe(true);
      expect(meaningKey(twin)).not.toBe(meaningKey(meaning));
      const change = changes(meaning, twin);
      if (change === "attribute") expect(attributesChanged(meaning, twin)).toHaveLength(1);
      if (change === "moved" || change === "axis") {
        expect(attributesChanged(meaning, twin)).toHaveLength(0);
      }
    }
    const one = pairs.filter(({ meaning }) => meaning.kind === "one");
    const two = pairs.filter(({ meaning }) => meaning.kind === "two");
    const part = (list: typeof pairs, name: string) =>
      share(list, ({ meaning, twin }) => changes(meaning, twin) === name);
    expect(Math.abs(part(one, "moved") - 1 / 3)).toBeLessThan(0.03);
    expect(Math.abs(part(one, "attribute") - 2 / 3)).toBeLessThan(0.03);
    expect(Math.abs(part(two, "swapped") - 0.4)).toBeLessThan(0.03);
    expect(Math.abs(part(two, "axis") - 0.2)).toBeLessThan(0.03);
    expect(Math.abs(part(two, "attribute") - 0.4)).toBeLessThan(0.03);
  });
});
