/** From a checked stage to its programs: which there are, what goes in, what they change. */
import { expect, test } from "vitest";
import { buildStage } from "../../compiler/2-build/build-stage.ts";
import { compileStage } from "../../compiler/compile.ts";
import { type Program, portableTarget } from "../../compiler/program.ts";
import { modelOf } from "../support/check-file.ts";

function compiled(idea: string) {
  const model = modelOf(`test/golden/ideas/${idea}/input.blip`);
  const stage = model.stages.get("learn")!;
  return compileStage(buildStage(model, "learn", { batch: 2 }), stage, portableTarget);
}

const inputs = (program: Program) => program.inputs.map(({ name }) => name);
const written = (program: Program) =>
  program.state.filter((each) => each.written).map(({ name }) => name);
const outputs = (program: Program) => program.outputs.map(({ name }) => name);

test("a step without accumulation is one program, which takes the rates", () => {
  const { step, apply } = compiled("frozen-decoder");
  expect(apply).toBeUndefined();
  expect(inputs(step)).toContain("rates");
  expect(outputs(step)).toEqual(expect.arrayContaining(["loss", "say", "gradient_norm"]));
  expect(new Set(written(step).filter((name) => !name.startsWith("optimizer.")))).toEqual(
    new Set(["query_tokens", "opt_proj.weight", "opt_proj.bias"]),
  );
  expect(step.state.length).toBeGreaterThan(written(step).length + 20);
});

test("with accumulation the step adds gradients, and the other program takes the rates", () => {
  const { step, apply } = compiled("accumulation");
  expect(inputs(step)).not.toContain("rates");
  expect(inputs(apply!)).toEqual(["rates"]);
  expect(written(step).every((name) => name.startsWith("optimizer.gradient."))).toBe(true);
  expect(written(apply!)).toEqual(expect.arrayContaining(written(step)));
  expect(outputs(apply!)).toEqual(["gradient_norm"]);
});
