/** Every tile that a product can have gives what the reference loops give, and the very bits of the default tile. */
import { describe, expect, test } from "vitest";
import { schedule } from "../../compiler/5-schedule/schedule.ts";
import { productTiles } from "../../compiler/6-emit/matmul.ts";
import type { Node } from "../../compiler/ir/node.ts";
import type { Target } from "../../compiler/program.ts";
import { sharedDevice } from "../support/device.ts";
import { runGraph } from "../support/evaluate.ts";
import { faultsOfRun, type MadeFor } from "./check-kernels.ts";
import { type Draft, draft } from "./draft.ts";

/** Rows, depth, columns: ones, primes, what four divides, and more than any tile. */
const evenSizes = [
  [1, 4, 4],
  [37, 132, 68],
  [131, 20, 260],
] as const;
const oddSizes = [
  [1, 1, 1],
  [3, 131, 5],
  [137, 7, 131],
] as const;
type Sizes = readonly (readonly [number, number, number])[];

/** Operands by how they are stored; the letters as in `productKind`. */
const families: readonly (readonly [string, string, Sizes])[] = [
  ["NN", "f32", evenSizes],
  ["NT", "f32", evenSizes],
  ["TN", "f32", evenSizes],
  ["NT", "f16", evenSizes],
  ["NN", "f32", oddSizes],
];

function products(layout: string, right: string, sizes: Sizes): [Draft, Map<string, Node>] {
  const d = draft(sizes[1]![0]);
  const operand = (name: string, isSwapped: boolean, height: number, width: number): Node => {
    const shape = isSwapped ? [width, height] : [height, width];
    if (name === "left" || right === "f32") {
      const stored = d.parameter(shape);
      return isSwapped ? d.b.swap(stored) : stored;
    }
    const path = `half${d.given.size}`;
    const count = height * width;
    // Eighths are halves without rounding.
    d.given.set(
      path,
      Float64Array.from({ length: count }, () => d.random.integer(-64, 64) / 8),
    );
    const stored = d.b.cast(d.b.parameter(path, shape, { kind: "zeros" }, "f16"), "f32");
    return isSwapped ? d.b.swap(stored) : stored;
  };
  const outputs = new Map(
    sizes.map(([rows, depth, columns]) => [
      `${rows}x${depth}x${columns}`,
      d.b.matmul(
        operand("left", layout[0] === "T", rows, depth),
        operand("right", layout[1] === "T", depth, columns),
      ),
    ]),
  );
  return [d, outputs];
}

/** The most tiles that one of the products can have. */
function countTiles(outputs: ReadonlyMap<string, Node>, target: Target): number {
  const { kernels } = schedule({ name: "products", outputs, updates: [] }, target);
  const counts = kernels.map(({ kernel }) =>
    kernel.kind === "matmul" ? productTiles(kernel, target).length : 0,
  );
  return Math.max(...counts);
}

const ways: readonly (readonly [string, MadeFor])[] = [
  ["as the device likes it", {}],
  ["a small tile a thread", { products: "registers" }],
  ["tiles in workgroup memory", { products: "tiles" }],
];

describe.each(ways)("%s", (_, way) => {
  test.each(families)("%s, %s on the right, sizes %j", async (layout, right, sizes) => {
    const [d, outputs] = products(layout, right, sizes);
    const { target } = await sharedDevice();
    const count = countTiles(outputs, { ...target, ...way });
    expect(count).toBeGreaterThan(1);
    const standard = await runGraph(outputs, d.given, way);
    expect(faultsOfRun(standard, outputs, d)).toEqual([]);
    const texts = new Set([textOf(standard)]);
    for (let tile = 1; tile < count; tile++) {
      const run = await runGraph(outputs, d.given, { ...way, tile });
      expect(faultsOfRun(run, outputs, d)).toEqual([]);
      for (const [name, values] of run.outputs)
        expect(values, `${name} with tile ${tile}`).toEqual(standard.outputs.get(name));
      texts.add(textOf(run));
    }
    // Each tile was one of its own.
    expect(texts.size).toBe(count);
  });
});

const textOf = ({ program }: Awaited<ReturnType<typeof runGraph>>): string =>
  JSON.stringify([program.shaders, program.dispatches]);
