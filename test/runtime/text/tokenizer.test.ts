/** Tokenizers built from small tables: padding, truncation, special tokens, decoding. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bertText } from "../../../runtime/text/bert-text.ts";
import { bertTokenizerJson, wordTokenizerJson } from "../../../runtime/text/build-bert.ts";
import { gpt2TokenizerJson, optTokenizerJson } from "../../../runtime/text/build-byte-level.ts";
import { loadTokenizer } from "../../../runtime/text/tokenizer.ts";

const bertWords = [
  "[PAD]",
  "[UNK]",
  "[CLS]",
  "[SEP]",
  "[MASK]",
  "a",
  "cat",
  "##s",
  ".",
  "σ",
  "##σ",
];
const bert = loadTokenizer(bertTokenizerJson(`${bertWords.join("\n")}\n`));

describe("BERT", () => {
  test("[DEC] follows the table and is matched in text", () => {
    expect(bert.size).toBe(12);
    expect(bert.idOf("[DEC]")).toBe(11);
    expect(bert.encode("[DEC] A CATS.").ids).toEqual([2, 11, 5, 6, 7, 8, 3]);
  });

  test("unknown words, accents, a capital sigma at the end of a word", () => {
    expect(bert.encode("dog Ä CÀTS").ids).toEqual([2, 1, 5, 6, 7, 3]);
    expect(bert.tokenize("ΣΣ")).toEqual(["σ", "##σ"]);
    expect(bertText("A\u0000\u200b中\u2003\u{1fae8}", {})).toBe("a 中  ");
  });

  test("truncation keeps the special tokens; padding fills either side", () => {
    expect(bert.encode("a cat. a cat.", { maxLength: 4 }).ids).toEqual([2, 5, 6, 3]);
    expect(bert.encode("a cat.", { maxLength: 4, truncationSide: "left" }).ids).toEqual([
      2, 6, 8, 3,
    ]);
    const options = { maxLength: 5, padding: "max" } as const;
    expect(bert.encode("a", options)).toEqual({ ids: [2, 5, 3, 0, 0], mask: [1, 1, 1, 0, 0] });
    expect(bert.encode("a", { ...options, side: "left" })).toEqual({
      ids: [0, 0, 2, 5, 3],
      mask: [0, 0, 1, 1, 1],
    });
    expect(bert.encode("a cat", { addSpecial: false }).ids).toEqual([5, 6]);
    expect(() => bert.encode("a a a", { maxLength: 4, truncation: false })).toThrow(
      "5 tokens is longer than 4",
    );
    expect(() => bert.encode("a", { padding: "max" })).toThrow("needs maxLength");
  });

  test("decoding leaves special tokens out and cleans up", () => {
    expect(bert.decode([2, 5, 6, 7, 8, 3, 0])).toBe("a cats.");
    expect(bert.decode([5, 6, 8], { cleanUp: false })).toBe("a cat .");
    expect(bert.decode([5, 3], { skipSpecial: false })).toBe("a [SEP]");
    expect(bert.decode([])).toBe("");
    expect(bert.decode([999])).toBe("");
  });

  test("a vocabulary without its special tokens is refused", () => {
    expect(() => bertTokenizerJson("a\nb\n")).toThrow("no [PAD]");
  });
});

describe("byte level", () => {
  const tokens = ["<s>", "<pad>", "</s>", "<unk>", "a", "b", "Ġ", "ab", "Ġa", "Ċ", "<|endoftext|>"];
  const vocabulary = JSON.stringify(Object.fromEntries(tokens.map((token, id) => [token, id])));
  const files = { vocabulary, merges: "#version: 0.2\na b\nĠ a\n" };

  test("OPT puts </s> first, pads with 1, knows the newline", () => {
    const opt = loadTokenizer(optTokenizerJson(files));
    expect(opt.before).toEqual([2]);
    const { ids, mask } = opt.encode("ab a\n", { maxLength: 6, padding: "max" });
    expect(ids).toEqual([2, 7, 8, 9, 1, 1]);
    expect(mask).toEqual([1, 1, 1, 1, 0, 0]);
    expect(opt.decode(ids)).toBe("ab a\n");
  });

  test("GPT-2 adds nothing and keeps its end of text whole", () => {
    const gpt2 = loadTokenizer(gpt2TokenizerJson(files));
    expect(gpt2.encode("a<|endoftext|>b").ids).toEqual([4, 10, 5]);
    expect(gpt2.decode([4, 10, 5])).toBe("ab");
  });

  test("a table without the special tokens is refused", () => {
    const merges = "";
    expect(() => optTokenizerJson({ vocabulary: '{"a":0}', merges })).toThrow("no <pad>");
  });
});

describe("word table", () => {
  const table = {
    words: ["[PAD]", "[UNK]", "</s>", "\n", "a", "red", "circle"],
    special: ["[PAD]", "[UNK]", "</s>", "\n"],
    unknown: "[UNK]",
    pad: "[PAD]",
    before: ["</s>"],
  };

  test("ids are positions; only whole words are known; a newline is a token", () => {
    const words = loadTokenizer(wordTokenizerJson(table));
    expect(words.encode("a red circle\n").ids).toEqual([2, 4, 5, 6, 3]);
    expect(words.encode("redcircle reds").ids).toEqual([2, 1, 1]);
    expect(words.decode([2, 4, 5, 6, 3])).toBe("a red circle");
    expect(words.tokenOf(6)).toBe("circle");
  });

  test("a doubled or missing word is refused", () => {
    expect(() => wordTokenizerJson({ ...table, words: ["a", "a"] })).toThrow("twice");
    expect(() => wordTokenizerJson({ ...table, pad: "none" })).toThrow('no "none"');
  });
});

test("a file is read by its path; what is no tokenizer is named", () => {
  const folder = mkdtempSync(join(tmpdir(), "tokenizer-"));
  try {
    const good = join(folder, "tokenizer.json");
    writeFileSync(good, JSON.stringify(bertTokenizerJson(bertWords.join("\n"))));
    expect(loadTokenizer(good).encode("a cat").ids).toEqual([2, 5, 6, 3]);
    const bad = join(folder, "bad.json");
    writeFileSync(bad, '{"model": {}}');
    expect(() => loadTokenizer(bad)).toThrow(bad);
    expect(() => loadTokenizer(join(folder, "none.json"))).toThrow("none.json");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
