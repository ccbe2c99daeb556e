/** GPT-2's and OPT's vocab.json and merges.txt → tokenizer.json. */
import { specialToken, type TokenizerJson, template } from "./tokenizer-json.ts";

/** Text of vocab.json (token → id) and of merges.txt (a pair a line, the first line may be a version). */
export interface ByteLevelFiles {
  readonly vocabulary: string;
  readonly merges: string;
}

/** GPT-2: no token is put around the text; `<|endoftext|>` is special and pads. */
export function gpt2TokenizerJson(files: ByteLevelFiles): TokenizerJson {
  return byteLevel(files, ["<|endoftext|>"], "<|endoftext|>", []);
}

/** OPT: GPT-2's pieces under other ids; `</s>` stands before the text, `<pad>` pads. */
export function optTokenizerJson(files: ByteLevelFiles): TokenizerJson {
  return byteLevel(files, ["</s>", "<pad>"], "<pad>", ["</s>"]);
}

function byteLevel(
  files: ByteLevelFiles,
  special: readonly string[],
  pad: string,
  before: readonly string[],
): TokenizerJson {
  const vocab = JSON.parse(files.vocabulary) as Readonly<Record<string, number>>;
  const entry = (token: string): readonly [string, number] => {
    const id = Object.hasOwn(vocab, token) ? vocab[token] : undefined;
    if (id === undefined) throw new RangeError(`the vocabulary has no ${token}`);
    return [token, id];
  };
  const merges = files.merges
    .split("\n")
    .filter((line, index) => line !== "" && !(index === 0 && line.startsWith("#version")));
  return {
    version: "1.0",
    truncation: null,
    padding: { pad_id: entry(pad)[1] },
    added_tokens: special.map((token) => specialToken(entry(token)[1], token)),
    normalizer: null,
    pre_tokenizer: {
      type: "ByteLevel",
      add_prefix_space: false,
      trim_offsets: true,
      use_regex: true,
    },
    post_processor: template(before.map(entry), []),
    decoder: { type: "ByteLevel", add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: { type: "BPE", vocab, merges },
  };
}
