/** The examples of the language and every construct of the grammar, as trees. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { expressionText } from "../../grammar/expression-text.ts";
import { parse } from "../../grammar/parse.ts";
import { prefixText, printAst } from "../../grammar/print-ast.ts";
import { createSource, textOf } from "../../grammar/source.ts";

const examples = ["stage1", "stage2", "vit_l"];
const read = (file: string) => readFileSync(new URL(`examples/${file}`, import.meta.url), "utf8");
const parseText = (text: string) => parse(createSource("example.blip", text));
const brief = (list: readonly Diagnostic[]) => list.map(({ code, title }) => `${code} ${title}`);

describe("the example files", () => {
  it.each(examples)("%s parses without a message into the stored tree", (name) => {
    const { document, diagnostics } = parseText(read(`${name}.blip`));
    expect(brief(diagnostics)).toEqual([]);
    const golden = new URL(`examples/${name}.ast.txt`, import.meta.url);
    if (!existsSync(golden) || process.env["UPDATE_GOLDEN"] === "1") {
      writeFileSync(golden, printAst(document));
    }
    expect(printAst(document)).toBe(readFileSync(golden, "utf8"));
  });

  it.each(examples)("%s gives the same tree with CRLF and a byte order mark", (name) => {
    const text = read(`${name}.blip`);
    const windows = parseText(`\uFEFF${text.replaceAll("\n", "\r\n")}`);
    expect(brief(windows.diagnostics)).toEqual([]);
    expect(printAst(windows.document)).toBe(printAst(parseText(text).document));
  });
});

/** The value of `let it = …` in prefix form, and as text. */
function value(text: string) {
  const { document, diagnostics } = parseText(`let it = ${text}`);
  expect(brief(diagnostics)).toEqual([]);
  const [statement] = document.statements;
  if (statement?.kind !== "let") {
    throw new Error("no let");
  }
  return { prefix: prefixText(statement.value), again: expressionText(statement.value) };
}

describe("expressions", () => {
  it.each([
    ["a -> b -> c", "(-> (-> a b) c)"],
    [
      "a or b and c == d + e * -f.g",
      "(or a (and b (== c (+ d (* e (- (. f g)))))))".replace("(== c", "(== c"),
    ],
    ["a - b - c", "(- (- a b) c)"],
    ["a % 2 == 0 and not b", "(and (== (% a 2) 0) (not b))"],
    ["not a == b", "(== (not a) b)"],
    ["(a + b) * c", "(* (group (+ a b)) c)"],
    ["f(g(1), x: [2, 3 px])(4)", "(call (call f (call g 1) x: (list 2 3 px)) 4)"],
    ["blocks[0..20, 3]", "(index blocks (.. 0 20) 3)"],
    ["[true, false, null, frozen]", "(list true false null frozen)"],
    ["250_000 steps", "250_000 steps"],
    ["f(from: as, as: from)", "(call f from: as as: from)"],
    ['"a\\u00e9\\n\\"b"', '"aé\\n\\"b"'],
  ])("%s", (text, prefix) => {
    const read = value(text);
    expect(read.prefix).toBe(prefix);
    expect(value(read.again).prefix).toBe(prefix);
  });

  it("does not take the first word of the next line for a unit", () => {
    const { document } = parseText("width = 768\nsteps = 3");
    expect(printAst(document)).toBe("document\n  setting width = 768\n  setting steps = 3\n");
  });
});

describe("statements", () => {
  it("reads every form", () => {
    const { document, diagnostics } = parseText(`blip 1
import { q, bridge } from "./stage1.blip"
import "./a.blip" as from
param size: f16[B, 257] = x where size > 3
param llm: backbone<lm>
param small: backbone<lm>="x" where 2 >= 1
let a = 1, let b = 2
extend base.inner { pretrain.lr = 1, }
assert a < b else "why"
encoder vision: small = "x" { as = 1 }
optimizer: adamw
save { }
`);
    expect(brief(diagnostics)).toEqual([]);
    expect(printAst(document)).toBe(`document
  edition 1
  import "./stage1.blip" { q, bridge }
  import "./a.blip" as from
  param size: f16[B, 257] = x where (> size 3)
  param llm: backbone<lm>
  param small: backbone<lm> = "x" where (>= 2 1)
  let a = 1
  let b = 2
  extend base.inner
    setting pretrain.lr = 1
  assert (< a b) else "why"
  block encoder vision : small = "x" { }
    setting as = 1
  block optimizer : adamw
  block save { }
`);
  });

  it("joins lines in brackets, behind operators and before an arrow", () => {
    const { document, diagnostics } = parseText(`image = resize(224)
  -> random_flip ->
  normalize(
    "clip",
  )
minimize =
  1.0 * itc +
  itm
self = [
  q
  ,
  caption,
]
`);
    expect(brief(diagnostics)).toEqual([]);
    expect(printAst(document)).toBe(`document
  setting image = (-> (-> (call resize 224) random_flip) (call normalize "clip"))
  setting minimize = (+ (* 1.0 itc) itm)
  setting self = (list q caption)
`);
  });

  it("attaches documentation to the next statement and keeps all comments", () => {
    const { document } = parseText(`/// First line.
/// Second line.

width = 1 // why
/* loose */
queries q { /// not for width
  count = 3
}
`);
    const [first, second] = document.statements;
    expect(first?.documentation).toBe("First line.\nSecond line.");
    expect(second?.documentation).toBeUndefined();
    expect(document.comments.map(({ style, placement }) => `${style} ${placement}`)).toEqual([
      "documentation leading",
      "documentation leading",
      "line trailing",
      "block leading",
      "documentation trailing",
    ]);
  });

  it("gives spans that cut out the text of a node", () => {
    const { document } = parseText('x = 1\nfrozen encoder v = "a" {\n  dtype = f16\n}\n');
    const block = document.statements[1];
    if (block?.kind !== "block") {
      throw new Error("no block");
    }
    expect(textOf(block.header)).toBe('frozen encoder v = "a"');
    expect(textOf(block.span)).toBe('frozen encoder v = "a" {\n  dtype = f16\n}');
    expect(block.name && textOf(block.name.span)).toBe("v");
    expect(block.body && textOf(block.body.span)).toBe("{\n  dtype = f16\n}");
  });
});

describe("broken files", () => {
  it("puts a gap where a value is missing and reads on", () => {
    const { document, diagnostics } = parseText("a =\nb = 2\nlet\nc = [1, , 3]\nd = x.\n");
    expect(brief(diagnostics)).toEqual([
      "BLIP0106 expected a value, found the end of the line",
      "BLIP0106 expected a name, found the end of the line",
      "BLIP0106 expected a value, found `,`",
      "BLIP0106 expected a name, found the end of the file",
    ]);
    expect(printAst(document)).toContain("  setting a = …\n  setting b = 2\n  let … = …\n");
    expect(printAst(document)).toContain("  setting d = (. x …)\n");
  });

  it("keeps the body of a block whose header is broken", () => {
    const { document, diagnostics } = parseText("queries q oops here {\n  count = 3\n}\nx = 1\n");
    expect(brief(diagnostics)).toEqual([
      "BLIP0107 expected the end of the statement, found `oops`",
    ]);
    expect(printAst(document)).toBe(
      "document\n  block queries q { }\n    setting count = 3\n  setting x = 1\n",
    );
  });

  it("says once that a line has several mistakes", () => {
    expect(parseText("x = = ) ]\n").diagnostics).toHaveLength(1);
  });

  it("stops after a hundred messages with a count", () => {
    const { diagnostics } = parseText("= 1\n".repeat(250));
    expect(diagnostics).toHaveLength(101);
    expect(diagnostics.at(-1)?.title).toBe("150 more messages about this file are not shown");
  });
});
