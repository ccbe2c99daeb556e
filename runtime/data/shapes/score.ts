/** Caption → meaning, and how much of a picture's meaning a caption tells. */
import {
  type Color,
  colors,
  type Meaning,
  meaningKey,
  objectsOf,
  type PictureObject,
  type Place,
  places,
  type Shape,
  type Size,
  shapes,
  sizes,
} from "./meaning.ts";

const isSize = (word: string | undefined): word is Size => sizes.some((size) => size === word);
const isColor = (word: string | undefined): word is Color => colors.some((name) => name === word);
const isShape = (word: string | undefined): word is Shape => shapes.some((name) => name === word);
const isPlace = (text: string): text is Place => places.some((place) => place === text);

type Relation = "above" | "below" | "left of" | "right of";

/** Between the objects ("A above B"), and after the second one ("A with B below it": A is above B). */
const between: ReadonlyMap<string, Relation> = new Map([
  ["above", "above"],
  ["below", "below"],
  ["left of", "left of"],
  ["right of", "right of"],
]);
const afterSecond: ReadonlyMap<string, Relation> = new Map([
  ["below it", "above"],
  ["above it", "below"],
  ["on its right", "left of"],
  ["on its left", "right of"],
]);

function twoObjects(left: PictureObject, relation: Relation, right: PictureObject): Meaning {
  const isForward = relation === "above" || relation === "left of";
  const axis = relation === "above" || relation === "below" ? "vertical" : "horizontal";
  const [first, second] = isForward ? [left, right] : [right, left];
  return { kind: "two", first, second, axis };
}

/** The object named by the four words from `start`. */
function objectAt(words: readonly string[], start: number): PictureObject | undefined {
  const [article, size, color, shape] = words.slice(start, start + 4);
  if (article !== "a" || !isSize(size) || !isColor(color) || !isShape(shape)) return undefined;
  return { size, color, shape };
}

/**
 * Reads a caption in any phrasing of the grammar, also mirrored ("below", "right of", "above it",
 * "on its left"), each with or without "there is"; undefined when it is not of the grammar.
 * Case and spacing do not matter.
 */
export function parseCaption(caption: string): Meaning | undefined {
  const all = caption.toLowerCase().split(/\s+/).filter(Boolean);
  const words = all[0] === "there" && all[1] === "is" ? all.slice(2) : all;
  const first = objectAt(words, 0);
  if (first === undefined) return undefined;
  const rest = words.slice(4);
  if (rest[0] === "in" && rest[1] === "the") {
    const place = rest.slice(2).join(" ");
    return isPlace(place) ? { kind: "one", object: first, place } : undefined;
  }
  if (rest[0] === "with") {
    const second = objectAt(rest, 1);
    const relation = afterSecond.get(rest.slice(5).join(" "));
    return second && relation && twoObjects(first, relation, second);
  }
  const second = objectAt(rest, rest.length - 4);
  const relation = between.get(rest.slice(0, -4).join(" "));
  return second && relation && twoObjects(first, relation, second);
}

/** What of one picture a caption says rightly. */
export interface CaptionScore {
  /** The caption's meaning equals the picture's. */
  readonly isWhollyRight: boolean;
  /** Objects of the picture, 1 or 2: the most that `size`, `color` and `shape` can be. */
  readonly objects: number;
  /** Objects whose size is right, compared position by position in canonical order. */
  readonly size: number;
  readonly color: number;
  readonly shape: number;
  /** 1 when the place (one object) or the axis (two objects) is right, otherwise 0. */
  readonly relation: number;
}

/** Scores a caption; every count is 0 when it cannot be read or names the wrong number of objects. */
export function scoreCaption(caption: string, truth: Meaning): CaptionScore {
  const said = parseCaption(caption);
  const objects = objectsOf(truth);
  if (said === undefined || said.kind !== truth.kind) {
    const nothing = { size: 0, color: 0, shape: 0, relation: 0 };
    return { isWhollyRight: false, objects: objects.length, ...nothing };
  }
  const named = objectsOf(said);
  const count = (attribute: "size" | "color" | "shape") =>
    objects.filter((object, position) => object[attribute] === named[position]?.[attribute]).length;
  const relationOf = (meaning: Meaning) => (meaning.kind === "one" ? meaning.place : meaning.axis);
  return {
    isWhollyRight: meaningKey(said) === meaningKey(truth),
    objects: objects.length,
    size: count("size"),
    color: count("color"),
    shape: count("shape"),
    relation: relationOf(said) === relationOf(truth) ? 1 : 0,
  };
}

/** Shares of 0 to 1 over a list of pictures. */
export interface CaptionShares {
  readonly pictures: number;
  /** Of the pictures. */
  readonly whollyRight: number;
  /** Of the objects of all pictures. */
  readonly size: number;
  readonly color: number;
  readonly shape: number;
  /** Of the pictures. */
  readonly relation: number;
}

/** Sums up scores; every share of an empty list is 0. */
export function captionShares(scores: readonly CaptionScore[]): CaptionShares {
  const sum = (value: (score: CaptionScore) => number) =>
    scores.reduce((total, score) => total + value(score), 0);
  const pictures = Math.max(1, scores.length);
  const objects = Math.max(
    1,
    sum((score) => score.objects),
  );
  return {
    pictures: scores.length,
    whollyRight: sum((score) => (score.isWhollyRight ? 1 : 0)) / pictures,
    size: sum((score) => score.size) / objects,
    color: sum((score) => score.color) / objects,
    shape: sum((score) => score.shape) / objects,
    relation: sum((score) => score.relation) / pictures,
  };
}
