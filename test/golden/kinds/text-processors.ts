/** Kind `text-processors`: LAVIS's caption and question cleaning. */
import { captionProcessor } from "../../../runtime/text/caption.ts";
import { questionProcessor } from "../../../runtime/text/question.ts";
import { type Comparison, measured } from "../comparison.ts";

type Entry = { readonly text: string } & Readonly<Record<string, string>>;

const computed: Readonly<Record<string, (text: string) => string>> = {
  caption: captionProcessor(),
  caption_prompt: captionProcessor({ prompt: "a photo of " }),
  caption_max5: captionProcessor({ maxWords: 5 }),
  question: questionProcessor(),
  question_max5: questionProcessor({ maxWords: 5 }),
};

/** Compares each key over all texts: the error is the number of texts that differ. */
export async function check(_folder: string, c: unknown): Promise<readonly Comparison[]> {
  const entries = (c as { readonly cases: readonly Entry[] }).cases;
  const keys = new Set(entries.flatMap((entry) => Object.keys(entry)));
  keys.delete("text");
  return [...keys].map((key) => {
    const compute = computed[key];
    if (compute === undefined) return measured(key, "a key nothing computes", 1, 0);
    const holders = entries.filter((entry) => key in entry);
    const wrong = holders.filter((entry) => compute(entry.text) !== entry[key]);
    const note = wrong.map((entry) => JSON.stringify(entry.text)).join("; ");
    const what = `texts that differ, of ${holders.length}`;
    return measured(key, what, wrong.length, 0, wrong.length > 0 ? note : undefined);
  });
}
