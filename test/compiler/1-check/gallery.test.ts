/** The 32 messages of the gallery (language.md section 5), letter by letter. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { renderDiagnostic } from "../../../grammar/render-diagnostic.ts";
import { checkExample, diagnosticsOf } from "../../support/check-example.ts";
import { hasShared, sharedPath, withoutShared } from "../../support/shared.ts";
import { type GalleryExample, galleryExamples } from "./gallery/examples.ts";

const framePattern = /(?:## |\*\*)(\d+)\. (.*?)(?:\*\*)?\n\n```text\n([\s\S]*?)\n```/g;

function framesIn(text: string): ReadonlyMap<number, readonly [title: string, frame: string]> {
  const found = [...text.matchAll(framePattern)];
  return new Map(found.map(([, number, title, frame]) => [Number(number), [title!, frame!]]));
}

const frames = framesIn(readFileSync(new URL("gallery/frames.md", import.meta.url), "utf8"));

function framesOf({ main, files, set, device }: GalleryExample): readonly string[] {
  const example = { text: files[main]!, files, ...(set && { set }), ...(device && { device }) };
  const { information } = checkExample(example, main);
  // Every example leaves the seed out; that remark is about none of the faults.
  const worthKnowing = information.filter(({ slug }) => slug !== "seed-not-said");
  const found = worthKnowing.length > 0 ? worthKnowing : diagnosticsOf(example, main);
  return found.map((each) => renderDiagnostic(each));
}

describe("gallery", () => {
  for (const example of galleryExamples) {
    const { number, differs } = example;
    const [title, frame] = frames.get(number) ?? ["", ""];
    const because = differs === undefined ? "" : ` (not as in the gallery: ${differs})`;
    it(`${number}. ${title}${because}`, () => {
      expect(framesOf(example)).toEqual([frame]);
    });
  }

  it("has all 32", () => {
    expect(galleryExamples.map(({ number }) => number)).toEqual([...frames.keys()]);
    expect(frames.size).toBe(32);
  });
});

describe.skipIf(!hasShared)(`the frames${withoutShared}`, () => {
  it("are those of the document, but for the ones that say why not", () => {
    const document = readFileSync(sharedPath("docs/language.md"), "utf8");
    const section = document.slice(
      document.indexOf("## 5. Diagnostics gallery"),
      document.indexOf("## 6. The command line"),
    );
    const wanted = framesIn(section);
    const different = [...wanted].filter(
      ([number, [, frame]]) => frames.get(number)?.[1] !== frame,
    );
    const explained = galleryExamples.filter(({ differs }) => differs !== undefined);
    expect(different.map(([number]) => number)).toEqual(explained.map(({ number }) => number));
  });
});
