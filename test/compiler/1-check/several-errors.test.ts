import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Example } from "../../../grammar/message.ts";
import { checkExample, codesOf } from "../../support/check-example.ts";

const stage1 = readFileSync("pipelines/blip2/stage1.blip", "utf8");
const stage2 = readFileSync("pipelines/blip2/stage2-opt.blip", "utf8");

function inStage2(from: string, to: string): Example {
  expect(stage2).toContain(from);
  return { text: stage2.replaceAll(from, to), files: { "stage1.blip": stage1 } };
}

describe("errors and what follows from them", () => {
  it("reports all errors of a file in one run", () => {
    const text = stage1
      .replace('"eva-clip-g/14"', '"eva-clip-g14"')
      .replace("max_len = 32 tokens", "max_len = 32 px")
      .replace("count = 32", 'count = "many"')
      .replace("hard(from: itc)", "hard(from: itx)")
      .replace("250_000 steps", "250_000")
      .replace("lr = 1e-4", "lrr = 1e-4");
    expect(codesOf({ text }).toSorted()).toEqual(
      ["BLIP1101", "BLIP2202", "BLIP2001", "BLIP1002", "BLIP2203", "BLIP1201"].toSorted(),
    );
  });

  it("says nothing of what is missing because its line could not be understood", () => {
    const parts = {
      "self = [q, caption]": "self [q, caption]",
      "lr = 1e-4": "lrr = 1e-4",
      "trainable queries q {": "trainable q {",
      "minimize =": "minimize minimize =",
    };
    const codes = Object.entries(parts).map(([from, to]) => {
      expect(stage1).toContain(from);
      return codesOf({ text: stage1.replace(from, to) });
    });
    expect(codes).toEqual([["BLIP0104"], ["BLIP1201"], ["BLIP1001"], ["BLIP1001"]]);
  });

  it("still says what is wrong elsewhere in a file with a line that could not be read", () => {
    const text = stage1
      .replace("self = [q, caption]", "self = [q, caption")
      .replace("250_000 steps", "9");
    expect(codesOf({ text }).toSorted()).toEqual(["BLIP0102", "BLIP2203"]);
  });

  it("says nothing of parts whose backbone is unknown", () => {
    expect(
      codesOf({ text: stage2, files: { "stage1.blip": stage1 }, set: ["llm=opt-27b"] }),
    ).toEqual(["BLIP1101"]);
  });

  it("says nothing of names whose file is not there", () => {
    expect(codesOf({ text: stage2 })).toEqual(["BLIP1302"]);
  });

  it("frozen everything: nothing to train, and no second message", () => {
    expect(codesOf(inStage2("trainable", "frozen"))).toEqual(["BLIP3101"]);
  });

  it("names both files that import each other", () => {
    const text = 'blip 1\nimport "./other.blip" as o\n';
    const [diagnostic] = checkExample({
      text,
      files: { "other.blip": text.replace("other", "example") },
    }).diagnostics;
    const sources = [diagnostic!.primary, ...diagnostic!.labels].map(
      ({ span }) => span.source.name,
    );
    expect(sources).toEqual(["example.blip", "other.blip"]);
  });

  it("points at the file or the option that set a value", () => {
    const { model } = checkExample({ text: stage1, set: ["batch=32"] });
    const batch = model!.data.get("pairs")!.batch;
    expect(batch.value).toBe(32);
    expect(batch.span.source.name).toBe("--set");
    expect(model!.modules.get("q")!.state.span.source.name).toBe("example.blip");
  });

  it("extends a block of the file, a block of an import, and what stands inside of them", () => {
    const text = `${stage1}
extend pretrain.optimizer { lr = 2e-4 }
extend pretrain { train = 9 steps, schedule.warmup = 3 steps }
extend caption { max_len = 8 tokens }
`;
    const { model } = checkExample({ text }, "a.blip");
    const stage = model?.stages.get("pretrain");
    expect([stage?.optimizer.lr.value, stage?.train.value.value]).toEqual([2e-4, 9]);
    expect(model?.texts.get("caption")?.maxLength.value).toBe(8);
    const from = 'blip 1\nimport "./stage1.blip" as s1\nextend s1 { batch = 4 }\n';
    const example = (end: string, set?: string) => ({
      text: `${from}extend s1.pretrain.optimizer { lr = ${end}\n`,
      files: { "stage1.blip": stage1 },
      ...(set === undefined ? {} : { set: [set] }),
    });
    const rate = (each: Example) =>
      checkExample(each).model?.stages.get("pretrain")?.optimizer.lr.value;
    expect(rate(example("3e-4 }"))).toBe(3e-4);
    expect(rate(example("3e-4 }", "pretrain.optimizer.lr=7e-4"))).toBe(7e-4);
    expect(codesOf(example("3e-4, lrr = 1 }"))).toEqual(["BLIP1206"]);
    const notes = (each: Example) =>
      checkExample(each).diagnostics.map((found) => found.notes[0]?.text);
    const nowhere = [
      expect.stringMatching(/^`extend` changes what exists and adds nothing; .* in stage1\.blip$/),
    ];
    expect(notes(example("3e-4, lrr = 1 }"))).toEqual(nowhere);
    const files = { "stage1.blip": stage1 };
    expect(notes({ text: `${from}extend s1.pertrain { seed = 1 }\n`, files })).toEqual(nowhere);
    expect(notes(example("3e-4 }", "pretrain.optimiser.lr=1"))).toEqual([
      expect.stringMatching(/edit the file or use `extend`$/),
    ]);
  });

  it("lets the later override win, and extend lose against --set", () => {
    const text = 'blip 1\nimport "./stage1.blip" as base\nextend base {\n  batch = 16\n}\n';
    const files = { "stage1.blip": stage1 };
    const batchOf = (set: readonly string[]) =>
      checkExample({ text, files, set }).model!.data.get("pairs")!.batch.value;
    expect([batchOf([]), batchOf(["batch=8"]), batchOf(["batch=8", "batch=4"])]).toEqual([
      16, 8, 4,
    ]);
  });
});
