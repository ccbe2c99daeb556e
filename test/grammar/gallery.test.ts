/** Items 5 to 7 of the gallery of messages, letter by letter, and their fixes. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "../../grammar/parse.ts";
import { renderDiagnostic } from "../../grammar/render-diagnostic.ts";
import { createSource } from "../../grammar/source.ts";

const stage1 = readFileSync(new URL("examples/stage1.blip", import.meta.url), "utf8");

function only(text: string) {
  const { diagnostics } = parse(createSource("stage1.blip", text));
  expect(diagnostics).toHaveLength(1);
  const [diagnostic] = diagnostics;
  if (diagnostic === undefined) {
    throw new Error("no message");
  }
  return diagnostic;
}

function fixed(text: string): string {
  const edits = only(text).fixes[0]?.edits ?? [];
  return edits
    .toSorted((a, b) => b.span.start - a.span.start)
    .reduce(
      (now, { span, text: put }) => now.slice(0, span.start) + put + now.slice(span.end),
      text,
    );
}

const cases = [
  {
    name: "5. missing `=`",
    text: stage1.replace("  dtype = f16", "  dtype f16"),
    fixed: stage1,
    frame: `error[BLIP0104]: expected \`=\` between a setting and its value
  --> stage1.blip:11:3
   |
11 |   dtype f16
   |   ^^^^^^^^^ write \`dtype = f16\`
   |
   = note: two names in a row start a block, such as \`queries q { … }\`, and a block needs a body`,
  },
  {
    name: "6. unclosed bracket",
    text: stage1.replace("image_size, 3]", "image_size, 3"),
    fixed: stage1,
    frame: `error[BLIP0102]: this \`[\` is never closed
  --> stage1.blip:10:16
   |
10 |   input = image[image_size, image_size, 3
   |                ^ opened here
11 |   dtype = f16
   |   ------- a new setting starts here, so the list must end before it
   |
   = help: add \`]\` at the end of line 10  (fix available)`,
  },
  {
    name: "7. missing closing brace",
    text: stage1.replace("  init = normal(std: 0.02)\n}\n", ""),
    fixed: stage1.replace("  init = normal(std: 0.02)\n", ""),
    frame: `error[BLIP0103]: the \`queries q\` block is never closed
  --> stage1.blip:18:21
   |
18 | trainable queries q {
   |                     ^ opened here
...
22 | trainable qformer bridge = "bert-base-uncased" {
   | ----------------- looks like a new top-level block: it starts in column 1
   |
   = help: add \`}\` after line 20  (fix available)`,
  },
];

describe.each(cases)("$name", (each) => {
  it("prints the frame of the gallery", () => {
    expect(renderDiagnostic(only(each.text))).toBe(each.frame);
  });

  it("has a fix that mends the file", () => {
    expect(fixed(each.text)).toBe(each.fixed);
  });
});

describe("near relatives", () => {
  it.each([
    ["max_len 32 tokens", "write `max_len = 32 tokens`", "max_len = 32 tokens"],
    ["lr: 1e-4", "write `lr = 1e-4`", "lr = 1e-4"],
    ["pretrain.lr 1e-4", "write `pretrain.lr = 1e-4`", "pretrain.lr = 1e-4"],
    ['dtype "f16"', 'write `dtype = "f16"`', 'dtype = "f16"'],
  ])("%s", (line, advice, mended) => {
    const text = `stage s {\n  ${line}\n}\n`;
    const diagnostic = only(text);
    expect(diagnostic.code).toBe("BLIP0104");
    expect(diagnostic.primary.text).toBe(advice);
    expect(fixed(text)).toBe(`stage s {\n  ${mended}\n}\n`);
  });

  it.each([
    ["x = f(1, [2, 3\ny = 4\n", "x = f(1, [2, 3])\ny = 4\n", "BLIP0102"],
    ['import { a, b from "x.blip"\n', 'import { a, b} from "x.blip"\n', "BLIP0102"],
    ["x = f([1, 2)\n", "x = f([1, 2])\n", "BLIP0102"],
    ["data d = f(1 {\n  x = 1\n}\n", "data d = f(1) {\n  x = 1\n}\n", "BLIP0102"],
    ["s a {\n  save { x = 1\n}\n", "s a {\n  save { x = 1 }\n}\n", "BLIP0103"],
    [
      "s a {\n  b {\n    x = 1\n  c = 2\n}\n",
      "s a {\n  b {\n    x = 1\n  }\n  c = 2\n}\n",
      "BLIP0103",
    ],
    ["queries q\n  count = 3\n}\nx = 1\n", "queries q {\n  count = 3\n}\nx = 1\n", "BLIP0112"],
    [
      "queries q {\n  count = 3\n}\n}\nx = 1\n",
      "queries q {\n  count = 3\n}\n\nx = 1\n",
      "BLIP0101",
    ],
  ])("mends %j", (text, mended, code) => {
    expect(only(text).code).toBe(code);
    expect(fixed(text)).toBe(mended);
    expect(parse(createSource("x.blip", mended)).diagnostics).toEqual([]);
  });
});
