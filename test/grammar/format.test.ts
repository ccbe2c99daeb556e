/** The formatter: what it prints, and what it never changes. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { format } from "../../grammar/format.ts";
import { lex } from "../../grammar/lex.ts";
import { parse } from "../../grammar/parse.ts";
import { printAst } from "../../grammar/print-ast.ts";
import { createSource } from "../../grammar/source.ts";
import { Newline } from "../../grammar/tokens.ts";
import { writtenFiles } from "../support/sources.ts";
import { mutantsOf } from "./mutation.ts";
import { scatteredFile } from "./random-file.ts";

const formatted = (text: string) => format(createSource("example.blip", text));
const tree = (text: string) => printAst(parse(createSource("example.blip", text)).document);
const comments = (text: string) =>
  parse(createSource("example.blip", text)).document.comments.map(({ text: words, placement }) => [
    words.trimEnd().replaceAll("\r\n", "\n"),
    placement,
  ]);
const words = (text: string) =>
  lex(createSource("example.blip", text))
    .tokens.filter(({ tokenType }) => tokenType !== Newline && tokenType.name !== "Comma")
    .map(({ image }) => image.trimEnd());

describe("format", () => {
  it("prints every construct", () => {
    const text = `blip   1
import "a.blip"   as s1


import {q,bridge,} from "b.blip"
param  n:int=224 where n%14==0
param llm : backbone < lm > ="opt"
let t=-(1+2)*n
frozen encoder vision="eva"{input=image[n , n,3]
freeze=blocks[0..20]}
optimizer:adamw{lr=1e-4,betas=[0.9,0.98,]}
extend s1{ pretrain.optimizer.lr=2e-4 }
test "wiring"{assert not a.b<200e6 else "few"}
save{}`;
    expect(formatted(text)).toBe(`blip 1
import "a.blip" as s1

import { q, bridge } from "b.blip"
param n: int = 224 where n % 14 == 0
param llm: backbone<lm> = "opt"
let t = -(1 + 2) * n
frozen encoder vision = "eva" {
  input = image[n, n, 3]
  freeze = blocks[0..20]
}
optimizer: adamw { lr = 1e-4, betas = [0.9, 0.98] }
extend s1 { pretrain.optimizer.lr = 2e-4 }
test "wiring" { assert not a.b < 200e6 else "few" }
save {}
`);
  });

  it("breaks what does not fit: bodies, lists, sums behind their operators, chains before arrows", () => {
    const name = "a_rather_long_name_for_an_objective";
    const text = `optimizer: adamw { lr = 1e-4, weight_decay = 0.05, betas = [0.9, 0.98], another_setting = ${name} }
minimize = 1.0 * ${name} + 2.0 * ${name} + 3.0 * ${name}
image = random_resized_crop(image_size, scale: [0.5, 1.0]) -> random_flip -> normalize("clip") -> ${name}
self = [${name}, ${name}, ${name}]
`;
    expect(formatted(text)).toBe(`optimizer: adamw {
  lr = 1e-4
  weight_decay = 0.05
  betas = [0.9, 0.98]
  another_setting = ${name}
}
minimize = 1.0 * ${name} +
  2.0 * ${name} +
  3.0 * ${name}
image = random_resized_crop(image_size, scale: [0.5, 1.0])
  -> random_flip
  -> normalize("clip")
  -> ${name}
self = [
  ${name},
  ${name},
  ${name}
]
`);
    expect(formatted(formatted(text))).toBe(formatted(text));
  });

  it("leaves comments on their lines, and one blank line of several", () => {
    const text = `// first
a {   // behind the brace


   // alone
   x=[1,   // one
      2    /* two */ ]


   /// says what y is
   y=2   // ${"long ".repeat(30)}
   // last
}   // behind


`;
    expect(formatted(text)).toBe(`// first
a { // behind the brace

  // alone
  x = [
    1, // one
    2 /* two */
  ]

  /// says what y is
  y = 2 // ${"long ".repeat(30).trimEnd()}
  // last
} // behind
`);
  });

  it("keeps CRLF and a byte order mark", () => {
    expect(formatted("\uFEFFa=1\r\nb {\r\nc=2 }\r\n")).toBe(
      "\uFEFFa = 1\r\nb {\r\n  c = 2\r\n}\r\n",
    );
  });

  it("formats around statements with errors, which stay as they are", () => {
    const text = `a   {
      x=1
   dtype   f16
      y=[1,2
      z=3
}
b=   2
`;
    expect(formatted(text)).toBe(`a {
  x = 1
  dtype   f16
  y=[1,2
  z = 3
}
b = 2
`);
  });

  it("leaves the pipelines of this project as they are", () => {
    const files = writtenFiles("pipelines").filter((path) => path.endsWith(".blip"));
    expect(files.length).toBeGreaterThan(6);
    const changed = files.filter((path) => {
      const text = readFileSync(path, "utf8");
      return formatted(text) !== text;
    });
    expect(changed).toEqual([]);
  });

  it("gives what it is given the second time, with the same tree and the same comments", () => {
    fc.assert(
      fc.property(scatteredFile, (text) => {
        const once = formatted(text);
        expect(parse(createSource("example.blip", text)).diagnostics).toEqual([]);
        expect(formatted(once)).toBe(once);
        expect(tree(once)).toBe(tree(text));
        expect(comments(once)).toEqual(comments(text));
        expect(once).not.toMatch(/[ \t]\n|\n\n\n/);
      }),
      { numRuns: 80 },
    );
  });

  it("keeps the text of broken files, and is settled after one turn", () => {
    const text = readFileSync(new URL("examples/stage2.blip", import.meta.url), "utf8");
    const offset = 5;
    for (const [index, mutant] of mutantsOf(text).entries()) {
      if (index % 29 !== offset) continue;
      const broken = `a   =   1\n${mutant.text}`;
      const once = formatted(broken);
      expect(once).toMatch(/^a = 1\n/);
      expect(words(once)).toEqual(words(broken));
      expect(comments(once).map(([each]) => each)).toEqual(comments(broken).map(([each]) => each));
      expect(formatted(once)).toBe(once);
    }
  });
});
