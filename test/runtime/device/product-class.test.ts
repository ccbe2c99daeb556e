/** What adapters report → how products are made on them. */
import { describe, expect, test } from "vitest";
import { matrixFeature, matrixShape, productsOf } from "../../../runtime/device/product-class.ts";

test.each([
  [4, 32_768, true, "lanes"],
  [8, 32_768, true, "lanes"],
  [32, 49_152, false, "tiles"],
  [0, 32_768, false, "tiles"],
  [0, 32_768, true, "registers"],
  [0, 16_384, false, "registers"],
] as const)("%i lanes, %i bytes, software %s: %s", (lanes, bytes, isCpu, products) => {
  expect(productsOf(lanes, bytes, isCpu)).toBe(products);
});

describe("of subgroup matrices", () => {
  const config = (componentType: string, resultComponentType: string, sides: number[]) => {
    const [M, N, K] = sides as [number, number, number];
    return { componentType, resultComponentType, M, N, K };
  };
  const shape = (features: readonly string[], configs: readonly object[]) =>
    matrixShape(
      { features: new Set(features) } as unknown as GPUDevice,
      { subgroupMatrixConfigs: configs } as unknown as GPUAdapterInfo,
    );
  const both = [matrixFeature, "shader-f16"];

  test("the largest of f16 with f32 sums is taken", () => {
    const configs = [
      config("f16", "f32", [16, 8, 16]),
      config("f16", "f32", [16, 16, 16]),
      config("f16", "f16", [32, 32, 32]),
      config("u8", "u32", [16, 16, 32]),
    ];
    expect(shape(both, configs)).toEqual({ rows: 16, columns: 16, depth: 16 });
  });
  test("none is taken without the features or of other kinds", () => {
    const configs = [config("f16", "f32", [16, 16, 16])];
    expect(shape(["shader-f16"], configs)).toBeNull();
    expect(shape([matrixFeature], configs)).toBeNull();
    expect(shape(both, [config("f32", "f32", [8, 8, 8])])).toBeNull();
  });
});
