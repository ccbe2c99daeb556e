/** What is learned of a row behind a prompt: not the prompt, whose question differs from row to row. */
import { expect, test } from "vitest";
import { tokenRows } from "../../../runtime/data/batch.ts";
import {
  describeText,
  ignoredLabel,
  labelsOf,
  openTokenizer,
} from "../../../runtime/train/tokenizers.ts";
import { checkExample } from "../../support/check-example.ts";

const { model } = checkExample({
  text: `blip 1
frozen lm opt = "shapes-opt"
text answer = opt.tokenizer { max_len = 10 tokens, prompt = "{question} left ", suffix = "\\n" }
text ask = opt.tokenizer { max_len = 6 tokens, field = question }
`,
});

test("each row hides its own question, the words of the prompt and what stands before them", () => {
  const text = model!.texts.get("answer")!;
  const tokenizer = openTokenizer(text, []);
  const questions = ["red circle", "blue"];
  const rows = tokenRows(describeText(text, tokenizer))(["large", "small"], questions);
  const labels = labelsOf(rows, text, tokenizer, questions);
  const words = [0, 1].map((row) =>
    [...labels.subarray(row * 10, row * 10 + 10)].map((id) =>
      id === ignoredLabel ? "-" : tokenizer.tokenOf(id),
    ),
  );
  const start = Array.from({ length: tokenizer.before.length }, () => "-");
  const padded = (row: readonly string[]) => [...row, ...Array(10).fill("-")].slice(0, 10);
  expect(words).toEqual([
    padded([...start, "-", "-", "-", "large", "\n"]),
    padded([...start, "-", "-", "small", "\n"]),
  ]);
});

test("a text with `field = question` holds the question and not the caption", () => {
  const ask = model!.texts.get("ask")!;
  const tokenizer = openTokenizer(ask, []);
  const rows = tokenRows(describeText(ask, tokenizer))(["large"], ["red circle"]);
  const words = [...rows.ids].filter((_, index) => rows.mask[index] === 1);
  expect(tokenizer.decode(words).trim()).toBe("red circle");
});
