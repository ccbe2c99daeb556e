/** Training graphs: what is frozen, clipped, accumulated, decayed. */
import { describe, expect, test } from "vitest";
import {
  differentiate,
  isDecayed,
  type OptimizerPlan,
} from "../../../compiler/3-differentiate/differentiate.ts";
import { gradients } from "../../../compiler/3-differentiate/gradients.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import type { Node, NodeOf } from "../../../compiler/ir/node.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { seeded } from "../../support/random.ts";
import { printTraining, resultsOf } from "./draw-training.ts";

const plan: OptimizerPlan = {
  betas: [0.9, 0.999],
  eps: 1e-8,
  weightDecay: () => 0,
  accumulate: 1,
};

/** Two linear layers; mean squared error over the batch. */
function perceptron(batch: number) {
  const b = new Builder(rules);
  const first = b.parameter("first.weight", [3, 2]);
  const second = b.parameter("second.weight", [2, 1]);
  const hidden = b.tanh(b.matmul(b.input("x", [batch, 3]), first));
  const error = b.sub(b.matmul(hidden, second), b.input("y", [batch, 1]));
  const loss = b.mean(b.mul(error, error), [0, 1]);
  return { b, first, second, loss };
}

const train = (
  { b, loss }: { readonly b: Builder; readonly loss: Node },
  trainable: readonly NodeOf<"parameter">[],
  settings: Partial<OptimizerPlan> = {},
) =>
  differentiate(b, rules, "step", loss, new Map([["loss", loss]]), trainable, {
    ...plan,
    ...settings,
  });

describe("frozen parameters", () => {
  test("get no gradient, no moments and no update", () => {
    const net = perceptron(4);
    const { step, apply } = train(net, [net.second]);
    expect(apply).toBeUndefined();
    expect(step.updates.map(({ target }) => target.attributes.path)).toEqual([
      "second.weight",
      "optimizer.first_moment.second.weight",
      "optimizer.second_moment.second.weight",
    ]);
    const text = printTraining(step);
    expect(text).not.toMatch(/moment\.first\.weight/);
    expect(`\n${text}`).toMatchInlineSnapshot(`
      "
      %0: f32[3,2] = parameter(path=first.weight, init={"kind":"zeros"})
      %1: f32[2,1] = parameter(path=second.weight, init={"kind":"zeros"})
      %2: f32[4,3] = input(name=x)
      %3: f32[4,2] = matmul(%2, %0)
      %4: f32[4,2] = tanh(%3)
      %5: f32[4,1] = matmul(%4, %1)
      %6: f32[4,1] = input(name=y)
      %7: f32[4,1] = sub(%5, %6)
      %8: f32[4,1] = mul(%7, %7)
      %9: f32[] = reduce(%8, kind=sum, axes=[0 1])
      %10: f32[] = constant(data=[0.25])
      %11: f32[] = mul(%9, %10)
      %12: f32[] = constant(data=[1])
      %13: f32[] = mul(%12, %10)  # '
      %14: f32[1,1] = reshape(%13)  # '
      %15: f32[4,1] = broadcast(%14)  # '
      %16: f32[4,1] = mul(%15, %7)  # '
      %17: f32[4,1] = add(%16, %16)
      %18: f32[2,4] = transpose(%4, permutation=[1 0])  # '
      %19: f32[2,1] = matmul(%18, %17)  # '
      %20: f32[3] = input(name=rates)  # optimizer
      %21: f32[2,1] = parameter(path=optimizer.first_moment.second.weight, init={"kind":"zeros"})  # second.weight
      %22: f32[2,1] = parameter(path=optimizer.second_moment.second.weight, init={"kind":"zeros"})  # second.weight
      %23: f32[] = constant(data=[0.9])  # second.weight
      %24: f32[1,1] = reshape(%23)  # second.weight
      %25: f32[2,1] = broadcast(%24)  # second.weight
      %26: f32[2,1] = mul(%21, %25)  # second.weight
      %27: f32[] = constant(data=[0.09999999999999998])  # second.weight
      %28: f32[1,1] = reshape(%27)  # second.weight
      %29: f32[2,1] = broadcast(%28)  # second.weight
      %30: f32[2,1] = mul(%19, %29)  # second.weight
      %31: f32[2,1] = add(%26, %30)  # second.weight
      %32: f32[] = constant(data=[0.999])  # second.weight
      %33: f32[1,1] = reshape(%32)  # second.weight
      %34: f32[2,1] = broadcast(%33)  # second.weight
      %35: f32[2,1] = mul(%22, %34)  # second.weight
      %36: f32[2,1] = mul(%19, %19)  # second.weight
      %37: f32[] = constant(data=[0.0010000000000000009])  # second.weight
      %38: f32[1,1] = reshape(%37)  # second.weight
      %39: f32[2,1] = broadcast(%38)  # second.weight
      %40: f32[2,1] = mul(%36, %39)  # second.weight
      %41: f32[2,1] = add(%35, %40)  # second.weight
      %42: f32[2,1] = sqrt(%41)  # second.weight
      %43: f32[1] = slice(%20, start=[2], end=[3])  # second.weight
      %44: f32[] = reshape(%43)  # second.weight
      %45: f32[1,1] = reshape(%44)  # second.weight
      %46: f32[2,1] = broadcast(%45)  # second.weight
      %47: f32[2,1] = mul(%42, %46)  # second.weight
      %48: f32[] = constant(data=[1e-8])  # second.weight
      %49: f32[1,1] = reshape(%48)  # second.weight
      %50: f32[2,1] = broadcast(%49)  # second.weight
      %51: f32[2,1] = add(%47, %50)  # second.weight
      %52: f32[2,1] = div(%31, %51)  # second.weight
      %53: f32[1] = slice(%20, start=[1], end=[2])  # second.weight
      %54: f32[] = reshape(%53)  # second.weight
      %55: f32[1,1] = reshape(%54)  # second.weight
      %56: f32[2,1] = broadcast(%55)  # second.weight
      %57: f32[2,1] = mul(%52, %56)  # second.weight
      %58: f32[2,1] = sub(%1, %57)  # second.weight
      loss = %11
      new second.weight = %58
      new optimizer.first_moment.second.weight = %31
      new optimizer.second_moment.second.weight = %41
      "
    `);
  });

  test("let gradients through to what lies below them", () => {
    const net = perceptron(4);
    const { step } = train(net, [net.first]);
    const targets = step.updates.map(({ target }) => target.attributes.path);
    expect(targets).toContain("first.weight");
    expect(targets.join()).not.toContain("second.weight");
  });

  test("trainable ones without a path to the loss keep their values too", () => {
    const net = perceptron(4);
    const spare = net.b.parameter("spare", [7]);
    const { step } = train(net, [net.second, spare]);
    expect(step.updates.map(({ target }) => target.attributes.path).join()).not.toContain("spare");
  });
});

describe("clipping", () => {
  const clipped = (clip: number | undefined, scale: number) => {
    const b = new Builder(rules);
    const [p, q] = [b.parameter("p", [2]), b.parameter("q", [1])];
    // gradients: p -> scale * (2, 1), q -> scale * 2; norm 3 scale
    const loss = b.add(
      b.sum(b.mul(p, b.constant([2 * scale, scale], [2])), [0]),
      b.sum(b.mul(q, 2 * scale), [0]),
    );
    const { step } = train({ b, loss }, [p, q], clip === undefined ? {} : { clip });
    const results = resultsOf(step);
    const zeros = (path: string, count: number) =>
      [path, `optimizer.first_moment.${path}`, `optimizer.second_moment.${path}`].map(
        (name) => [name, new Float64Array(count)] as const,
      );
    const values = interpret(
      rules,
      [...results.values()],
      new Map<string, ArrayLike<number>>([
        ...zeros("p", 2),
        ...zeros("q", 1),
        ["rates", [0.1, 1, 1]],
      ]),
    );
    return new Map([...results.keys()].map((name, i) => [name, [...values[i]!]]));
  };
  const moment = (name: string) => `new optimizer.first_moment.${name}`;

  test("brings the norm of all gradients together down to the limit", () => {
    const results = clipped(1.5, 1);
    expect(results.get("gradient_norm")![0]).toBeCloseTo(3, 12);
    // PyTorch: limit / (norm + 1e-6)
    const factor = 1.5 / (3 + 1e-6);
    expect(results.get(moment("p"))![0]).toBeCloseTo(0.1 * 2 * factor, 12);
    expect(results.get(moment("p"))![1]).toBeCloseTo(0.1 * factor, 12);
    expect(results.get(moment("q"))![0]).toBeCloseTo(0.1 * 2 * factor, 12);
  });

  test("leaves smaller gradients alone", () => {
    const results = clipped(1.5, 0.1);
    expect(results.get("gradient_norm")![0]).toBeCloseTo(0.3, 12);
    expect(results.get(moment("p"))![0]).toBeCloseTo(0.1 * 0.2, 12);
  });

  test("survives gradients of zero", () => {
    expect(clipped(1.5, 0).get("new p")).toEqual([0, 0]);
  });

  test("is not in the graph when none is asked for", () => {
    const results = clipped(undefined, 1);
    expect(results.has("gradient_norm")).toBe(false);
    expect(results.get(moment("p"))![0]).toBeCloseTo(0.2, 12);
  });
});

describe("accumulation", () => {
  const random = seeded(5);
  const weights = new Map<string, ArrayLike<number>>([
    ["first.weight", random.floats(6)],
    ["second.weight", random.floats(2)],
  ]);
  const x = random.floats(12);
  const y = random.floats(4);

  test("makes two graphs, and the running gradients are cleared by the second", () => {
    const net = perceptron(2);
    const { step, apply } = train(net, [net.first, net.second], { accumulate: 2, clip: 1 });
    const paths = (graph: typeof step) =>
      graph.updates.map(({ target }) => target.attributes.path).sort();
    expect(paths(step)).toEqual([
      "optimizer.gradient.first.weight",
      "optimizer.gradient.second.weight",
    ]);
    expect(apply!.name).toBe("step.apply");
    expect(paths(apply!)).toEqual(
      [
        ...["first.weight", "second.weight"].flatMap((path) => [
          path,
          `optimizer.first_moment.${path}`,
          `optimizer.second_moment.${path}`,
          `optimizer.gradient.${path}`,
        ]),
      ].sort(),
    );
    expect([...step.outputs.keys()]).toEqual(["loss"]);
    expect([...apply!.outputs.keys()]).toEqual(["gradient_norm"]);
    expect(printTraining(apply!)).not.toMatch(/input\(name=[xy]\)/);
    const cleared = apply!.updates.find(
      ({ target }) => target.attributes.path === "optimizer.gradient.second.weight",
    )!;
    expect([...interpret(rules, [cleared.value], new Map())[0]!]).toEqual([0, 0]);
  });

  test("the mean over micro-batches is the gradient of the whole batch", () => {
    const whole = perceptron(4);
    const expected = interpret(
      rules,
      gradients(whole.b, rules, whole.loss, [whole.first, whole.second]) as Node[],
      new Map([...weights, ["x", x], ["y", y]]),
    );
    const net = perceptron(2);
    const { step } = train(net, [net.first, net.second], { accumulate: 2 });
    let sums = [new Float64Array(6), new Float64Array(2)];
    for (const part of [0, 1]) {
      sums = interpret(
        rules,
        step.updates.map(({ value }) => value),
        new Map<string, ArrayLike<number>>([
          ...weights,
          ["x", x.slice(6 * part, 6 * part + 6)],
          ["y", y.slice(2 * part, 2 * part + 2)],
          ["optimizer.gradient.first.weight", sums[0]!],
          ["optimizer.gradient.second.weight", sums[1]!],
        ]),
      ) as typeof sums;
    }
    expected.forEach((values, i) => {
      values.forEach((value, j) => {
        expect(sums[i]![j]).toBeCloseTo(value, 12);
      });
    });
  });
});

test("decay leaves out vectors and biases, not matrices and scalars", () => {
  const b = new Builder(rules);
  const decayed = (path: string, shape: number[]) => isDecayed(b.parameter(path, shape));
  expect(decayed("a.weight", [2, 3])).toBe(true);
  expect(decayed("norm.weight", [3])).toBe(false);
  expect(decayed("a.bias", [3])).toBe(false);
  expect(decayed("a.bias", [2, 3])).toBe(false);
  expect(decayed("logit_scale", [])).toBe(true);
  expect(decayed("queries", [1, 8, 4])).toBe(true);
});
