/** The whole training step of stage 1 at middle size, for a software driver: how many shaders it compiles, how the optimizer runs. */
import { expect, test } from "vitest";
import { compileStageStep } from "../../bench/stages/stage-step.ts";
import type { Target } from "../../compiler/program.ts";

/** What Mesa's lavapipe reports. */
const lavapipe: Target = {
  subgroupSize: 8,
  deviceClass: "cpu",
  products: "lanes",
  matrices: null,
  shaderF16: true,
  maxStorageBuffersPerShaderStage: 16,
  maxStorageBufferBindingSize: 134_217_728,
  maxBufferSize: 4_294_967_295,
  maxComputeInvocationsPerWorkgroup: 1024,
  maxComputeWorkgroupsPerDimension: 65_535,
};

test("stage 1 at middle size: few shaders, and AdamW is one dispatch of one shader a pack", () => {
  const request = { file: "bench/stages/stage1.blip", batch: 4, words: 32 };
  const { program } = compileStageStep(request, lavapipe);
  expect(program.shaders.length).toBeLessThanOrEqual(125);
  const moments = program.buffers.flatMap(({ kind, name }, index) =>
    kind === "state" && name.startsWith("optimizer.first_moment.") ? [index] : [],
  );
  const changing = program.dispatches.filter(({ buffers }) =>
    buffers.some((buffer) => moments.includes(buffer)),
  );
  expect(changing).toHaveLength(moments.length);
  expect(new Set(changing.map(({ shader }) => shader)).size).toBe(1);
  // 401 MB of trained tensors, 128 MiB a pack.
  expect(moments.length).toBe(4);
});
