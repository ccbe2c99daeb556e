import { describe, expect, it } from "vitest";
import { messages } from "../../../grammar/messages/index.ts";
import { seedNotSaid } from "../../../grammar/messages/lints.ts";
import { checkExample, codesOf, printed } from "../../support/check-example.ts";

describe("examples of the catalogue", () => {
  // Those below BLIP10 are about text alone: their examples are tested with the grammar.
  for (const message of messages.filter(({ code }) => code >= "BLIP10")) {
    const { code, slug, failing, working } = message;
    it(`${code} ${slug}: the failing example gives just this code`, () => {
      const { information } = checkExample(failing);
      const found =
        message.severity === "info" ? information.map((each) => each.code) : codesOf(failing);
      const others: readonly string[] = code === seedNotSaid.code ? [] : [seedNotSaid.code];
      const wanted = found.filter((each) => !others.includes(each));
      expect([...new Set(wanted)], printed(failing)).toEqual([code]);
    });
    it(`${code} ${slug}: the working example gives nothing`, () => {
      expect(codesOf(working), printed(working)).toEqual([]);
      if (message.severity !== "info") return;
      const { information } = checkExample(working);
      expect(information.map((each) => each.code)).not.toContain(code);
    });
  }
});
