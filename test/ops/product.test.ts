/** Kernels of matrix products on the device, in every way that it can, against the reference loops in f64. */
import { describe, test } from "vitest";
import { checkCase, type MadeFor } from "./check-kernels.ts";
import { productCases } from "./kernel-cases.ts";

const ways: readonly (readonly [string, MadeFor])[] = [
  ["as the device likes it", {}],
  ["a small tile a thread, without f16", { products: "registers", withoutF16: true }],
  ["tiles in workgroup memory", { products: "tiles" }],
];

describe.each(ways)("%s", (_, madeFor) => {
  test.each(productCases.map((row) => [row.name, row] as const))("%s", async (__, row) => {
    await checkCase(row, madeFor);
  });
});
