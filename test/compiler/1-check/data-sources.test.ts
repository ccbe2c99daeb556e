/** Data sources that read files: what their calls mean, what is refused, what a lock pins. */
import { describe, expect, test } from "vitest";
import { mostShards, shardNames } from "../../../compiler/1-check/shard-pattern.ts";
import { neededFiles } from "../../../compiler/lock/lock.ts";
import { stage1Example } from "../../../grammar/messages/example-pipeline.ts";
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
