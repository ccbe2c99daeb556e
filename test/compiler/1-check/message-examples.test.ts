import { describe, expect, it } from "vitest";
import { messages } from "../../../grammar/messages/index.ts";
import { checkExample, codesOf, printed } from "../../support/check-example.ts";

describe("examples of the catalogue", () => {
  // Those below BLIP10 are about text alone: their examples are tested with the grammar.
  for (const message of messages.filter(({ code }) => code >= "BLIP10")) {
    const { code, slug, failing, working } = message;
    it(`${code} ${slug}: the failing example gives just this code`, () => {
      const { information } = checkExample(failing);
      const found =
        message.severity === "info" ? information.map((each) => each.code) : codesOf(failing);
      expect([...new Set(found)], printed(failing)).toEqual([code]);
    });
    it(`${code} ${slug}: the working example gives nothing`, () => {
      expect(codesOf(working), printed(working)).toEqual([]);
    });
  }
});
