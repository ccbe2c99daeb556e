/** Programs that are compared and timed: whoever computes something else is out, however fast. */
import { expect, test } from "vitest";
import { emit } from "../../../compiler/6-emit/emit.ts";
import { type Program, portableTarget } from "../../../compiler/program.ts";
import { loneProduct } from "../../../runtime/tune/product-work.ts";
import { race } from "../../../runtime/tune/race.ts";
import { sharedDevice } from "../../support/device.ts";

const size = { batch: 1, rows: 40, depth: 24, columns: 32, isShared: false };
const shape = { layout: "NN", left: "f32", right: "f32", ...size } as const;
const product = emit(loneProduct(shape, portableTarget).plan);

/** The product with another text. */
function changed(from: RegExp, to: string): Program {
  const shaders = product.shaders.map((shader) => ({
    ...shader,
    wgsl: shader.wgsl.replace(from, to),
  }));
  expect(shaders).not.toEqual(product.shaders);
  return { ...product, shaders };
}

const now = () => performance.now();

test("a program that gives other bits is refused, and so is one that the device does not take", async () => {
  const device = await sharedDevice();
  const half = changed(/let product = tile\[r\]/, "let product = 0.5 * tile[r]");
  const broken = changed(/let columns/, "let columns = nothing; let more");
  const same = changed(/fn main/, "// the same in other words\nfn main");
  const found = await race(device, [product, half, broken, same], 1e9, now);
  expect(found).toMatchObject({ tiles: 2, refused: 2 });
  expect([0, 3]).toContain(found.winner);
});

test("after the deadline only what the first needs is done", async () => {
  const device = await sharedDevice();
  const same = changed(/fn main/, "// the same in other words\nfn main");
  const found = await race(device, [product, same], 0, now);
  expect(found).toMatchObject({ tiles: 1, refused: 0, rounds: 1, winner: 0 });
});

test("the first program has to run", async () => {
  const device = await sharedDevice();
  const broken = changed(/let columns/, "let columns = nothing; let more");
  await expect(race(device, [broken], 1e9, now)).rejects.toThrow(/does not compile/);
});
