/** Every function of expressions on numbers worked out by hand, and SigLIP's loss with its gradients. */
import { describe, expect, it } from "vitest";
import { functions } from "../../../compiler/1-check/expression/functions.ts";
import { gradients } from "../../../compiler/3-differentiate/gradients.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { type Node, reachable } from "../../../compiler/ir/node.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { textOf } from "../../support/sources.ts";
import { writtenLoss } from "./written-loss.ts";

type Given = ReadonlyMap<string, ArrayLike<number>>;

const given: Given = new Map<string, ArrayLike<number>>([
  ["queries", [1, 2, 3, 4, 5, 6, 7, 9]], // x
  ["first", [1, -1, 2, 0.5]], // y
  ["words", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
  ["caption.mask", [1, 1, 0, 1, 0, 0]],
  ["own.value", [4]],
  ["p.weight", [1, 1, 1, 1, 1, 1]],
  ["p.bias", [1, 2, 3]],
]);

/** Axes: x batch, queries, width; y batch, width. */
const names = "x = bridge(q)\ny = bridge(caption).cls\nloss = sum(x) + sum(y)\n";
const ln2 = Math.LN2;

const cases: readonly (readonly [expression: string, value: number])[] = [
  ["sum(x)", 37],
  ["sum(y)", 2.5],
  ["-sum(y)", -2.5],
  ["mean(x)", 4.625],
  ["max(x)", 9],
  ["min(x)", 1],
  ["sum(max(x, over: queries))", 3 + 4 + 7 + 9],
  ["sum(max(x, over: [width, queries]))", 4 + 9],
  ["sum(min(x, over: batch))", 1 + 2 + 3 + 4],
  ["sum(mean(x, over: queries))", 37 / 2],
  ["log_sum_exp(0 * x)", 3 * ln2],
  ["sum(log_sum_exp(0 * x + 100, over: width))", 4 * (ln2 + 100)],
  // Shared axes are walked together.
  ["sum(dot(x, y, over: width))", 1 - 2 + 3 - 4 + 10 + 3 + 14 + 4.5],
  ["sum(square(dot(x, y, over: [batch, width])))", 12 ** 2 + 17.5 ** 2],
  ["dot(y, y, over: [width, batch])", 1 + 1 + 4 + 0.25],
  // Other axes pair up: the sums of x are 16 and 21, those of y 3 and -0.5.
  ["sum(dot(x, rename(y, batch: texts), over: width))", 16 * 3 - 21 * 0.5],
  // The order of axes says nothing.
  [
    "sum(square(dot(x, rename(y, batch: t), over: width) - dot(rename(y, batch: t), x, over: width)))",
    0,
  ],
  ["sum(x * rename(y, width: queries))", 1 + 2 - 3 - 4 + 10 + 12 + 3.5 + 4.5],
  ["sum(softmax(0 * x, over: width) * x)", 37 / 2],
  ["sum(softmax(y * 0 + 7, over: batch))", 2],
  ["sum(log_softmax(0 * y, over: batch))", -4 * ln2],
  ["sum(square(normalize(y, over: width)))", 2],
  ["sum(normalize(y, over: batch))", 3 / Math.sqrt(5) - 0.5 / Math.sqrt(1.25)],
  ["sum(argmax(x, over: queries))", 4],
  ["sum(argmax(y, over: width) == index(batch))", 1],
  ["sum(index(batch) * y)", 2.5],
  ["sum(eye(batch, t) * dot(y, rename(y, batch: t), over: width))", 2 + 4.25],
  ["cross_entropy(y, over: width, target: index(batch))", 0.9141706445128625],
  ["cross_entropy(y, over: width, target: index(batch), smoothing: 0.1)", 0.9266706445128625],
  ["cross_entropy(y, over: width, target: softmax(0 * y, over: width))", 1.0391706445],
  // Two queries a record, the same target for both: four rows of equal logits.
  ["cross_entropy(0 * x, over: width, target: index(batch))", ln2],
  ["sum(bridge(caption) * caption.mask)", 1 + 2 + 3 + 4 + 7 + 8],
  ["exp(0 * sum(x))", 1],
  ["log(sum(exp(0 * x)))", 3 * ln2],
  ["sqrt(sum(x) - 1)", 6],
  ["square(sum(y))", 6.25],
  ["abs(sum(y - 5))", 17.5],
  ["tanh(0 * sum(x) + 1)", 0.7615941559557649],
  ["erf(0 * sum(x) + 1)", 0.8427007929497149],
  ["sigmoid(0 * sum(x) + 2)", 0.8807970779778823],
  ["softplus(0 * sum(x) + 2)", 2.1269280110429727],
  ["log_sigmoid(0 * sum(x) + 2)", -0.1269280110429727],
  ["log_sigmoid(0 * sum(x) - 1000)", -1000],
  ["softplus(0 * sum(x) - 30) * exp(30)", 1],
  ["sum(relu(y))", 3.5],
  ["gelu(0 * sum(x) + 1)", 0.8413447460685429],
  ["silu(0 * sum(x) + 2)", 1.7615941559557646],
  ["sum(maximum(y, 0.75))", 1 + 0.75 + 2 + 0.75],
  ["sum(minimum(y, 0.75))", 0.75 - 1 + 0.75 + 0.5],
  ["sum(minimum(0.75, y))", 1],
  ["sum(select(y > 0, x, -1))", 1 - 1 + 3 - 1 + 5 + 6 + 7 + 9],
  ["sum(y == 0.5)", 1],
  ["sum(y != 0.5)", 3],
  ["sum(y < 0.5)", 1],
  ["sum(y <= 0.5)", 2],
  ["sum(0.5 > y)", 1],
  ["sum(y >= 0.5)", 3],
  ["sum(y - 1) / 2 + (3 - sum(y)) * 2", (2.5 - 4) / 2 + 1],
  ["sum(stop_gradient(y))", 2.5],
  ["learned(0.5) * 2", 8],
  ['sum(linear(y, width: 3, name: "p"))', 3 * 2.5 + 2 * (1 + 2 + 3)],
  ['sum(linear(y, width: 3, name: "p", bias: false))', 3 * 2.5],
];

function value(node: Node, values: Given): number {
  return interpret(rules, [node], values)[0]![0]!;
}

/** The expression as a metric: it may give no gradient then. */
function measured(expression: string): Node {
  const { metrics } = writtenLoss(`${names}value = ${expression}`);
  expect([...metrics.keys()]).toEqual(["value"]);
  return metrics.get("value")!;
}

describe("expressions", () => {
  it.each(cases)("%s", (expression, expected) => {
    expect(value(measured(expression), given)).toBeCloseTo(expected, 8);
  });

  it("has a case for every function", () => {
    const missing = [...functions.keys()].filter(
      (name) => !cases.some(([expression]) => expression.includes(`${name}(`)),
    );
    expect(missing).toEqual([]);
  });

  it("has a line in docs/objectives.md for every function", () => {
    const table = textOf("docs/objectives.md").split("## Functions")[1]!.split("##")[0]!;
    const missing = [...functions.keys()].filter((name) => !RegExp(`\`${name}[(\`]`).test(table));
    expect(missing).toEqual([]);
  });

  it("computes a value that several settings use once", () => {
    const { loss } = writtenLoss(
      'x = bridge(q)\nz = linear(x, width: 2, name: "p")\nloss = sum(z) + sum(square(z))',
    );
    expect(reachable([loss]).filter(({ op }) => op === "matmul").length).toBe(1);
  });
});

/** log(1 + exp(x)) in the plainest way; all values here are moderate. */
const softplus = (x: number) => Math.log(1 + Math.exp(x));

describe("SigLIP as an expression", () => {
  const { b, loss } =
    writtenLoss(`image = normalize(linear(bridge(q), width: 2, name: "p"), over: width)
text = normalize(bridge(caption).cls, over: width)
cosine = max(dot(image, rename(text, batch: texts), over: width), over: queries)
t = learned(log(10))
b = learned(-10)
z = 2 * eye(batch, texts) - 1
loss = -mean(sum(log_sigmoid(z * (exp(t) * cosine + b)), over: texts))`);
  const identity: Given = new Map<string, ArrayLike<number>>([
    ["p.weight", [1, 0, 0, 1]],
    ["p.bias", [0, 0]],
    ["own.t", [Math.log(10)]],
    ["own.b", [-10]],
  ]);
  const at = (queries: readonly number[], first: readonly number[], own: Given = new Map()) =>
    new Map([...identity, ["queries", queries], ["first", first], ...own] as const);

  it("is log 2 for each text where t cos + b is 0", () => {
    const same = at([1, 0, 1, 0, 1, 0, 1, 0], [3, 0, 5, 0]);
    expect(value(loss, same)).toBeCloseTo(2 * Math.LN2, 8);
  });

  it("starts near 10 for pictures and texts that have nothing in common", () => {
    const apart = at([1, 0, 1, 0, 1, 0, 1, 0], [0, 1, 0, 1]);
    expect(value(loss, apart)).toBeCloseTo(10.0000453989 + 0.0000453989, 9);
  });

  it("takes the best query of each pair, and only own pairs as a match", () => {
    // Cosines: picture 1 has 0.6 and 0.8 with text 1, -0.8 and 0.6 with text 2; picture 2 is text 2 turned by 90 degrees.
    const values = at(
      [0.6, 0.8, 0.8, 0.6, 0.6, 0.8, 0, 1],
      [1, 0, -0.8, 0.6],
      new Map([
        ["own.b", [-3]],
        ["own.t", [Math.log(5)]],
      ]),
    );
    const [own1, other1] = [0.8, Math.max(-0.48 + 0.48, -0.64 + 0.36)];
    const [other2, own2] = [0.6, Math.max(-0.48 + 0.48, 0.6)];
    const expected =
      (softplus(-(5 * own1 - 3)) +
        softplus(5 * other1 - 3) +
        softplus(5 * other2 - 3) +
        softplus(-(5 * own2 - 3))) /
      2;
    expect(value(loss, values)).toBeCloseTo(expected, 8);
  });

  it("has the gradients that finite differences have", () => {
    const values = at(
      [0.6, 0.8, 0.9, -0.2, -0.3, 1.1, 0.4, 0.7],
      [1, 0.3, -0.8, 0.6],
      new Map([
        ["p.weight", [0.9, -0.2, 0.3, 1.1]],
        ["p.bias", [0.05, -0.1]],
        ["own.t", [0.7]],
        ["own.b", [-0.4]],
      ]),
    );
    const parameters = reachable([loss]).filter((node) => node.op === "parameter");
    expect(parameters.map(({ attributes }) => attributes.path).sort()).toEqual([
      "own.b",
      "own.t",
      "p.bias",
      "p.weight",
    ]);
    const found = gradients(b, rules, loss, parameters);
    parameters.forEach(({ attributes: { path } }, i) => {
      const gradient = interpret(rules, [found[i]!], values)[0]!;
      [...gradient].forEach((slope, element) => {
        const moved = (by: number) => {
          const own = Float64Array.from(values.get(path)!);
          own[element]! += by;
          return value(loss, new Map([...values, [path, own]]));
        };
        const step = 1e-5;
        expect(slope).toBeCloseTo((moved(step) - moved(-step)) / (2 * step), 6);
        expect(Math.abs(slope)).toBeGreaterThan(1e-6);
      });
    });
  });
});
