/** Tiles that were measured do not change a bit of a run, and a run that goes on keeps those it began with. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { buildStage } from "../../compiler/2-build/build-stage.ts";
import { productTiles } from "../../compiler/6-emit/matmul.ts";
import { productKind } from "../../compiler/6-emit/product-kind.ts";
import { otherPlans, planStage } from "../../compiler/compile.ts";
import type { ProductTile, ProductTiles, Target } from "../../compiler/program.ts";
import { modelOf } from "../support/check-file.ts";
import { lastCheckpoint, tinyLm, trainFile } from "./train.ts";

const base = mkdtempSync(join(tmpdir(), "blipc-tuned-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** The second or the last tile of every kind of product that the stage has. */
function tilesOf(target: Target, place: 1 | -1): ProductTiles {
  const model = modelOf("test/end-to-end/tiny-lm.blip");
  const stage = [...model.stages.values()][0]!;
  const batch = model.data.get(stage.data.value)!.batch.value / stage.accumulate.value;
  const graphs = buildStage(model, stage.name, { batch });
  const plans = [planStage(graphs, stage, target, []).step, ...otherPlans(graphs, target)];
  const chosen = plans.flatMap(({ kernels }) =>
    kernels.flatMap(({ kernel }): [string, ProductTile][] =>
      kernel.kind === "matmul"
        ? [[productKind(kernel), productTiles(kernel, target).at(place)!]]
        : [],
    ),
  );
  return Object.fromEntries(chosen);
}

const recorded = (folder: string) => JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
const notes = ({ events }: Awaited<ReturnType<typeof trainFile>>) =>
  events.flatMap((event) => (event.kind === "note" ? [event.text] : []));

test("the same bytes, also when what was measured changes on the way", async () => {
  const [plain, tuned] = [join(base, "plain"), join(base, "tuned")];
  let target: Target | undefined;
  await trainFile(tinyLm, plain, {
    onDevice: (device) => {
      target = device.target;
    },
  });
  expect(recorded(plain).tiles).toEqual({});
  const [first, second] = [tilesOf(target!, 1), tilesOf(target!, -1)];
  expect(first).not.toEqual(second);

  await trainFile(tinyLm, tuned, { steps: 5, tilesFor: () => first });
  expect(recorded(tuned).tiles).toEqual(first);
  const used: (ProductTiles | undefined)[] = [];
  const goesOn = await trainFile(tinyLm, tuned, {
    resume: true,
    tilesFor: () => second,
    onDevice: (device) => used.push(device.target.tiles),
  });
  expect(used).toEqual([first]);
  expect(recorded(tuned).tiles).toEqual(first);
  expect(notes(goesOn)).toContain("the run goes on with the tiles of products that it began with");
  expect(lastCheckpoint(tuned).equals(lastCheckpoint(plain))).toBe(true);
});

test("on another adapter the run takes what was measured there, and says where it began", async () => {
  const folder = join(base, "moved");
  await trainFile(tinyLm, folder, { steps: 2 });
  const description = recorded(folder);
  const adapter = { ...description.adapter, driver: "another driver" };
  writeFileSync(join(folder, "run.json"), JSON.stringify({ ...description, adapter }));
  const tiles: ProductTiles = { "a kind that it has not": { products: "registers", rows: 8 } };
  const goesOn = await trainFile(tinyLm, folder, { resume: true, steps: 3, tilesFor: () => tiles });
  expect(recorded(folder).tiles).toEqual(tiles);
  expect(notes(goesOn).join()).toMatch(/began on .* \(another driver\) and goes on on /);
});
