/** Packs on the device: parts stand in one buffer, and one kernel changes them all. */
import { describe, expect, test } from "vitest";
import { differentiate } from "../../../compiler/3-differentiate/differentiate.ts";
import { optimize } from "../../../compiler/4-optimize/optimize.ts";
import { schedule } from "../../../compiler/5-schedule/schedule.ts";
import { emit } from "../../../compiler/6-emit/emit.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { portableTarget } from "../../../compiler/program.ts";

/** Two layers with biases, of which the second stays as it is where `isFrozen`. */
function compiled(accumulate: number, isFrozen = false) {
  const b = new Builder(rules);
  const layer = (name: string, from: number, to: number) => [
    b.parameter(`${name}.weight`, [from, to]),
    b.parameter(`${name}.bias`, [to]),
  ];
  const [first, firstBias] = layer("first", 6, 5);
  const [second, secondBias] = layer("second", 5, 3);
  const hidden = b.tanh(b.add(b.matmul(b.input("x", [4, 6]), first!), firstBias!));
  const error = b.add(b.matmul(hidden, second!), secondBias!);
  const loss = b.mean(b.mul(error, error), [0, 1]);
  const trained = isFrozen ? [first!, firstBias!] : [first!, firstBias!, second!, secondBias!];
  const graphs = differentiate(b, rules, "step", loss, new Map([["loss", loss]]), trained, {
    betas: [0.9, 0.999],
    eps: 1e-8,
    weightDecay: ({ attributes }) => (attributes.shape.length === 2 ? 0.05 : 0),
    clip: 1,
    accumulate,
  });
  const planOf = (graph: typeof graphs.step) =>
    schedule(optimize(graph, b, portableTarget), portableTarget);
  return {
    step: planOf(graphs.step),
    ...(graphs.apply === undefined ? {} : { apply: planOf(graphs.apply) }),
  };
}

describe("an optimizer over packs", () => {
  test("is one dispatch, whatever the settings of its tensors", () => {
    const { step } = compiled(1);
    const changing = step.kernels.filter(({ overwrites }) => overwrites.size > 0);
    expect(changing.map(({ kernel, overwrites }) => [kernel.kind, overwrites.size])).toEqual([
      ["map", 3],
    ]);
    expect(changing[0]).toBe(step.kernels.at(-1));
  });

  test("takes the norm of all gradients in one fold", () => {
    const { step } = compiled(1);
    const folds = step.kernels.filter(
      ({ kernel, reads }) => kernel.kind === "rows" && [...reads].some(({ op }) => op === "pack"),
    );
    expect(folds).toHaveLength(1);
  });

  test("with micro-batches changes the state in one dispatch and clears the gradients in another", () => {
    const { apply } = compiled(2);
    const changing = apply!.kernels.filter(({ overwrites }) => overwrites.size > 0);
    expect(changing.map(({ overwrites }) => overwrites.size)).toEqual([3, 1]);
    expect(apply!.slots.of.size).toBeGreaterThan(0);
    expect([...apply!.slots.of.keys()].some((key) => "op" in key && key.op === "pack")).toBe(false);
  });
});

describe("the state of a pack", () => {
  const { state, buffers, memory } = emit(compiled(1).step);

  test("is one buffer in which each tensor has its name, its shape and its place", () => {
    const weights = state.filter(({ name }) => !name.startsWith("optimizer."));
    expect(weights.map(({ name, shape, offset = 0 }) => [name, shape, offset])).toEqual([
      ["first.weight", [6, 5], 0],
      ["second.weight", [5, 3], 256],
      ["first.bias", [5], 512],
      ["second.bias", [3], 768],
    ]);
    expect(new Set(weights.map(({ buffer }) => buffer)).size).toBe(1);
    expect(buffers[weights[0]!.buffer]!.bytes).toBe(1024);
    expect(memory.state).toBe(3 * 1024);
  });

  test("leaves frozen tensors in buffers of their own", () => {
    const program = emit(compiled(1, true).step);
    const frozen = program.state.filter(({ name }) => name.startsWith("second"));
    expect(frozen.every(({ written, offset }) => !written && offset === undefined)).toBe(true);
    expect(new Set(frozen.map(({ buffer }) => buffer)).size).toBe(2);
  });
});
