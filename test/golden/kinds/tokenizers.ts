/** Kind `tokenizers`: strings to ids, pieces and back, for BERT, GPT-2, OPT and T5. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bertTokenizerJson } from "../../../runtime/text/build-bert.ts";
import { gpt2TokenizerJson, optTokenizerJson } from "../../../runtime/text/build-byte-level.ts";
import { t5TokenizerJson } from "../../../runtime/text/build-t5.ts";
import { loadTokenizer } from "../../../runtime/text/tokenizer.ts";
import { type Comparison, measured } from "../comparison.ts";

type Entry = { readonly text: string } & Readonly<Record<string, unknown>>;

/** Compares each key over all strings: the error is the number of strings that differ. */
export async function check(folder: string, c: unknown): Promise<readonly Comparison[]> {
  const entries = (c as { readonly strings: readonly Entry[] }).strings;
  const computed = keysOf(join(folder, "vocab"));
  const keys = new Set(entries.flatMap((entry) => Object.keys(entry)));
  keys.delete("text");
  return [...keys].map((key) => {
    const compute = computed[key];
    if (compute === undefined) return measured(key, "a key nothing computes", 1, 0);
    const holders = entries.filter((entry) => key in entry);
    const wrong = holders.flatMap((entry) => {
      const actual = compute(entry.text, entry);
      const expected = entry[key];
      return JSON.stringify(actual) === JSON.stringify(expected)
        ? []
        : [
            `${JSON.stringify(entry.text)}: ${JSON.stringify(actual)} for ${JSON.stringify(expected)}`,
          ];
    });
    const what = `strings that differ, of ${holders.length}`;
    return measured(key, what, wrong.length, 0, wrong.length > 0 ? wrong.join("; ") : undefined);
  });
}

/** How each key of a string is computed. */
function keysOf(
  vocabulary: string,
): Readonly<Record<string, (text: string, entry: Entry) => unknown>> {
  const text = (file: string) => readFileSync(join(vocabulary, file), "utf8");
  const model = readFileSync(join(vocabulary, "t5-spiece.model"));
  const merges = text("gpt2-merges.txt");
  const bert = loadTokenizer(bertTokenizerJson(text("bert-vocab.txt")));
  const gpt2 = loadTokenizer(gpt2TokenizerJson({ vocabulary: text("gpt2-vocab.json"), merges }));
  const opt = loadTokenizer(optTokenizerJson({ vocabulary: text("opt-vocab.json"), merges }));
  const t5 = loadTokenizer(t5TokenizerJson(model));
  const plain = loadTokenizer(t5TokenizerJson(model, { special: false }));
  const padded = { maxLength: 32, padding: "max" } as const;
  const cut = { maxLength: 32 } as const;
  const ids = (entry: Entry, key: string) => entry[key] as readonly number[];
  return {
    codepoints: (value) => Array.from(value, (character) => character.codePointAt(0)),
    bert: (value) => bert.encode(value).ids,
    bert_tokens: (value) => bert.tokenize(value),
    bert_max32: (value) => bert.encode(value, padded).ids,
    bert_max32_mask: (value) => bert.encode(value, padded).mask,
    bert_decoded: (_, entry) => bert.decode(ids(entry, "bert")),
    gpt2: (value) => gpt2.encode(value).ids,
    opt: (value) => opt.encode(value).ids,
    opt_trunc32: (value) => opt.encode(value, cut).ids,
    opt_decoded: (_, entry) => opt.decode(ids(entry, "opt")),
    t5: (value) => t5.encode(value).ids,
    t5_trunc32: (value) => t5.encode(value, cut).ids,
    t5_sentencepiece_raw: (value) => plain.encode(value).ids,
    t5_decoded: (_, entry) => t5.decode(ids(entry, "t5")),
  };
}
