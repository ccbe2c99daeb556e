/** Which attention keeps its kernel, by size, device and gradient; every way has the same values. */
import { describe, expect, test } from "vitest";
import { gradients } from "../../../compiler/3-differentiate/gradients.ts";
import { chooseAttention } from "../../../compiler/4-optimize/attention.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { type Node, reachable } from "../../../compiler/ir/node.ts";
import { elements } from "../../../compiler/ir/tensor-type.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { portableTarget, type Target } from "../../../compiler/program.ts";
import { seeded } from "../../support/random.ts";

const software: Target = {
  ...portableTarget,
  subgroupSize: 8,
  deviceClass: "cpu",
  maxStorageBuffersPerShaderStage: 16,
};

/** `tokens` queries and keys of width 2; with their adjoints where it `trains`. */
function attended(b: Builder, tokens: number, trains: boolean, isMasked: boolean): Node[] {
  const [queries, keys, values] = ["q", "k", "v"].map((name) =>
    b.parameter(name, [1, 1, tokens, 2]),
  ) as [Node, Node, Node];
  // The first query sees nothing.
  const visible = b.less(b.iota([tokens, tokens], 1), b.iota([tokens, tokens], 0));
  const mixed = b.attention(queries, keys, values, {
    scale: 0.7,
    ...(isMasked ? { visible } : {}),
  });
  if (!trains) return [mixed];
  const adjoint = b.input("adjoint", mixed.type.shape);
  const adjoints = gradients(b, rules, mixed, [queries, keys, values], adjoint);
  return [mixed, ...adjoints.map((each) => each!)];
}

function chosen(b: Builder, roots: readonly Node[], target: Target): Node[] {
  const outputs = new Map(roots.map((root, i) => [`${i}`, root]));
  return [...chooseAttention({ name: "g", outputs, updates: [] }, b, target).outputs.values()];
}

const narrow = { ...software, maxStorageBuffersPerShaderStage: 8 };

describe("forward and backward are kernels or smaller ops", () => {
  test.each([
    ["without a gradient, software", 64, false, software, "kernel", "none"],
    ["without a gradient, hardware", 64, false, portableTarget, "ops", "none"],
    ["without a gradient, large, hardware", 4100, false, portableTarget, "kernel", "none"],
    ["shares kept: 4 MiB", 1024, true, software, "ops", "ops"],
    ["shares made again: more than 4 MiB", 1025, true, software, "kernel", "ops"],
    ["shares made again: 64 MiB", 4096, true, software, "kernel", "ops"],
    ["no score matrix: more than 64 MiB", 4097, true, software, "kernel", "kernel"],
    ["too few bindings for the kernel", 4097, true, narrow, "kernel", "ops"],
  ] as const)("%s", (_, tokens, trains, target, forward, backward) => {
    const b = new Builder(rules);
    const ops = reachable(chosen(b, attended(b, tokens, trains, false), target)).map(
      ({ op, attributes }) => (op === "attention" ? `attention ${attributes.gives}` : op),
    );
    const isKernel = ops.includes("attention mixed");
    expect(isKernel ? "kernel" : "ops").toBe(forward);
    expect(trains ? (ops.includes("attentionGradient") ? "kernel" : "ops") : "none").toBe(backward);
    expect(ops.includes("attention logSum")).toBe(trains && isKernel);
  });
});

test.each([
  [64, false],
  [64, true],
  [1025, true],
])("the same values: %i tokens, masked: %s", (tokens, isMasked) => {
  const b = new Builder(rules);
  const before = attended(b, tokens, true, isMasked);
  const after = chosen(b, before, software);
  const random = seeded(tokens);
  const given = new Map(
    ["q", "k", "v", "adjoint"].map((name) => [
      name,
      Float64Array.from({ length: elements(before[0]!.type.shape) }, () => random.normal()),
    ]),
  );
  const wanted = interpret(rules, before, given);
  interpret(rules, after, given).forEach((values, i) => {
    values.forEach((value, k) => {
      const far = Math.abs(value - wanted[i]![k]!);
      if (!(far < 1e-9)) expect.fail(`${value} is not ${wanted[i]![k]}`);
    });
  });
});
