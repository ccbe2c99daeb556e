/** Annotations and the texts that read them → how many tokens captions have, as blip.lock keeps it. */
import { existsSync } from "node:fs";
import type { CheckedData, CheckedModel } from "../../compiler/1-check/model.ts";
import { textsOfObjective } from "../../compiler/1-check/reach.ts";
import { readAnnotations } from "../data/annotations.ts";
import { tokenRows } from "../data/batch.ts";
import type { Project } from "../train/project.ts";
import { tokenizerPlaces } from "../train/project.ts";
import { describeText, openTokenizer } from "../train/tokenizers.ts";

/** Captions looked at; of more, evenly spaced ones. */
const mostCaptions = 10_000;

/** Longer than anything that is cut. */
const longest = 4096;

/**
 * By name of a tokenizer: the number of tokens, with those around the words, that at most one caption in twenty exceeds.
 * Only of annotation files, and of tokenizers that are at hand. Throws `DataError` for malformed annotations.
 */
export function textLengths(
  data: CheckedData,
  model: CheckedModel,
  project: Project,
): Readonly<Record<string, number>> {
  const source = data.source.value;
  if (source.kind !== "captions" && source.kind !== "vqa") return {};
  const texts = textsOver(data, model).filter(
    ({ tokenizer: { value } }) =>
      value === "shapes" || tokenizerPlaces(project.tokenizerFolders, value).some(existsSync),
  );
  if (texts.length === 0) return {};
  const fields = source.kind === "vqa" ? { caption: "answer" } : {};
  const captions = readAnnotations(project.resolve(source.path, source.base), fields).flatMap(
    (record) => record.captions,
  );
  const step = Math.max(1, Math.ceil(captions.length / mostCaptions));
  const looked = captions.filter((_, index) => index % step === 0);
  return Object.fromEntries(
    texts.map((text) => {
      const { process = (words: string) => words, ...description } = describeText(
        { ...text, maxLength: { ...text.maxLength, value: longest } },
        openTokenizer(text, project.tokenizerFolders),
      );
      const rows = tokenRows({ ...description, prompt: "", suffix: "" });
      const lengths = looked.map((caption) =>
        rows([process(caption)]).mask.reduce((sum, each) => sum + each, 0),
      );
      const ordered = lengths.toSorted((a, b) => a - b);
      return [text.tokenizer.value, ordered[Math.ceil(ordered.length * 0.95) - 1] ?? 0];
    }),
  );
}

/** The texts of captions that stages on this data read. */
function textsOver(data: CheckedData, model: CheckedModel) {
  const names = [...model.stages.values()]
    .filter((stage) => {
      const of = model.data.get(stage.data.value)?.source.value;
      const isPart = of?.kind === "mix" && of.of.some((part) => part.data.name === data.name);
      return stage.data.value === data.name || isPart;
    })
    .flatMap(({ minimize }) => minimize)
    .flatMap(({ objective }) => {
      const found = model.objectives.get(objective);
      return found === undefined ? [] : textsOfObjective(found, model);
    });
  return [...new Set(names)]
    .flatMap((name) => model.texts.get(name) ?? [])
    .filter(({ field, form }) => field.value === "caption" && form !== "document");
}
