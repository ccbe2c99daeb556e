/** Data sources that read files: what their calls mean, what is refused, what a lock pins. */
import { describe, expect, test } from "vitest";
import { mostShards, shardNames } from "../../../compiler/1-check/shard-pattern.ts";
import { neededFiles } from "../../../compiler/lock/lock.ts";
import { stage1Example, stage2Example } from "../../../grammar/messages/example-pipeline.ts";
import { checkExample, diagnosticsOf } from "../../support/check-example.ts";

const example = (source: string, settings = "") => ({
  text: stage1Example
    .replace("shapes(seed: 1)", source)
    .replace("batch = 24", `batch = 24${settings}`),
});

test.each<[string, readonly string[] | undefined]>([
  ["a.tar", ["a.tar"]],
  ["a-{08..11}.tar", ["a-08.tar", "a-09.tar", "a-10.tar", "a-11.tar"]],
  ["{1..2}/{0..1}.tar", ["1/0.tar", "1/1.tar", "2/0.tar", "2/1.tar"]],
  ["{3..3}.tar", ["3.tar"]],
  ["{3..2}.tar", undefined],
  ["{a,b}.tar", undefined],
  ["a{0..1.tar", undefined],
  ["a}.tar", undefined],
  [`{1..${mostShards + 1}}.tar`, undefined],
  ["{0..999}{0..999}.tar", undefined],
])("%s", (pattern, names) => {
  expect(shardNames(pattern)).toEqual(names);
});

describe("calls", () => {
  test("of shards and of a folder", () => {
    const sourceOf = (source: string) =>
      checkExample(example(source)).model?.data.get("pairs")?.source.value;
    expect(sourceOf('shards("web/{0..1}.tar")')).toEqual({
      kind: "shards",
      path: "web/{0..1}.tar",
      paths: ["web/0.tar", "web/1.tar"],
      base: "example.blip",
    });
    expect(sourceOf('folder("pictures")')).toEqual({
      kind: "folder",
      path: "pictures",
      base: "example.blip",
    });
  });

  test.each([
    ['shards("pairs.tar.gz")', '"pairs.tar.gz"'],
    ['shards("pairs-{2..1}.tar")', '"pairs-{2..1}.tar"'],
    ["shards()", "shards()"],
    ['table("pairs.xlsx")', '"pairs.xlsx"'],
    ["folder(7)", "folder(7)"],
    ['folder("a", deep: true)', 'folder("a", deep: true)'],
  ])("%s is refused where it stands", (source, marked) => {
    const wrong = example(source);
    const found = diagnosticsOf(wrong);
    expect(found.map(({ code }) => code)).toEqual(["BLIP2001"]);
    const { start, end } = found[0]!.primary.span;
    expect(wrong.text.slice(start, end)).toBe(marked);
  });

  test("a root stands in front of shards and folders, and is refused where nothing is read", () => {
    const root = '\n  root = "web"';
    const sourceOf = (source: string) =>
      checkExample(example(source, root)).model?.data.get("pairs")?.source.value;
    expect(sourceOf('shards("{0..1}.tar")')).toMatchObject({
      path: "web/{0..1}.tar",
      paths: ["web/0.tar", "web/1.tar"],
    });
    expect(sourceOf('folder("pictures")')).toMatchObject({ path: "web/pictures" });
    expect(diagnosticsOf(example("shapes(seed: 1)", root)).map(({ title }) => title)).toEqual([
      "`root` belongs to sources that read files, not to `shapes`",
    ]);
  });

  test("a split is a matter of records that can say theirs", () => {
    expect(diagnosticsOf(example('folder("a")', '\n  split = "held"'))).toEqual([]);
    const codes = diagnosticsOf(example('shards("a.tar")', '\n  split = "held"'));
    expect(codes.map(({ code }) => code)).toHaveLength(1);
  });
});

test("a lock pins every shard", () => {
  const { model } = checkExample(example('shards("{0..2}.tar")'));
  const data = neededFiles(model!).filter(({ kind }) => kind === "data");
  expect(data.map(({ written }) => written)).toEqual(["0.tar", "1.tar", "2.tar"]);
});

describe("a mix", () => {
  const other = 'data more = captions("more.json") {\n  batch = 8\n}\n\ndata pairs';
  const mixed = (call: string, settings = "") => ({
    text: stage1Example
      .replace("data pairs", other)
      .replace(
        "data pairs",
        "data drawn = shapes(seed: 1, pictures: 100) {\n  batch = 8\n}\n\ndata pairs",
      )
      .replace("= shapes(seed: 1) {", `= ${call} {`)
      .replace("batch = 24", `batch = 24${settings}`),
  });

  test("holds its parts and their weights, and its files are pinned", () => {
    const { model } = checkExample(mixed("mix([drawn, more], weights: [3, 1])"));
    const source = model?.data.get("pairs")?.source.value;
    if (source?.kind !== "mix") throw new Error("no mix");
    expect(source.of.map(({ data, weight }) => [data.name, weight])).toEqual([
      ["drawn", 3],
      ["more", 1],
    ]);
    expect(neededFiles(model!).map(({ written }) => written)).toEqual(["more.json"]);
  });

  test.each([
    ["mix([drawn, more], weights: [1])", "BLIP2001"],
    ["mix([drawn, more], weights: [1, 0])", "BLIP2001"],
    ["mix([drawn, caption])", "BLIP2001"],
    ["mix([drawn, pairs])", "BLIP2001"],
    ["mix([])", "BLIP2001"],
    ["mix([drawn, moer])", "BLIP1002"],
  ])("%s is refused", (call, code) => {
    expect(diagnosticsOf(mixed(call)).map((each) => each.code)).toEqual([code]);
  });

  test("with documents among its parts has records without pictures", () => {
    const { text } = mixed("mix([drawn, more])");
    const wrong = text.replace('captions("more.json")', "documents(seed: 1)");
    expect(diagnosticsOf({ text: wrong }).map(({ code }) => code)).toEqual(["BLIP4107"]);
  });
});

describe("questions", () => {
  const asking = (source: string) => ({
    text: stage1Example
      .replace("shapes(seed: 1)", source)
      .replace("max_len = 14 tokens", "max_len = 14 tokens\n  field = question"),
  });

  test("stand in the records of vqa alone", () => {
    expect(diagnosticsOf(asking('vqa("questions.json")'))).toEqual([]);
    const found = diagnosticsOf(asking('captions("a.json")'));
    expect(found.map(({ title }) => title)).toEqual([
      "`pairs` has no questions, and `itc` needs them",
    ]);
  });

  test("may enter the Q-Former in front of a language model; captions would tell it the answer", () => {
    const files = { "stage1.blip": asking('vqa("questions.json")').text };
    const withText = (text: string) =>
      text
        .replace("  drop = [s1.caption]\n", "")
        .replace("bridge(q) ->", "bridge(q, s1.caption) ->");
    expect(diagnosticsOf({ text: withText(stage2Example), files })).toEqual([]);
    const leaking = { text: withText(stage2Example), files: { "stage1.blip": stage1Example } };
    expect(diagnosticsOf(leaking).map(({ code }) => code)).toEqual(["BLIP2001"]);
  });
});
