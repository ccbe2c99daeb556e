/** Meaning → its twin: the meaning with one thing changed, for contrastive batches. */
import {
  colors,
  isHeldOut,
  type Meaning,
  type PictureObject,
  places,
  sameObject,
  shapes,
  sizes,
} from "./meaning.ts";
import type { RandomStream } from "./random.ts";

/** Changes one attribute, each equally likely, to another value that keeps the pair in training. */
function changedObject(object: PictureObject, random: RandomStream): PictureObject {
  const attribute = random.pick(["size", "color", "shape"] as const);
  const variants: readonly PictureObject[] = {
    size: sizes.map((size) => ({ ...object, size })),
    color: colors.map((color) => ({ ...object, color })),
    shape: shapes.map((shape) => ({ ...object, shape })),
  }[attribute];
  return random.pick(
    variants.filter((variant) => !isHeldOut(variant) && !sameObject(variant, object)),
  );
}

/**
 * Draws the twin of a meaning of the training rule; the twin keeps the rule.
 * Two objects: 2/5 swap them, 1/5 turn the axis, 2/5 change one attribute of one of them.
 * One object: 1/3 move it, 2/3 change one attribute.
 */
export function drawTwin(meaning: Meaning, random: RandomStream): Meaning {
  if (meaning.kind === "one") {
    if (random.below(3) > 0) return { ...meaning, object: changedObject(meaning.object, random) };
    return { ...meaning, place: random.pick(places.filter((place) => place !== meaning.place)) };
  }
  const { first, second, axis } = meaning;
  const choice = random.below(5);
  if (choice < 2) return { ...meaning, first: second, second: first };
  if (choice === 2) return { ...meaning, axis: axis === "vertical" ? "horizontal" : "vertical" };
  const changesFirst = random.chance(0.5);
  const [object, other] = changesFirst ? [first, second] : [second, first];
  let changed = changedObject(object, random);
  while (sameObject(changed, other)) changed = changedObject(object, random);
  return changesFirst ? { ...meaning, first: changed } : { ...meaning, second: changed };
}
