/** Composites and their gradients in one program each, on the device, against the reference loops in f64. */
import { describe, test } from "vitest";
import { gradients } from "../../compiler/3-differentiate/gradients.ts";
import type { Node } from "../../compiler/ir/node.ts";
import { rules } from "../../compiler/ops/index.ts";
import { checkKernels } from "./check-kernels.ts";
import { composites } from "./composites.ts";
import { draft } from "./draft.ts";

describe("a composite and its gradients in one program", () => {
  test.each(composites.map((row) => [row.name, row] as const))("%s", async (name, row) => {
    const d = draft(name.length);
    const y = row.make(d);
    const weights = d.b.constant(
      [...d.random.floats(y.type.shape.reduce((product, size) => product * size, 1))],
      y.type.shape,
    );
    const loss = d.b.sum(
      d.b.mul(y, weights),
      y.type.shape.map((_, axis) => axis),
    );
    const outputs = new Map<string, Node>([
      ["loss", loss],
      ["y", y],
    ]);
    gradients(d.b, rules, loss, d.targets).forEach((slope, i) => {
      outputs.set(`gradient ${i}`, slope!);
    });
    await checkKernels(d, outputs);
  });
});
