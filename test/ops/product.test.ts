/** Kernels of matrix products on the device, with and without subgroups, against the reference loops in f64. */
import { describe, test } from "vitest";
import { checkCase } from "./check-kernels.ts";
import { productCases } from "./kernel-cases.ts";

describe.each([
  ["as the device likes it", {}],
  ["without subgroups and f16", { withoutSubgroups: true, withoutF16: true }],
] as const)("%s", (_, lacks) => {
  test.each(productCases.map((row) => [row.name, row] as const))("%s", async (__, row) => {
    await checkCase(row, lacks);
  });
});
