/** A kernel of more numbers than its uniform block holds: those beyond stand in its text. */
import { expect, test } from "vitest";
import { Builder } from "../../compiler/ir/builder.ts";
import type { Node } from "../../compiler/ir/node.ts";
import { rules } from "../../compiler/ops/index.ts";
import { uniformStride } from "../../compiler/program.ts";
import { runGraph } from "../support/evaluate.ts";
import { interpreted } from "../support/interpreted.ts";

test("numbers beyond a full uniform block count like those in it", async () => {
  const b = new Builder(rules);
  const x = b.input("x", [3, 5]);
  const terms = Array.from({ length: 100 }, (_, i): Node => {
    const scaled = b.mul(b.exp(b.mul(x, 0.25 + i / 700)), 1 + i / 3);
    return i === 99 ? b.max(scaled, Number.NEGATIVE_INFINITY) : scaled;
  });
  const outputs = new Map([["y", terms.reduce((sum, term) => b.add(sum, term))]]);
  const given = new Map([["x", Array.from({ length: 15 }, (_, i) => (i - 7) / 5)]]);
  const { program, outputs: found } = await runGraph(outputs, given);
  expect(program.dispatches).toHaveLength(1);
  expect(program.shaders[0]!.uniformWords).toBe(uniformStride / 4);
  const expected = interpreted(outputs, given).get("y")!;
  const largest = Math.max(...expected.map(Math.abs));
  for (const [i, value] of found.get("y")!.entries())
    expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-4 * largest);
});
