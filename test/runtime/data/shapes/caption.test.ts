/** Captions and their reading and scoring, over all meanings of the 48 pairs. */
import { describe, expect, it } from "vitest";
import { captionsOf, drawCaption } from "../../../../runtime/data/shapes/caption.ts";
import {
  allMeanings,
  allPairs,
  type Meaning,
  meaningKey,
  type PictureObject,
} from "../../../../runtime/data/shapes/meaning.ts";
import { RandomStream } from "../../../../runtime/data/shapes/random.ts";
import {
  captionShares,
  parseCaption,
  scoreCaption,
} from "../../../../runtime/data/shapes/score.ts";
import { vocabulary } from "../../../../runtime/data/shapes/vocabulary.ts";

const circle: PictureObject = { size: "small", color: "red", shape: "circle" };
const ring: PictureObject = { size: "large", color: "cyan", shape: "ring" };
const above: Meaning = { kind: "two", first: circle, second: ring, axis: "vertical" };
const leftOf: Meaning = { kind: "two", first: circle, second: ring, axis: "horizontal" };
const corner: Meaning = { kind: "one", object: ring, place: "top left" };

describe("captionsOf", () => {
  it("phrases as the grammar says", () => {
    expect(captionsOf(corner)).toEqual([
      "a large cyan ring in the top left",
      "there is a large cyan ring in the top left",
    ]);
    expect(captionsOf(above)).toEqual([
      "a small red circle above a large cyan ring",
      "there is a small red circle above a large cyan ring",
      "a small red circle with a large cyan ring below it",
    ]);
    expect(captionsOf(leftOf)).toEqual([
      "a small red circle left of a large cyan ring",
      "there is a small red circle left of a large cyan ring",
      "a small red circle with a large cyan ring on its right",
    ]);
  });

  it("reads back to its meaning, in at most 12 words of the vocabulary", () => {
    const known = new Set(vocabulary.slice(8));
    const wrong: string[] = [];
    const used = new Set<string>();
    let longest = 0;
    for (const meaning of allMeanings(allPairs)) {
      for (const caption of captionsOf(meaning)) {
        const words = caption.split(" ");
        longest = Math.max(longest, words.length);
        for (const word of words) used.add(word);
        const read = parseCaption(caption);
        if (read === undefined || meaningKey(read) !== meaningKey(meaning)) wrong.push(caption);
      }
    }
    expect(wrong).toEqual([]);
    expect(longest).toBe(12);
    expect(used).toEqual(known);
  });

  it("draws each phrasing equally often", () => {
    const counts = new Map<string, number>();
    for (let index = 0; index < 6000; index += 1) {
      const caption = drawCaption(above, new RandomStream(1, "caption", index));
      counts.set(caption, (counts.get(caption) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([...captionsOf(above)].sort());
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(150);
  });
});

describe("parseCaption", () => {
  it.each([
    ["a large cyan ring below a small red circle", above],
    ["there is a large cyan ring below a small red circle", above],
    ["a large cyan ring with a small red circle above it", above],
    ["a large cyan ring right of a small red circle", leftOf],
    ["a large cyan ring with a small red circle on its left", leftOf],
    ["there is a small red circle with a large cyan ring on its right", leftOf],
    ["  A Large cyan ring in the top left\n", corner],
  ])("reads %s", (caption, meaning) => {
    expect(parseCaption(caption)).toEqual(meaning);
  });

  it.each([
    "",
    "there is",
    "a large cyan ring",
    "a large cyan ring in the top",
    "a large cyan ring in the left top",
    "large cyan ring in the middle",
    "a cyan large ring in the middle",
    "a large cyan ring in the middle middle",
    "a large cyan ring above",
    "a large cyan ring a small red circle",
    "a large cyan ring left a small red circle",
    "a large cyan ring above of a small red circle",
    "a large cyan ring constructor a small red circle",
    "a large cyan ring with a small red circle",
    "a large cyan ring with a small red circle on its below",
    "a large cyan ring above a small red circle above it",
  ])("refuses %j", (caption) => {
    expect(parseCaption(caption)).toBeUndefined();
  });
});

describe("scoreCaption", () => {
  it("gives everything to a right caption in any phrasing", () => {
    const all = { isWhollyRight: true, objects: 2, size: 2, color: 2, shape: 2, relation: 1 };
    for (const caption of captionsOf(above)) expect(scoreCaption(caption, above)).toEqual(all);
    expect(scoreCaption("a large cyan ring below a small red circle", above)).toEqual(all);
    expect(scoreCaption("a large cyan ring in the top left", corner)).toEqual({
      isWhollyRight: true,
      objects: 1,
      size: 1,
      color: 1,
      shape: 1,
      relation: 1,
    });
  });

  it("counts position by position", () => {
    const score = (caption: string) => scoreCaption(caption, above);
    expect(score("a small red square above a large cyan ring")).toEqual({
      isWhollyRight: false,
      objects: 2,
      size: 2,
      color: 2,
      shape: 1,
      relation: 1,
    });
    expect(score("a large cyan ring above a small red circle")).toEqual({
      isWhollyRight: false,
      objects: 2,
      size: 0,
      color: 0,
      shape: 0,
      relation: 1,
    });
    expect(score("a small red circle left of a small blue ring")).toEqual({
      isWhollyRight: false,
      objects: 2,
      size: 1,
      color: 1,
      shape: 2,
      relation: 0,
    });
    expect(scoreCaption("a large cyan ring in the top right", corner)).toEqual({
      isWhollyRight: false,
      objects: 1,
      size: 1,
      color: 1,
      shape: 1,
      relation: 0,
    });
  });

  it("gives nothing for a wrong number of objects or for no caption", () => {
    const nothing = { isWhollyRight: false, objects: 2, size: 0, color: 0, shape: 0, relation: 0 };
    expect(scoreCaption("a small red circle in the middle", above)).toEqual(nothing);
    expect(scoreCaption("a small red circle above", above)).toEqual(nothing);
  });

  it("sums up to shares of objects and of pictures", () => {
    const shares = captionShares([
      scoreCaption("a small red square above a large cyan ring", above),
      scoreCaption("a large cyan ring in the top left", corner),
    ]);
    expect(shares).toEqual({
      pictures: 2,
      whollyRight: 0.5,
      size: 1,
      color: 1,
      shape: 2 / 3,
      relation: 1,
    });
    expect(captionShares([]).whollyRight).toBe(0);
  });
});
