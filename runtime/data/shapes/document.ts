/** Meaning → a text of paraphrases, on which the language model learns to be steered by a prefix. */
import { captionsOf, drawCaption } from "./caption.ts";
import { drawMeaning, type Meaning } from "./meaning.ts";
import type { RandomStream } from "./random.ts";

/** Most tokens of a document. */
export const documentTokens = 48;

const functionWords = new Set(["a", "there", "is", "with", "in", "the", "it", "its", "of", "on"]);

function shuffled(words: readonly string[], random: RandomStream): readonly string[] {
  const order = [...words];
  for (let position = order.length - 1; position > 0; position -= 1) {
    const other = random.below(position + 1);
    [order[position], order[other]] = [order[other]!, order[position]!];
  }
  return order;
}

/** The content words of a caption of the meaning, in 30 % of the cases shuffled. */
function drawTagLine(meaning: Meaning, random: RandomStream): readonly string[] {
  const words = random
    .pick(captionsOf(meaning))
    .split(" ")
    .filter((word) => !functionWords.has(word));
  return random.chance(0.3) ? shuffled(words, random) : words;
}

/**
 * Draws a document as tokens of the vocabulary (the newline as "\n"): with probability 0.6 a tag line, which
 * stands where a picture's prefix will stand, then 1 to 3 times `</s>`, a caption of the same meaning, newline;
 * cut at 48 tokens. Meanings are over all 48 pairs.
 */
export function drawDocument(random: RandomStream): readonly string[] {
  const meaning = drawMeaning("any", random);
  const tokens = random.chance(0.6) ? [...drawTagLine(meaning, random)] : [];
  const paraphrases = 1 + random.below(3);
  for (let count = 0; count < paraphrases; count += 1) {
    tokens.push("</s>", ...drawCaption(meaning, random).split(" "), "\n");
  }
  return tokens.slice(0, documentTokens);
}

/** Tokens → text that the documents tokenizer reads back to the same tokens. */
export function documentText(tokens: readonly string[]): string {
  return tokens
    .map((token, position) => {
      const previous = tokens[position - 1];
      const isGlued = token === "\n" || previous === "\n" || position === 0;
      return isGlued ? token : ` ${token}`;
    })
    .join("");
}
