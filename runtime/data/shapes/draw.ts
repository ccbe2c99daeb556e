/** Meaning + random numbers → a 48 x 48 picture. */
import {
  type Axis,
  type Meaning,
  objectsOf,
  type PictureObject,
  type Place,
  palette,
  type Shape,
} from "./meaning.ts";
import type { RandomStream } from "./random.ts";

/** Width and height of a picture in pixels. */
export const pictureSide = 48;
/** Width and height in pixels of a cell of the three by three grid; an object never leaves its cell. */
export const cellSide = 16;

/** An object with its place on the picture; lengths in pixels, y down. */
export interface PlacedObject {
  readonly shape: Shape;
  /** Column and row of its cell, 0 to 2. */
  readonly cell: readonly [number, number];
  readonly centerX: number;
  readonly centerY: number;
  readonly radius: number;
  /** sRGB, 8-bit scale, with jitter (may lie just outside 0..255). */
  readonly color: readonly [number, number, number];
}

/** Everything of a picture but its noise. */
export interface Scene {
  /** Grey level of the background, 200 to 235. */
  readonly background: number;
  readonly objects: readonly PlacedObject[];
}

const cellOfPlace: Readonly<Record<Place, readonly [number, number]>> = {
  middle: [1, 1],
  "top left": [0, 0],
  "top right": [2, 0],
  "bottom left": [0, 2],
  "bottom right": [2, 2],
};

const orderedCells = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

/** True when a point, relative to the center and y down, lies inside a shape of the given radius. */
export function isInside(shape: Shape, x: number, y: number, radius: number): boolean {
  const across = Math.abs(x);
  const along = Math.abs(y);
  const squared = x * x + y * y;
  switch (shape) {
    case "circle":
      return squared <= radius * radius;
    case "square":
      return Math.max(across, along) <= 0.86 * radius;
    case "triangle":
      return y >= -radius && y <= 0.8 * radius && across <= (y + radius) / 1.8;
    case "diamond":
      return across + along <= 1.1 * radius;
    case "cross":
      return (
        (across <= 0.34 * radius && along <= radius) || (along <= 0.34 * radius && across <= radius)
      );
    case "ring":
      return squared >= (0.55 * radius) ** 2 && squared <= radius * radius;
  }
}

function drawCells(axis: Axis, random: RandomStream): readonly (readonly [number, number])[] {
  const line = random.below(3);
  const [near, far] = random.pick(orderedCells);
  return axis === "vertical"
    ? [
        [line, near],
        [line, far],
      ]
    : [
        [near, line],
        [far, line],
      ];
}

function placeObject(
  object: PictureObject,
  cell: readonly [number, number],
  random: RandomStream,
): PlacedObject {
  const radius = object.size === "large" ? random.between(6.2, 7) : random.between(3.6, 4.2);
  const jitter = Math.min(1.5, 7.5 - radius);
  const centerX = cellSide * (cell[0] + 0.5) + random.between(-jitter, jitter);
  const centerY = cellSide * (cell[1] + 0.5) + random.between(-jitter, jitter);
  const [red, green, blue] = palette[object.color];
  const color = [
    red + random.between(-12, 12),
    green + random.between(-12, 12),
    blue + random.between(-12, 12),
  ] as const;
  return { shape: object.shape, cell, centerX, centerY, radius, color };
}

/** Chooses background, cells, radii, jitter and colors of a picture with the given meaning. */
export function drawScene(meaning: Meaning, random: RandomStream): Scene {
  const background = random.between(200, 235);
  const cells =
    meaning.kind === "one" ? [cellOfPlace[meaning.place]] : drawCells(meaning.axis, random);
  const objects = objectsOf(meaning).map((object, position) =>
    placeObject(object, cells[position]!, random),
  );
  return { background, objects };
}

/** How many of a pixel's 2 x 2 sub-samples (at .25 and .75) lie inside an object. */
function coverage(object: PlacedObject, column: number, row: number): number {
  let count = 0;
  for (const subRow of [0.25, 0.75]) {
    for (const subColumn of [0.25, 0.75]) {
      const x = column + subColumn - object.centerX;
      const y = row + subRow - object.centerY;
      if (isInside(object.shape, x, y, object.radius)) count += 1;
    }
  }
  return count;
}

/** Scene → levels without noise, [48, 48, 3] row-major, 8-bit scale but not rounded. */
export function paint(scene: Scene): Float64Array {
  const levels = new Float64Array(pictureSide * pictureSide * 3).fill(scene.background);
  for (const object of scene.objects) {
    const reach = 1.1 * object.radius + 1;
    const firstColumn = Math.max(0, Math.floor(object.centerX - reach));
    const lastColumn = Math.min(pictureSide - 1, Math.ceil(object.centerX + reach));
    const firstRow = Math.max(0, Math.floor(object.centerY - reach));
    const lastRow = Math.min(pictureSide - 1, Math.ceil(object.centerY + reach));
    for (let row = firstRow; row <= lastRow; row += 1) {
      for (let column = firstColumn; column <= lastColumn; column += 1) {
        const share = coverage(object, column, row) / 4;
        const offset = (row * pictureSide + column) * 3;
        for (let channel = 0; channel < 3; channel += 1) {
          const below = levels[offset + channel]!;
          levels[offset + channel] = below + (object.color[channel]! - below) * share;
        }
      }
    }
  }
  return levels;
}

/** Draws a picture of the given meaning: RGB bytes, [48, 48, 3] row-major, with noise of ±8 per value. */
export function drawPicture(meaning: Meaning, random: RandomStream): Uint8Array {
  const levels = paint(drawScene(meaning, random));
  const picture = new Uint8Array(levels.length);
  for (let position = 0; position < levels.length; position += 1) {
    const level = Math.round(levels[position]! + random.between(-8, 8));
    picture[position] = Math.min(255, Math.max(0, level));
  }
  return picture;
}
