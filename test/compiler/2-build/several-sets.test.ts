/** Several sets of queries and several texts in one `self`: each call computes what it would compute alone. */
import { describe, expect, test } from "vitest";
import { buildStage } from "../../../compiler/2-build/build-stage.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { checkExample, diagnosticsOf, printed } from "../../support/check-example.ts";

const small = "width = 16, heads = 2, layers = 1, mlp_width = 16";

function pipeline(self: string, call: string, more = ""): string {
  return `blip 1

frozen encoder vision = "shapes-vit" { input = image[32, 32, 3], ${small} }
text caption = "shapes" { max_len = 4 tokens }
text ask = "shapes" { max_len = 3 tokens }
trainable queries q { count = 3 }
trainable queries few { count = 2 }
trainable qformer bridge = "shapes-bert" {
  self = ${self}
  cross = vision.patches
  dropout = 0
  ${small}
}
objective say: expression { loss = mean(${call}) }
${more}
data pairs = shapes(seed: 1) { batch = 2 }
stage learn {
  minimize = say${more === "" ? "" : " + itg"}
  data = pairs
  train = 3 steps
  optimizer: adamw { lr = 1e-3 }
  seed = 1
}
`;
}

function graphsOf(text: string) {
  const { model } = checkExample({ text });
  if (model === undefined) throw new Error(printed({ text }));
  return buildStage(model, "learn", { batch: 2 });
}

/** The loss on made-up values; the same values under the same names, and those of `renamed` under others. */
function lossOf(text: string, renamed: Readonly<Record<string, string>> = {}): number {
  const { total, inputs, trainable, frozen } = graphsOf(
    text.replaceAll("trainable queries", "frozen queries"),
  );
  const filled = (name: string, shape: readonly number[]) => {
    const seed = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
    const count = shape.reduce((product, size) => product * size, 1);
    return Array.from({ length: count }, (_, index) => Math.sin(seed + index * 0.7) * 0.3);
  };
  const given = new Map<string, readonly number[]>();
  for (const { name, type } of inputs) {
    const values = filled(name, type.shape);
    const isWhole = type.dtype === "i32";
    given.set(
      name,
      isWhole
        ? values.map((value) => (name.endsWith("mask") ? 1 : Math.abs(Math.round(value * 30)) % 9))
        : values,
    );
  }
  for (const { attributes } of [...trainable, ...frozen]) {
    const { path, shape } = attributes;
    given.set(path, filled(renamed[path] ?? path, shape));
  }
  return interpret(rules, [total], given)[0]![0]!;
}

const captioning = "objective itg: captioning { given = bridge(few), predict = caption }";

describe("a call with the second set", () => {
  const alone = { query_tokens: "few.query_tokens" };
  test.each(["square(bridge(few))", "square(bridge(few, caption))"])("%s", (call) => {
    const several = lossOf(pipeline("[q, few, caption]", call, captioning));
    const single = lossOf(pipeline("[few, caption]", call, captioning), alone);
    expect(several).toBeCloseTo(single, 12);
    expect(several).not.toBeCloseTo(
      lossOf(pipeline("[q, few, caption]", call.replace("few", "q"), captioning)),
      4,
    );
  });
});

test("texts enter one at a time, each with its own length", () => {
  const { inputs } = graphsOf(pipeline("[q, caption, ask]", "bridge(q, ask)"));
  const tokens = inputs.filter(({ name }) => /\.ids$/.test(name));
  expect(tokens.map(({ name, type }) => [name, type.shape])).toEqual([["ask.ids", [2, 3]]]);
});

test("each set has parameters of its own, owned by its block", () => {
  const { modules } = graphsOf(pipeline("[q, few, caption]", "sum(bridge(q)) + sum(bridge(few))"));
  const paths = modules.flatMap(({ owner, parameters }) =>
    parameters
      .filter(({ attributes }) => attributes.path.endsWith("query_tokens"))
      .map(({ attributes }) => [owner, attributes.path, attributes.shape[1]]),
  );
  expect(paths).toEqual([
    ["q", "query_tokens", 3],
    ["few", "few.query_tokens", 2],
  ]);
});

test("a set that enters twice, and a text that does not enter, are told", () => {
  const twice = { text: pipeline("[q, few, q, caption]", "sum(bridge(q)) + sum(bridge(few))") };
  expect(diagnosticsOf(twice).map(({ title }) => title)).toEqual([
    "`self` takes each of its parts once, not the queries `q`",
  ]);
  const other = {
    text: pipeline("[q, caption]", "sum(bridge(q, ask))").replace(/^trainable queries few.*$/m, ""),
  };
  expect(diagnosticsOf(other).map(({ code }) => code)).toEqual(["BLIP4106"]);
});
