/** The catalogue: codes, and the examples of the messages about text and syntax. */
import { describe, expect, it } from "vitest";
import { findMessage, messages } from "../../grammar/messages/index.ts";
import { syntaxMessages } from "../../grammar/messages/syntax.ts";
import { textMessages } from "../../grammar/messages/text.ts";
import { parse } from "../../grammar/parse.ts";
import { createSource } from "../../grammar/source.ts";

const codesOf = (text: string) =>
  new Set(parse(createSource("example.blip", text)).diagnostics.map(({ code }) => code));

describe("the catalogue", () => {
  it("has each code and each name once, in order", () => {
    const codes = messages.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].toSorted());
    expect(codes.filter((code) => !/^BLIP\d{4}$/.test(code))).toEqual([]);
    expect(new Set(messages.map(({ slug }) => slug)).size).toBe(messages.length);
  });

  it("finds an entry by its code, however it is written", () => {
    expect(findMessage("blip0102")?.slug).toBe("unclosed-bracket");
    expect(findMessage("0102")?.slug).toBe("unclosed-bracket");
    expect(findMessage("BLIP9999")).toBeUndefined();
  });

  it("has examples of the syntax that parse, for messages about meaning", () => {
    const later = messages.filter(({ code }) => code >= "BLIP10");
    for (const { code, failing, working } of later) {
      expect([code, ...codesOf(failing.text)]).toEqual([code]);
      expect([code, ...codesOf(working.text)]).toEqual([code]);
    }
  });
});

describe.each([...textMessages, ...syntaxMessages].map((entry) => ({ entry, code: entry.code })))(
  "$code",
  ({ entry, code }) => {
    it("is given by its failing example", () => {
      const codes = codesOf(entry.failing.text);
      expect(codes).toContain(code);
      if (entry.slug !== "more-messages") {
        expect([...codes]).toEqual([code]);
      }
    });

    it("is not given by its working example", () => {
      expect([...codesOf(entry.working.text)]).toEqual([]);
    });
  },
);
