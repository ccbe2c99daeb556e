/** A run with a language model behind a prefix → captions of pictures, greedy, a batch at a time. */
import { captionGraphs } from "../../compiler/2-build/caption-graphs.ts";
import { questionPlace, withQuestion } from "../../compiler/question-place.ts";
import type { Device } from "../device/open-device.ts";
import { questionProcessor } from "../text/question.ts";
import { generate } from "../train/generate.ts";
import { inputEncoder, pictureSize } from "../train/open-data.ts";
import { RunFault } from "../train/run-fault.ts";
import { describeText, openTokenizer } from "../train/tokenizers.ts";
import { openInference, paddedRows } from "./inference-session.ts";
import type { OpenRun } from "./open-run.ts";

/** Says what is on pictures. */
export interface Captioner {
  /** Pixels a side. */
  readonly size: number;
  /** One caption a picture; each picture is [3, size, size], normalized. */
  caption(pictures: readonly Float32Array[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/**
 * Opens a captioner for `batch` pictures at a time; `question` is asked about each of them. Throws `RunFault` when the stage
 * writes no captions, and when it answers questions and gets none, or the other way round.
 */
export async function openCaptioner(
  run: OpenRun,
  device: Device,
  batch: number,
  question?: string,
): Promise<Captioner> {
  const graphs = captionGraphs(run.model, run.stage, { batch });
  if (graphs === undefined) {
    throw new RunFault(
      "usage",
      `stage \`${run.stage}\` of ${run.model.file} has no language model behind pictures: it writes no captions`,
    );
  }
  const text = run.model.texts.get(graphs.text)!;
  const tokenizer = openTokenizer(text, run.project.tokenizerFolders);
  const encode = inputEncoder(run.model, run.project, graphs.prefix.inputs);
  const asks = text.prompt.value.includes(questionPlace) || encode.text !== undefined;
  checkQuestion(run, asks, question);
  const asked = questionProcessor()(question ?? "");
  const { suffix = "" } = describeText(text, tokenizer);
  const prompt = withQuestion(text.prompt.value, asked).trimEnd();
  const start = [...tokenizer.before, ...tokenizer.encode(prompt, { addSpecial: false }).ids];
  const ending = tokenizer.encode(suffix, { addSpecial: false }).ids;
  const endId = ending[0] ?? tokenizer.after[0] ?? start[0] ?? 0;
  const size = pictureSize(run.model, graphs.prefix.inputs) ?? 0;
  const length = text.maxLength.value;
  const session = await openInference(run, device, [graphs.prefix, graphs.next], batch);
  const [prefixProgram, nextProgram] = session.executables;
  const inputOf = (kind: "token-ids" | "token-mask" | "given") =>
    graphs.next.inputs.find(({ source }) => source.kind === kind)!.name;
  const names = {
    ids: inputOf("token-ids"),
    mask: inputOf("token-mask"),
    prefix: inputOf("given"),
  };

  const captionGroup = async (images: Float32Array, count: number) => {
    const inputs = encode.inputs({
      images: Float32Array.from(images),
      captions: Array.from({ length: batch }, () => ""),
      questions: Array.from({ length: batch }, () => asked),
      imageNumbers: new Int32Array(batch),
    });
    const { prefix } = await prefixProgram!.run(inputs, { read: ["prefix"] });
    const next = async (sequences: readonly (readonly number[])[]) => {
      const ids = new Int32Array(batch * length).fill(tokenizer.padId ?? 0);
      const mask = new Int32Array(batch * length);
      for (let row = 0; row < batch; row += 1) {
        // Rows that fill the batch repeat the first one.
        const sequence = sequences[row] ?? sequences[0] ?? start;
        ids.set(sequence, row * length);
        mask.fill(1, row * length, row * length + sequence.length);
      }
      const inputs = { [names.ids]: ids, [names.mask]: mask, [names.prefix]: prefix! };
      return (await nextProgram!.run(inputs, { read: ["logits"] }))["logits"]!;
    };
    const starts = Array.from({ length: count }, () => start);
    const found = await generate(next, starts, {
      vocabulary: text.vocabulary,
      semantics: "hf-4.33",
      maxLength: length,
      endId,
      padId: tokenizer.padId ?? 0,
    });
    return found.map(({ ids }) => {
      const words = tokenizer.decode(ids.slice(start.length).filter((id) => id !== endId));
      return words.trim();
    });
  };
  return {
    size,
    caption: async (pictures) => {
      const captions: string[] = [];
      for (const { values, count } of paddedRows(pictures, batch)) {
        captions.push(...(await captionGroup(values, count)));
      }
      return captions;
    },
    close: session.close,
  };
}

function checkQuestion(run: OpenRun, asks: boolean, question: string | undefined): void {
  if (asks === (question !== undefined)) return;
  const stage = `stage \`${run.stage}\` of ${run.model.file}`;
  throw new RunFault(
    "usage",
    asks
      ? `${stage} answers questions: add --question "…"`
      : `${stage} reads no question; leave --question out`,
  );
}
