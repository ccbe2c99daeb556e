/** Products measured on the device: what is found is a tile of the product. */
import { expect, test } from "vitest";
import { productTiles } from "../../../compiler/6-emit/matmul.ts";
import { productKind } from "../../../compiler/6-emit/product-kind.ts";
import type { Target } from "../../../compiler/program.ts";
import { loneProduct, type ProductWork } from "../../../runtime/tune/product-work.ts";
import { tune } from "../../../runtime/tune/tune.ts";
import { sharedDevice } from "../../support/device.ts";

function workOf(layout: "NN" | "NT" | "TN", size: number, target: Target): ProductWork {
  const sizes = { batch: 1, rows: size, depth: size, columns: size };
  const shape = { layout, left: "f32", right: "f32", isShared: false, ...sizes } as const;
  const { kernel } = loneProduct(shape, target);
  return { ...shape, kind: productKind(kernel), operations: 2 * size ** 3 };
}

const now = () => performance.now();

test("each kind is measured against its default, the heaviest first, while there is time", async () => {
  const device = await sharedDevice();
  const works = [workOf("NT", 96, device.target), workOf("TN", 64, device.target)];
  const told: string[] = [];
  const onProduct = ({ kind }: ProductWork) => told.push(kind);
  const { measured, left, tiles } = await tune(device, works, {
    milliseconds: 60_000,
    onProduct,
    now,
  });
  expect(told).toEqual(works.map(({ kind }) => kind));
  expect(left).toEqual([]);
  for (const [
    index,
    { work, standard, best, tile, rounds, refused, ...found },
  ] of measured.entries()) {
    expect(work).toEqual(works[index]);
    const possible = productTiles(loneProduct(work, device.target).kernel, device.target);
    expect(found.tiles).toBe(possible.length);
    expect(refused).toBe(0);
    expect(rounds).toBeGreaterThanOrEqual(1);
    expect(standard).toBeGreaterThan(0);
    expect(tiles[work.kind]).toEqual(tile);
    if (tile === undefined) expect(best).toBe(standard);
    else {
      expect(possible.slice(1)).toContainEqual(tile);
      expect(possible[found.winner]).toEqual(tile);
      expect(best).toBeLessThan(0.98 * standard);
    }
  }
});

test("without time nothing is measured and all is left", async () => {
  const device = await sharedDevice();
  const works = [workOf("NN", 64, device.target)];
  const options = { milliseconds: 0, onProduct: () => expect.unreachable(), now };
  expect(await tune(device, works, options)).toEqual({ measured: [], left: works, tiles: {} });
});
