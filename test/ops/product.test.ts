/** Kernels of matrix products on the device, with and without subgroups, against the reference loops in f64. */
import { describe, test } from "vitest";
import { checkCase } from "./check-kernels.ts";
import { productCases } from "./kernel-cases.ts";

describe.each([
  ["as the device likes it", false],
  ["without subgroups", true],
] as const)("%s", (_, withoutSubgroups) => {
  test.each(productCases.map((row) => [row.name, row] as const))("%s", async (__, row) => {
    await checkCase(row, withoutSubgroups);
  });
});
