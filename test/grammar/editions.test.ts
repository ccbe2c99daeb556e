/** Editions: unknown ones are refused with a hint, known ones lead to the next. */
import { describe, expect, it } from "vitest";
import { applyEdits } from "../../grammar/apply-edits.ts";
import { type Migration, migrationEdits } from "../../grammar/editions.ts";
import { parse } from "../../grammar/parse.ts";
import { renderDiagnostic } from "../../grammar/render-diagnostic.ts";
import { createSource, spanOf } from "../../grammar/source.ts";

/** An edition 2 in which `width` is called `columns`, and an edition 3 in which nothing changed. */
const list: readonly Migration[] = [
  {
    from: 1,
    edits: (source, { statements }) =>
      statements.flatMap((each) =>
        each.kind === "setting" && source.text.startsWith("width", each.span.start)
          ? [
              {
                span: spanOf(source, each.span.start, each.span.start + "width".length),
                text: "columns",
              },
            ]
          : [],
      ),
  },
];

function migrated(before: string, target: number): string {
  for (let text = before, turn = 0; ; turn++) {
    expect(turn).toBeLessThan(5);
    const source = createSource("a.blip", text);
    const edits = migrationEdits(source, parse(source).document, target, list);
    if (edits.length === 0) return text;
    text = applyEdits(text, edits);
  }
}

describe("editions", () => {
  it("are refused when they are not known, with what to write", () => {
    const [found, ...others] = parse(createSource("a.blip", "blip 7\n")).diagnostics;
    expect(others).toEqual([]);
    expect(found && renderDiagnostic(found)).toBe(`error[BLIP0110]: there is no edition 7; known: 1
 --> a.blip:1:6
  |
1 | blip 7
  |      ^ not known to this compiler
  |
  = help: write \`blip 1\`, or read it with a newer compiler`);
  });

  it("lead to a later one, one after the other", () => {
    expect(migrated("blip 1 // first\nwidth = 3\nheight = 4\n", 3)).toBe(
      "blip 3 // first\ncolumns = 3\nheight = 4\n",
    );
  });

  it("stay when the file is there already, and are written where none is", () => {
    expect(migrated("blip 2\nwidth = 3\n", 2)).toBe("blip 2\nwidth = 3\n");
    expect(migrated("\uFEFFlet a = 1\r\n", 1)).toBe("\uFEFFblip 1\r\n\r\nlet a = 1\r\n");
  });
});
