/** Tiles that were measured change the texts of products and how they are launched, and nothing else. */
import { describe, expect, test } from "vitest";
import { buildStage } from "../../../compiler/2-build/build-stage.ts";
import { emit } from "../../../compiler/6-emit/emit.ts";
import { productTiles } from "../../../compiler/6-emit/matmul.ts";
import { productKind } from "../../../compiler/6-emit/product-kind.ts";
import { planOf, trainingGraphs } from "../../../compiler/compile.ts";
import {
  type ProductTile,
  type ProductTiles,
  type Program,
  portableTarget,
  type Target,
} from "../../../compiler/program.ts";
import { validateProgram } from "../../../runtime/execute/validate-program.ts";
import { modelOf } from "../../support/check-file.ts";

const targets: Readonly<Record<string, Target>> = {
  lanes: { ...portableTarget, products: "lanes", subgroupSize: 8, deviceClass: "cpu" },
  tiles: { ...portableTarget, products: "tiles", subgroupSize: 32 },
  registers: portableTarget,
};

const model = modelOf("test/golden/ideas/frozen-decoder/input.blip");
const stage = model.stages.get("learn")!;
const graphs = buildStage(model, "learn", { batch: 2 });
const { step } = trainingGraphs(graphs, stage);

/** The step with the last tile of each product that `wanted` picks. */
function tuned(target: Target, wanted: (kind: string) => boolean): [Program, Program] {
  const plan = planOf(step, graphs.builder, target);
  const tiles = plan.kernels.flatMap(({ kernel }): [string, ProductTile][] =>
    kernel.kind === "matmul" && wanted(productKind(kernel))
      ? [[productKind(kernel), productTiles(kernel, target).at(-1)!]]
      : [],
  );
  return [emit(plan), emit({ ...plan, target: { ...target, tiles: Object.fromEntries(tiles) } })];
}

describe.each(Object.entries(targets))("products by %s", (_, target) => {
  test("buffers, memory, order and labels stay; shaders and grids change", () => {
    const [before, after] = tuned(target, () => true);
    const rest = ({ shaders, dispatches, target, ...others }: Program) => ({
      ...others,
      launches: dispatches.map(({ label, buffers, windows }) => ({ label, buffers, windows })),
    });
    expect(rest(after)).toEqual(rest(before));
    expect(after.shaders).not.toEqual(before.shaders);
    const { tiles, ...same } = after.target;
    expect(same).toEqual(before.target);
    expect(Object.keys(tiles!).length).toBeGreaterThan(0);
    expect(validateProgram(JSON.parse(JSON.stringify(after)))).toEqual(after);
    expect(JSON.stringify(tuned(target, () => true)[1])).toBe(JSON.stringify(after));
  });

  test("only products of the kind that was measured change", () => {
    const kinds = Object.keys(tuned(target, () => true)[1].target.tiles!);
    const chosen = kinds[0]!;
    const [before, after] = tuned(target, (kind) => kind === chosen);
    const textOf = ({ shaders, dispatches }: Program) =>
      dispatches.map(({ shader, uniforms, grid }) => ({ text: shaders[shader], uniforms, grid }));
    const changed = textOf(after).filter(
      (launch, index) => JSON.stringify(launch) !== JSON.stringify(textOf(before)[index]),
    );
    const products = planOf(step, graphs.builder, target).kernels.filter(
      ({ kernel }) => kernel.kind === "matmul" && productKind(kernel) === chosen,
    );
    expect(changed).toHaveLength(products.length);
  });

  test("tiles that no product can have are passed over", () => {
    const [before, after] = tuned(target, () => true);
    const broken = Object.keys(after.target.tiles!).map((kind) => [kind, { rows: 1e9 }]);
    const tiles = Object.fromEntries(broken) as unknown as ProductTiles;
    const other = emit(planOf(step, graphs.builder, { ...target, tiles }));
    expect({ ...other, target }).toEqual(before);
  });
});
