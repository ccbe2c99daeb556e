/** Offsets, lines and columns. */
import { expect, it } from "vitest";
import { createSource, lineCount, lineText, positionAt } from "../../grammar/source.ts";

it("counts lines and columns from 1, in UTF-16 units, with LF and CRLF", () => {
  const source = createSource("a.blip", "ab\r\n🦆c\n");
  expect(positionAt(source, 0)).toEqual({ line: 1, column: 1 });
  expect(positionAt(source, 4)).toEqual({ line: 2, column: 1 });
  expect(positionAt(source, 6)).toEqual({ line: 2, column: 3 });
  expect(positionAt(source, 99)).toEqual({ line: 3, column: 1 });
  expect([lineText(source, 1), lineText(source, 2), lineText(source, 3)]).toEqual([
    "ab",
    "🦆c",
    "",
  ]);
  expect(lineCount(source)).toBe(3);
});

it("does not count a byte order mark as a column", () => {
  const source = createSource("a.blip", "\uFEFFblip 1");
  expect(positionAt(source, 1)).toEqual({ line: 1, column: 1 });
  expect(lineText(source, 1)).toBe("blip 1");
});
