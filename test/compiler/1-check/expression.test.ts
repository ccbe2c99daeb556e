/** Mistakes in expressions: the code, the place and the words beside it; and what changes from outside. */
import { describe, expect, it } from "vitest";
import { expressionExample } from "../../../grammar/messages/expressions.ts";
import { textOf } from "../../../grammar/source.ts";
import { checkExample, printed } from "../../support/check-example.ts";

/** One mistake: what is written instead of what, and the message: code, text under the mark, words beside it. */
const mistakes: readonly (readonly [
  from: string,
  to: string,
  code: string,
  at: string,
  words: string,
])[] = [
  ["max(dot(", "amax(dot(", "BLIP4301", "amax", "did you mean `max`?"],
  ["max(dot(", "xyz(dot(", "BLIP4301", "xyz", "no function"],
  ["dot(image", "matmul(image", "BLIP4301", "matmul", "did you mean `dot`?"],
  ["bridge(q)", "brigde(q)", "BLIP4301", "brigde", "did you mean `bridge`?"],
  ["cosine / ", "cosin / ", "BLIP1002", "cosin", "did you mean `cosine`?"],
  ["cosine / ", "cosine % ", "BLIP2004", "%", "means nothing in an expression"],
  ["bridge(q)", "q", "BLIP4307", "q", "has no value in an expression"],
  ["bridge(q)", '"q"', "BLIP4307", '"q"', "has no value in an expression"],
  ["bridge(q)", "vision.patch", "BLIP4307", "vision.patch", "has no value in an expression"],
  ["bridge(q)", "bridge(q).cls", "BLIP4307", "bridge(q).cls", "has no value in an expression"],
  ["over: queries", "over: patches", "BLIP4303", "patches", "no such axis"],
  ["over: queries", "over: querys", "BLIP4303", "querys", "did you mean `queries`?"],
  ["index(batch)", "index(text)", "BLIP4303", "text", "did you mean `texts`?"],
  ["(batch))", "(texts))", "BLIP4302", "index(texts)", "this is i32[texts B]"],
  ["over: queries", "axis: queries", "BLIP4302", "axis", "not one of its own"],
  [", over: queries", ", queries", "BLIP4302", "queries", "write its name: `over:`"],
  [", over: texts", "", "BLIP4302", "cross_entropy", "add `over: …`"],
  ["over: texts", "over: [texts, batch]", "BLIP4302", "[texts, batch]", "more than one"],
  ["over: queries", 'over: "queries"', "BLIP4302", '"queries"', "not the name of an axis"],
  ["over: queries", "over: [queries, queries]", "BLIP4302", "queries", "again"],
  ["learned(0.07)", "learned(cosine)", "BLIP4302", "cosine", "this is f32[batch B, texts B]"],
  ["(q), width: 64", "(q), width: 0", "BLIP4302", "0", "0 is not"],
  ["(q), width: 64", "(q), width: 64, bias: 1", "BLIP4302", "1", "neither true nor false"],
  [
    "(q), width: 64",
    '(q), width: 64, name: "a b"',
    "BLIP4302",
    '"a b"',
    "words joined by points are wanted",
  ],
  ["target: index(batch)", "target: index(batch), smoothing: 1", "BLIP4302", "1", "1"],
  ["batch: texts", "queries: texts", "BLIP4303", "queries", "no such axis"],
  ["batch: texts", "batch: width", "BLIP4305", "width", "x is f32[batch B, width 64]"],
  ["similarity = cosine", "similarity = loss", "BLIP4308", "loss", "is not known yet"],
  [
    "cosine / learned(0.07)",
    "cosine / (learned(1) + learned(1))",
    "BLIP4310",
    "learned(1)",
    "asked for here",
  ],
];

describe("a mistake in an expression", () => {
  it.each(mistakes)("%s written as %s: one message %s", (from, to, code, at, words) => {
    expect(expressionExample).toContain(from);
    const text = expressionExample.replace(from, to);
    const found = checkExample({ text }).diagnostics;
    const facts = found.map((each) => [each.code, textOf(each.primary.span), each.primary.text]);
    expect(facts, printed({ text })).toEqual([[code, at, words]]);
  });

  it("names both places of an axis with two sizes", () => {
    const text = expressionExample.replace("bridge(caption).cls, width: 64", "bridge(caption).cls");
    const wide = text
      .replace("linear(bridge(caption).cls)", "bridge(caption).cls")
      .replace("width: 64", "width: 32");
    expect(
      printed({ text: wide }),
    ).toBe(`error[BLIP4304]: \`width\` is 32 on one side and 64 on the other
  --> example.blip:21:16
   |
13 | trainable qformer bridge = "shapes-bert" {
   |           -------------- 64 here
...
19 |   image = normalize(linear(bridge(q), width: 32), over: width)
   |                                              -- 32 here
...
21 |   cosine = max(dot(image, rename(text, batch: texts), over: width), over: queries)
   |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ f32[batch B, queries 8, width 32] meets f32[texts B, width 64]
   |
   = help: \`rename(…, width: other)\` when they are two different axes`);
  });

  it("says where a gradient ends, also when modules are trainable", () => {
    const text = expressionExample
      .replace("bridge(q), width: 64", "stop_gradient(bridge(q)), width: 64")
      .replace("cross_entropy(similarity", "cross_entropy(stop_gradient(similarity)");
    const [only, ...others] = checkExample({ text }).diagnostics;
    expect([only?.code, others.length]).toEqual(["BLIP4309", 0]);
    expect(only?.labels.map(({ span }) => textOf(span))).toEqual(["stop_gradient(similarity)"]);
  });

  it("knows which modules no gradient reaches", () => {
    const text = expressionExample.replace("bridge(q), width", "stop_gradient(bridge(q)), width");
    expect(checkExample({ text }).diagnostics.map(({ code, title }) => [code, title])).toEqual([
      ["BLIP3103", "`q` is trainable, but no objective depends on it"],
    ]);
  });
});

describe("an expression from outside", () => {
  const learned = "similarity = cosine / learned(0.07)";
  const split = expressionExample.replace(
    learned,
    "temperature = learned(0.07)\n  similarity = cosine / temperature",
  );

  it("--set changes a setting that is there, also to another expression", () => {
    const { model, diagnostics } = checkExample({
      text: split,
      set: ["itc.temperature=exp(learned(-2))"],
    });
    expect(diagnostics).toEqual([]);
    const objective = model?.objectives.get("itc");
    const values = objective?.variant === "expression" ? objective.values : [];
    expect(values.find(({ name }) => name === "temperature")?.term.kind).toBe("element");
  });

  it("--set invents nothing", () => {
    expect(printed({ text: split, set: ["itc.temprature=1"] })).toContain(
      "did you mean `temperature`?",
    );
  });

  it("points into what was set", () => {
    const [only] = checkExample({ text: split, set: ["itc.temperature=learnt(1)"] }).diagnostics;
    expect([only?.code, only?.primary.span.source.name]).toEqual(["BLIP4301", "--set"]);
  });

  it("reads params and lets", () => {
    const text = split
      .replace("blip 1", "blip 1\nparam start: float = 0.07\nlet smooth = 0.1")
      .replace("learned(0.07)", "learned(start)")
      .replace("target: index(batch)", "target: index(batch), smoothing: smooth");
    const { model, diagnostics } = checkExample({ text, set: ["start=0.5"] });
    expect(diagnostics).toEqual([]);
    const objective = model?.objectives.get("itc");
    expect(JSON.stringify(objective)).toContain('"kind":"constant","value":0.5');
    expect(JSON.stringify(objective)).toContain('"smoothing":0.1');
  });

  it("is taken over by `=` with single settings changed", () => {
    const text = `blip 1
import "./first.blip" as first
frozen encoder vision = first.vision
trainable queries q = first.q
trainable qformer bridge = first.bridge
objective itc = first.itc {
  temperature = learned(0.5)
}
stage again {
  minimize = itc
  data = first.pairs
  train = 10 steps
  optimizer: adamw { lr = 1e-3 }
  seed = 1
}
`;
    const { model, diagnostics } = checkExample({ text, files: { "first.blip": split } });
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(JSON.stringify(model?.objectives.get("itc"))).toContain('"value":0.5');
  });
});
