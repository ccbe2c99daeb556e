import { expect, test } from "vitest";
import { counted } from "../../cli/counted.ts";

test.each([
  [0, "tokenizer", "0 tokenizers"],
  [1, "tokenizer", "1 tokenizer"],
  [2, "data set", "2 data sets"],
])("%i %s: %s", (count, noun, text) => {
  expect(counted(count, noun)).toBe(text);
});
