/** Meaning → its captions. */
import type { Meaning, PictureObject } from "./meaning.ts";
import type { RandomStream } from "./random.ts";

/** "a {size} {color} {shape}". */
function naming(object: PictureObject): string {
  return `a ${object.size} ${object.color} ${object.shape}`;
}

/**
 * The captions of a meaning, each equally likely: two of one object, three of two, the longest of 12 words.
 * Two objects are always named in canonical order.
 */
export function captionsOf(meaning: Meaning): readonly string[] {
  if (meaning.kind === "one") {
    const plain = `${naming(meaning.object)} in the ${meaning.place}`;
    return [plain, `there is ${plain}`];
  }
  const first = naming(meaning.first);
  const second = naming(meaning.second);
  const isVertical = meaning.axis === "vertical";
  const plain = `${first} ${isVertical ? "above" : "left of"} ${second}`;
  return [
    plain,
    `there is ${plain}`,
    `${first} with ${second} ${isVertical ? "below it" : "on its right"}`,
  ];
}

/** One of the captions of a meaning, each equally likely. */
export function drawCaption(meaning: Meaning, random: RandomStream): string {
  return random.pick(captionsOf(meaning));
}
