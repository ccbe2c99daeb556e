/** Frames of the gallery that need more than one label, source or line of notes. */
import { expect, it } from "vitest";
import type { Diagnostic, Label } from "../../grammar/diagnostic.ts";
import { renderDiagnostic } from "../../grammar/render-diagnostic.ts";
import { createSource, type Source, spanOf } from "../../grammar/source.ts";

/** A label on a piece of text that stands once in the source. */
function on(source: Source, piece: string, text: string, more: Partial<Label> = {}): Label {
  const start = source.text.indexOf(piece);
  return { span: spanOf(source, start, start + piece.length), text, ...more };
}

/** A source whose text starts at a line further down. */
function at(line: number, name: string, text: string): Source {
  return createSource(name, "\n".repeat(line - 1) + text);
}

function message(parts: Partial<Diagnostic> & { readonly primary: Label }): Diagnostic {
  return {
    code: "BLIP1234",
    slug: "test",
    severity: "error",
    title: "title",
    labels: [],
    notes: [],
    fixes: [],
    ...parts,
  };
}

it("hangs the text of an earlier label on the same line below it (item 2)", () => {
  const source = at(9, "stage1.blip", 'frozen encoder vision = "facebook/opt-2.7b" {');
  const diagnostic = message({
    primary: on(source, '"facebook/opt-2.7b"', "takes tokens, gives logits"),
    labels: [on(source, "encoder", "this block needs an image encoder")],
    notes: [{ kind: "help", text: "declare it" }],
  });
  expect(renderDiagnostic(diagnostic)).toBe(`error[BLIP1234]: title
 --> stage1.blip:9:25
  |
9 | frozen encoder vision = "facebook/opt-2.7b" {
  |        -------          ^^^^^^^^^^^^^^^^^^^ takes tokens, gives logits
  |        |
  |        this block needs an image encoder
  |
  = help: declare it`);
});

it("shows another source below a `:::` (item 12)", () => {
  const set = createSource("--set", "image_size=230");
  const file = at(5, "stage1.blip", "param image_size: int = 224 where image_size % 14 == 0");
  const diagnostic = message({
    primary: on(set, "230", "from the command line"),
    labels: [on(file, "image_size % 14 == 0", "this rule fails: 230 % 14 = 6")],
  });
  expect(renderDiagnostic(diagnostic)).toBe(`error[BLIP1234]: title
 --> --set:1:12
  |
1 | image_size=230
  |            ^^^ from the command line
  |
  ::: stage1.blip:5:35
  |
5 | param image_size: int = 224 where image_size % 14 == 0
  |                                   -------------------- this rule fails: 230 % 14 = 6
  |`);
});

it("marks gaps, aligns numbers, and shows labels apart in the order of the file (item 16)", () => {
  const source = at(
    8,
    "stage2.blip",
    `frozen queries q = s1.q
trainable qformer bridge = s1.bridge {


}
extend lm {${"\n".repeat(20)}  minimize = say`,
  );
  const diagnostic = message({
    primary: on(source, "say", "no weight would receive a gradient"),
    labels: [
      on(source, "extend", "every module is frozen", { apart: true }),
      on(source, "frozen", "", { apart: true }),
      on(source, "trainable", "", { apart: true }),
    ],
    notes: [{ kind: "note", text: "first line\nsecond line" }],
  });
  expect(renderDiagnostic(diagnostic)).toBe(`error[BLIP1234]: title
  --> stage2.blip:8:1
   |
 8 | frozen queries q = s1.q
   | ------
 9 | trainable qformer bridge = s1.bridge {
   | ---------
...
13 | extend lm {
   | ------ every module is frozen
   |
   ::: stage2.blip:33:14
   |
33 |   minimize = say
   |              ^^^ no weight would receive a gradient
   |
   = note: first line
           second line`);
});

it("underlines wide characters and tabs, and shows no control character", () => {
  const source = createSource("a.blip", 'x =\t"日本" + "\u001b[31m" + y');
  const text = renderDiagnostic(message({ primary: on(source, "y", "h\u001bere") }));
  expect(text).toContain('1 | x =  "日本" + "␛[31m" + y\n  |                         ^ h␛ere');
});

it("passes each piece to the style", () => {
  const source = createSource("a.blip", "x = y");
  const text = renderDiagnostic(message({ primary: on(source, "y", "") }), (role, piece) =>
    role === "error" ? `<${piece}>` : piece,
  );
  expect(text).toContain("<error[BLIP1234]>: title");
  expect(text).toContain("  |     <^>");
});
