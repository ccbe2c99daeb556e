/** LAVIS's caption and question cleaning. */
import { expect, test } from "vitest";
import { captionProcessor } from "../../../runtime/text/caption.ts";
import { questionProcessor } from "../../../runtime/text/question.ts";

test("captions: punctuation becomes spaces, runs of blanks one space", () => {
  const clean = captionProcessor();
  expect(clean('Two dogs!  (running) on "grass"...')).toBe("two dogs running on grass");
  expect(clean("a\u001c\u00a0b\tc\n\n")).toBe("a b\tc");
  expect(clean("end\n")).toBe("end");
  expect(captionProcessor({ prompt: "a photo of ", maxWords: 2 })("One two three")).toBe(
    "a photo of one two",
  );
});

test("questions: punctuation goes, blanks stay but for the last ones", () => {
  const clean = questionProcessor();
  expect(clean("  What . is  this?  ")).toBe("  what  is  this?");
  expect(questionProcessor({ maxWords: 3 })("a  b c")).toBe("a  b");
});
