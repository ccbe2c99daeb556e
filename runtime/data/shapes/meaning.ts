/** What a picture of the "shapes" data set shows: its types, the held-out rule, and how one is drawn. */
import type { RandomStream } from "./random.ts";

/** The two sizes. */
export const sizes = ["small", "large"] as const;
/** The eight colors by index. */
export const colors = [
  "red",
  "green",
  "blue",
  "yellow",
  "purple",
  "orange",
  "cyan",
  "black",
] as const;
/** The six shapes by index. */
export const shapes = ["circle", "square", "triangle", "diamond", "cross", "ring"] as const;
/** Where a lone object can be. */
export const places = ["middle", "top left", "top right", "bottom left", "bottom right"] as const;
/** How two objects lie: the first above the second, or the first left of the second. */
export const axes = ["vertical", "horizontal"] as const;

/** A size word. */
export type Size = (typeof sizes)[number];
/** A color word. */
export type Color = (typeof colors)[number];
/** A shape word. */
export type Shape = (typeof shapes)[number];
/** A place in words. */
export type Place = (typeof places)[number];
/** How two objects lie. */
export type Axis = (typeof axes)[number];

/** sRGB of each color, 8 bit, before the jitter of a drawing. */
export const palette: Readonly<Record<Color, readonly [number, number, number]>> = {
  red: [215, 45, 45],
  green: [45, 160, 70],
  blue: [45, 85, 215],
  yellow: [240, 215, 50],
  purple: [135, 60, 175],
  orange: [245, 135, 35],
  cyan: [60, 205, 215],
  black: [35, 35, 35],
};

/** A color with a shape. */
export interface Pair {
  readonly color: Color;
  readonly shape: Shape;
}

/** One object of a picture. */
export interface PictureObject extends Pair {
  readonly size: Size;
}

/** A picture of one object. */
export interface OneObject {
  readonly kind: "one";
  readonly object: PictureObject;
  readonly place: Place;
}

/** A picture of two objects in canonical order: `first` is the upper or the left one. */
export interface TwoObjects {
  readonly kind: "two";
  readonly first: PictureObject;
  readonly second: PictureObject;
  readonly axis: Axis;
}

/** What a picture shows. */
export type Meaning = OneObject | TwoObjects;

/** Which pairs a picture may show: none held out, at least one held out, or any of the 48. */
export type PairRule = "training" | "held-out" | "any";

/** True for the eight pairs that training never shows: color index c with shape index c mod 6. */
export function isHeldOut(pair: Pair): boolean {
  return shapes.indexOf(pair.shape) === colors.indexOf(pair.color) % shapes.length;
}

/** All 48 pairs, colors outermost. */
export const allPairs: readonly Pair[] = colors.flatMap((color) =>
  shapes.map((shape) => ({ color, shape })),
);
/** The 40 pairs of training. */
export const trainingPairs: readonly Pair[] = allPairs.filter((pair) => !isHeldOut(pair));
/** The 8 pairs held out of training. */
export const heldOutPairs: readonly Pair[] = allPairs.filter(isHeldOut);

/** True when both objects have the same size, color and shape. */
export function sameObject(left: PictureObject, right: PictureObject): boolean {
  return left.size === right.size && left.color === right.color && left.shape === right.shape;
}

/** The objects of a picture in canonical order. */
export function objectsOf(meaning: Meaning): readonly PictureObject[] {
  return meaning.kind === "one" ? [meaning.object] : [meaning.first, meaning.second];
}

/** True when no object of the picture is a held-out pair. */
export function followsTrainingRule(meaning: Meaning): boolean {
  return !objectsOf(meaning).some(isHeldOut);
}

/** A text that two meanings share exactly when they are equal. */
export function meaningKey(meaning: Meaning): string {
  const names = objectsOf(meaning).map(
    (object) => `${object.size} ${object.color} ${object.shape}`,
  );
  return [...names, meaning.kind === "one" ? meaning.place : meaning.axis].join(" | ");
}

function drawObject(pairs: readonly Pair[], random: RandomStream): PictureObject {
  const size = random.pick(sizes);
  const { color, shape } = random.pick(pairs);
  return { size, color, shape };
}

/**
 * Draws a meaning: one object with probability 1/4, two otherwise; sizes, pairs, places and axes uniform.
 * Under "held-out" one object is of the 8 pairs, the other of all 48, in either order.
 */
export function drawMeaning(rule: PairRule, random: RandomStream): Meaning {
  const pairs = { training: trainingPairs, "held-out": heldOutPairs, any: allPairs }[rule];
  const otherPairs = rule === "training" ? trainingPairs : allPairs;
  if (random.chance(0.25)) {
    const object = drawObject(pairs, random);
    return { kind: "one", object, place: random.pick(places) };
  }
  const axis = random.pick(axes);
  const chosen = drawObject(pairs, random);
  let other = drawObject(otherPairs, random);
  while (sameObject(chosen, other)) other = drawObject(otherPairs, random);
  const isSwapped = rule === "held-out" && random.chance(0.5);
  const [first, second] = isSwapped ? [other, chosen] : [chosen, other];
  return { kind: "two", first, second, axis };
}

/** Every meaning whose pairs are all of `pairs`: 13,040 for the training pairs. */
export function allMeanings(pairs: readonly Pair[]): readonly Meaning[] {
  const objects = sizes.flatMap((size) => pairs.map((pair) => ({ size, ...pair })));
  const single = objects.flatMap((object) =>
    places.map((place): Meaning => ({ kind: "one", object, place })),
  );
  const double = objects.flatMap((first) =>
    objects
      .filter((second) => !sameObject(first, second))
      .flatMap((second) => axes.map((axis): Meaning => ({ kind: "two", first, second, axis }))),
  );
  return [...single, ...double];
}
