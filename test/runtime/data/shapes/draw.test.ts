/** Pictures: shapes as described, inside their cells, the same for the same numbers. */
import { describe, expect, it } from "vitest";
import {
  cellSide,
  drawPicture,
  drawScene,
  isInside,
  paint,
  pictureSide,
} from "../../../../runtime/data/shapes/draw.ts";
import {
  drawMeaning,
  type Meaning,
  type Shape,
  shapes,
} from "../../../../runtime/data/shapes/meaning.ts";
import { RandomStream } from "../../../../runtime/data/shapes/random.ts";

/** Share of a square of side 2 x radius around the center that a shape fills, and its centroid's height. */
function filled(shape: Shape): { readonly area: number; readonly height: number } {
  let count = 0;
  let sum = 0;
  const steps = 400;
  for (let row = 0; row < steps; row += 1) {
    for (let column = 0; column < steps; column += 1) {
      const y = ((row + 0.5) / steps) * 3 - 1.5;
      const x = ((column + 0.5) / steps) * 3 - 1.5;
      if (isInside(shape, 10 * x, 10 * y, 10)) {
        count += 1;
        sum += y;
      }
    }
  }
  return { area: (count * 9) / steps ** 2, height: sum / count };
}

describe("isInside", () => {
  it("fills the areas that the formulas give for radius 1", () => {
    const expected: Readonly<Record<Shape, number>> = {
      circle: Math.PI,
      square: (2 * 0.86) ** 2,
      triangle: 1.8,
      diamond: 2 * 1.1 ** 2,
      cross: 2 * 0.68 * 2 - 0.68 ** 2,
      ring: Math.PI * (1 - 0.55 ** 2),
    };
    for (const shape of shapes) {
      expect(Math.abs(filled(shape).area - expected[shape]), shape).toBeLessThan(0.03);
    }
  });

  it("draws the triangle's apex up and everything else balanced", () => {
    for (const shape of shapes) {
      const { height } = filled(shape);
      if (shape === "triangle") expect(height).toBeGreaterThan(0.15);
      else expect(Math.abs(height)).toBeLessThan(0.01);
    }
  });
});

describe("drawPicture", () => {
  const meanings = Array.from({ length: 1500 }, (_, index) =>
    drawMeaning("any", new RandomStream(2, "meaning", index)),
  );

  it("keeps every object in its cell, radii and background within bounds", () => {
    for (const [index, meaning] of meanings.entries()) {
      const scene = drawScene(meaning, new RandomStream(2, "picture", index));
      expect(scene.background >= 200 && scene.background < 235).toBe(true);
      const cells = scene.objects.map(({ cell }) => cell.join());
      expect(new Set(cells).size).toBe(scene.objects.length);
      const levels = paint(scene);
      let outside = 0;
      for (let row = 0; row < pictureSide; row += 1) {
        for (let column = 0; column < pictureSide; column += 1) {
          const cell = `${Math.floor(column / cellSide)},${Math.floor(row / cellSide)}`;
          const level = levels[(row * pictureSide + column) * 3];
          if (!cells.includes(cell) && level !== scene.background) outside += 1;
        }
      }
      expect(outside).toBe(0);
      for (const [position, object] of scene.objects.entries()) {
        const described =
          meaning.kind === "one" ? meaning.object : [meaning.first, meaning.second][position]!;
        const [low, high] = described.size === "large" ? [6.2, 7] : [3.6, 4.2];
        expect(object.radius >= low && object.radius < high).toBe(true);
        expect(object.shape).toBe(described.shape);
      }
    }
  });

  it("puts objects where the meaning says", () => {
    for (const [index, meaning] of meanings.entries()) {
      const { objects } = drawScene(meaning, new RandomStream(2, "picture", index));
      const [first, second] = objects;
      if (meaning.kind === "one") {
        const [column, row] = first!.cell;
        const across = ["left", "", "right"][column];
        const along = ["top", "", "bottom"][row];
        expect(meaning.place).toBe(column === 1 && row === 1 ? "middle" : `${along} ${across}`);
      } else if (meaning.axis === "vertical") {
        expect(first!.cell[0]).toBe(second!.cell[0]);
        expect(first!.centerY).toBeLessThan(second!.centerY);
      } else {
        expect(first!.cell[1]).toBe(second!.cell[1]);
        expect(first!.centerX).toBeLessThan(second!.centerX);
      }
    }
  });

  it("shows the color with noise of at most 8 and jitter of at most 12", () => {
    const meaning: Meaning = {
      kind: "one",
      object: { size: "large", color: "purple", shape: "circle" },
      place: "bottom left",
    };
    const centers = [0, 1, 2].map((channel) => (40 * pictureSide + 8) * 3 + channel);
    const values = Array.from({ length: 300 }, (_, index) =>
      drawPicture(meaning, new RandomStream(9, "color", index)),
    ).map((picture) => centers.map((position) => picture[position]!));
    for (const [channel, level] of [135, 60, 175].entries()) {
      const column = values.map((value) => value[channel]!);
      expect(Math.max(...column.map((value) => Math.abs(value - level)))).toBeLessThanOrEqual(20);
      expect(Math.max(...column) - Math.min(...column)).toBeGreaterThan(25);
      const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
      expect(Math.abs(mean - level)).toBeLessThan(2);
    }
  });

  it("gives the same bytes for the same numbers, others for others", () => {
    const meaning = meanings[0]!;
    const draw = (seed: number) => drawPicture(meaning, new RandomStream(seed, "same", 4));
    expect(draw(1)).toHaveLength(48 * 48 * 3);
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
  });
});
