/** The contrast of BLIP-2 written as an expression, beside the built-in one and beside LAVIS's numbers. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { EncoderModule } from "../../compiler/1-check/model.ts";
import { Losses } from "../../compiler/2-build/build-losses.ts";
import { StageParts } from "../../compiler/2-build/stage-parts.ts";
import type { Node } from "../../compiler/ir/node.ts";
import { modelOf } from "../support/check-file.ts";
import { measured } from "./comparison.ts";
import { evaluate } from "./evaluate.ts";
import { gradientOutputs, parametersOf } from "./graph.ts";
import { ReferenceCase, strict } from "./reference-case.ts";

const kept = fileURLToPath(new URL("data/qformer-stage1", import.meta.url));
const whole = "../shared/golden/qformer-stage1";
const isWhole = existsSync(join(whole, "tensors.safetensors"));

/** The reference has no picture tower: what it would give is an input. */
class GivenPatches extends StageParts {
  override patches({ tokens, width }: EncoderModule): Node {
    return this.input("vit", [this.binding.batch, tokens, width], "f32", { kind: "given" });
  }
}

function build() {
  const model = modelOf("test/golden/expression-itc.blip");
  const parts = new GivenPatches(model, { batch: 5 }, false);
  const losses = new Losses(parts);
  const loss = (name: string) => losses.loss(model.objectives.get(name)!).loss;
  return {
    b: parts.b,
    builtIn: loss("built_in"),
    written: loss("written"),
    byHand: loss("by_hand"),
  };
}

function givenBy(reference: ReferenceCase): ReadonlyMap<string, ArrayLike<number>> {
  return new Map([
    ["vit", reference.take("inputs/vit_output").data],
    ["caption.ids", reference.take("inputs/input_ids").data],
    ["caption.mask", reference.take("inputs/attention_mask").data],
    ...[...reference.below("weights")].map(([name, { data }]) => [name, data] as const),
  ]);
}

describe("image-text contrast as an expression", () => {
  test("is the built-in objective, node by node, with every gradient: the same bits on any device", () => {
    const { b, builtIn, written, byHand } = build();
    expect(written).toBe(builtIn);
    expect(byHand).not.toBe(builtIn);
    const gradients = (loss: Node) => gradientOutputs(b, "", loss, parametersOf([loss]));
    const expected = gradients(builtIn);
    expect(expected.size).toBeGreaterThan(80);
    expect([...gradients(written).keys()]).toEqual([...expected.keys()]);
    for (const [path, node] of gradients(written)) expect(node).toBe(expected.get(path));
  });

  test("has LAVIS's loss, also when it is made of log-softmax and shares", async () => {
    const reference = new ReferenceCase(kept);
    const given = givenBy(reference);
    const { b, written, byHand } = build();
    const roots = new Map([
      ["written", written],
      ["by_hand", byHand],
    ]);
    const expected = reference.take("out/loss_itc").data[0]!;
    const found = await evaluate(roots, given, b);
    expect([...found.keys()]).toEqual([...roots.keys()]);
    for (const [name, [loss]] of found as ReadonlyMap<string, Float32Array>) {
      const error = Math.abs(loss! - expected);
      expect(measured(name, "loss", error, strict.loss)).toMatchObject({ passed: true });
    }
  }, 300_000);

  test.skipIf(!isWhole)(
    `has LAVIS's gradients${isWhole ? "" : " (skipped: the kept core has those of the sum alone)"}`,
    async () => {
      const reference = new ReferenceCase(whole);
      const given = givenBy(reference);
      for (const name of ["written", "byHand"] as const) {
        const { b, [name]: loss } = build();
        const parameters = parametersOf([loss]);
        const outputs = gradientOutputs(b, "grad_itc", loss, parameters);
        for (const [key, values] of await evaluate(outputs, given, b)) {
          if (reference.has(key)) reference.compareGradient(key, values);
          else expect(key).toMatch(/position_ids|query_tokens/);
        }
      }
      const failed = reference.lines.filter((line) => !("passed" in line && line.passed));
      expect(failed).toEqual([]);
      expect(reference.lines.length).toBeGreaterThan(160);
    },
    300_000,
  );
});
