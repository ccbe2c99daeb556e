/** Text blocks of a pipeline → tokenizers and rows of ids. */
import { existsSync } from "node:fs";
import type { CheckedText } from "../../compiler/1-check/model.ts";
import { withQuestion } from "../../compiler/question-place.ts";
import type { TextDescription, TokenRows } from "../data/batch.ts";
import { type TextKind, tokenizerFiles } from "../data/shapes/vocabulary.ts";
import { captionProcessor } from "../text/caption.ts";
import { loadTokenizer, type Tokenizer } from "../text/tokenizer.ts";
import type { TokenizerJson } from "../text/tokenizer-json.ts";
import { tokenizerPlaces } from "./project.ts";
import { RunFault } from "./run-fault.ts";

/** The label of a position that is not learned. */
export const ignoredLabel = -100;

const shapesKinds: Readonly<Record<CheckedText["form"], TextKind>> = {
  bert: "qformer",
  lm: "lm",
  document: "documents",
};

/**
 * The tokenizer of a text block. `shapes` is built in; any other name is looked for as `NAME/tokenizer.json` in
 * `folders`. Throws `RunFault` saying where it was looked for.
 */
export function openTokenizer(text: CheckedText, folders: readonly string[]): Tokenizer {
  const name = text.tokenizer.value;
  if (name === "shapes") {
    return loadTokenizer(
      tokenizerFiles(shapesKinds[text.form]).tokenizer as unknown as TokenizerJson,
    );
  }
  const tried = tokenizerPlaces(folders, name);
  const found = tried.find((path) => existsSync(path));
  if (found === undefined) {
    throw new RunFault(
      "data",
      `text \`${text.name}\` needs the tokenizer "${name}", and there is no ${tried.join(" or ")}`,
    );
  }
  return loadTokenizer(found);
}

/** How a text block turns captions into ids. */
export function describeText(text: CheckedText, tokenizer: Tokenizer): TextDescription {
  const clean = captionProcessor();
  return {
    tokenizer,
    maxLength: text.maxLength.value,
    ...(text.form === "document" ? {} : { process: clean }),
    isQuestion: text.field.value === "question",
    prompt: text.prompt.value,
    suffix: text.suffix.value,
    addSpecial: text.form !== "document",
  };
}

/**
 * Ids as labels: `ignoredLabel` at padding and, when there is a prompt, at it and what stands before it. A blank at the end
 * of a prompt belongs to the first word behind it, as byte-pair tokenizers have it.
 */
export function labelsOf(
  rows: TokenRows,
  text: CheckedText,
  tokenizer: Tokenizer,
  questions: readonly string[],
): Int32Array<ArrayBuffer> {
  const known = new Map<string, number>();
  const hiddenIn = (row: number): number => {
    const prompt = withQuestion(text.prompt.value, questions[row] ?? "").trimEnd();
    if (prompt === "") return 0;
    const length =
      known.get(prompt) ??
      tokenizer.before.length + tokenizer.encode(prompt, { addSpecial: false }).ids.length;
    known.set(prompt, length);
    return length;
  };
  return rows.ids.map((id, index) => {
    const column = index % rows.length;
    const isHidden = rows.mask[index] === 0 || column < hiddenIn((index - column) / rows.length);
    return isHidden ? ignoredLabel : id;
  });
}
