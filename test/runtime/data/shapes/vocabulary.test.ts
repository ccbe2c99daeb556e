/** Ids, tokenizer files and documents, through the tokenizer library that the runtime uses. */
import { Tokenizer } from "@huggingface/tokenizers";
import { describe, expect, it } from "vitest";
import { documentText, drawDocument } from "../../../../runtime/data/shapes/document.ts";
import { RandomStream } from "../../../../runtime/data/shapes/random.ts";
import { parseCaption } from "../../../../runtime/data/shapes/score.ts";
import {
  type TextKind,
  textTokens,
  tokenIds,
  tokenizerFiles,
  vocabulary,
} from "../../../../runtime/data/shapes/vocabulary.ts";

function load(kind: TextKind, withConfig = true): Tokenizer {
  const files: { tokenizer: object; config: object } = JSON.parse(
    JSON.stringify(tokenizerFiles(kind)),
  );
  return new Tokenizer(files.tokenizer, withConfig ? files.config : {});
}

const longest = "there is a small red circle left of a large cyan ring";

describe("vocabulary", () => {
  it("has the 41 words in the design's order", () => {
    const words =
      "[PAD] [UNK] [CLS] [SEP] [MASK] [DEC] </s> newline a there is with it its on in the of above below left right top bottom middle small large red green blue yellow purple orange cyan black circle square triangle diamond cross ring";
    expect(vocabulary).toEqual(words.replace("newline", "\n").split(" "));
    expect(vocabulary).toHaveLength(41);
    expect(tokenIds).toEqual({
      padding: 0,
      unknown: 1,
      classification: 2,
      separator: 3,
      mask: 4,
      decode: 5,
      endOfSentence: 6,
      newline: 7,
    });
  });

  it.each(["qformer", "lm", "documents"] as const)("%s gives each word its id", (kind) => {
    for (const withConfig of [true, false]) {
      const tokenizer = load(kind, withConfig);
      for (const [id, word] of vocabulary.entries()) {
        expect(tokenizer.encode(word, { add_special_tokens: false }).ids).toEqual([id]);
        expect(tokenizer.token_to_id(word)).toBe(id);
      }
    }
  });
});

describe("the Q-Former's tokenizer", () => {
  it("makes [CLS] words [SEP] of a caption, 14 tokens at most, and reads it back", () => {
    const tokenizer = load("qformer");
    const { ids } = tokenizer.encode(longest);
    expect(ids).toEqual([2, 9, 10, 8, 25, 27, 35, 20, 17, 8, 26, 33, 40, 3]);
    expect(ids).toHaveLength(textTokens);
    expect(tokenizer.decode(ids, { skip_special_tokens: true })).toBe(longest);
    expect(tokenizer.decode([...ids, 0, 0], { skip_special_tokens: true })).toBe(longest);
  });

  it("gives [UNK] for a word outside the table, also one that begins like a known word", () => {
    const { ids } = load("qformer", false).encode("A ringed atop hexagon");
    expect(ids).toEqual([2, 8, 1, 1, 1, 3]);
  });
});

describe("the language model's tokenizer", () => {
  it("makes </s> words newline of a caption with its newline, and reads it back", () => {
    const tokenizer = load("lm");
    const { ids } = tokenizer.encode(`${longest}\n`);
    expect(ids).toEqual([6, 9, 10, 8, 25, 27, 35, 20, 17, 8, 26, 33, 40, 7]);
    expect(ids).toHaveLength(textTokens);
    expect(tokenizer.decode(ids, { skip_special_tokens: true })).toBe(`${longest}\n`);
  });
});

describe("documents", () => {
  const documents = Array.from({ length: 4000 }, (_, index) =>
    drawDocument(new RandomStream(1, "documents", index)),
  );
  const tags = (tokens: readonly string[]) => tokens.slice(0, tokens.indexOf("</s>"));
  /** The captions that were not cut. */
  const captions = (tokens: readonly string[]) =>
    tokens
      .slice(tokens.indexOf("</s>") + 1)
      .join(" ")
      .split("</s>")
      .filter((part) => part.endsWith("\n") || part.endsWith("\n "));

  it("are a tag line in 60 %, then one to three captions of one meaning", () => {
    let tagged = 0;
    const counts = [0, 0, 0, 0];
    for (const tokens of documents) {
      expect(tokens.length).toBeLessThanOrEqual(48);
      if (tags(tokens).length > 0) tagged += 1;
      counts[tokens.filter((token) => token === "</s>").length]! += 1;
      const meanings = captions(tokens).map((caption) => JSON.stringify(parseCaption(caption)));
      expect(meanings[0]).toBeDefined();
      expect(new Set(meanings).size).toBe(1);
    }
    expect(Math.abs(tagged / documents.length - 0.6)).toBeLessThan(0.03);
    for (const count of counts.slice(1)) {
      expect(Math.abs(count / documents.length - 1 / 3)).toBeLessThan(0.03);
    }
  });

  it("have tag lines of content words, most in a caption's order", () => {
    const functionWords = /^(a|there|is|with|in|the|it|its|of|on)$/;
    const tagLines = documents.map(tags).filter((words) => words.length > 0);
    expect(tagLines.flat().some((word) => functionWords.test(word))).toBe(false);
    for (const words of tagLines) expect([4, 5, 7]).toContain(words.length);
    const ordered = tagLines.filter(
      ([size, color]) =>
        /large|small/.test(size!) &&
        vocabulary.indexOf(color!) >= 27 &&
        vocabulary.indexOf(color!) < 35,
    );
    const share = ordered.length / tagLines.length;
    expect(share).toBeGreaterThan(0.68);
    expect(share).toBeLessThan(0.8);
  });

  it("read back from their text to the same tokens", () => {
    const tokenizer = load("documents");
    for (const tokens of documents.slice(0, 500)) {
      const { ids } = tokenizer.encode(documentText(tokens));
      expect(ids.map((id: number) => vocabulary[id])).toEqual(tokens);
    }
  });
});
