/** Two trained run folders → everything that the demo measures. */
import { join } from "node:path";
import type { CheckedModel } from "../compiler/1-check/model.ts";
import { annotationDataset } from "../runtime/data/dataset.ts";
import { captionsOf } from "../runtime/data/shapes/caption.ts";
import type { Meaning } from "../runtime/data/shapes/meaning.ts";
import { evaluationLists } from "../runtime/data/shapes/samples.ts";
import {
  type CaptionShares,
  captionShares,
  parseCaption,
  scoreCaption,
} from "../runtime/data/shapes/score.ts";
import type { AdapterChoice } from "../runtime/device/find-adapter.ts";
import { type AdapterReport, openDevice } from "../runtime/device/open-device.ts";
import { openCaptioner } from "../runtime/evaluate/captioner.ts";
import { type OpenRun, openRun } from "../runtime/evaluate/open-run.ts";
import { readPictures } from "../runtime/evaluate/read-pictures.ts";
import { openRetriever, type RetrievalResult } from "../runtime/evaluate/retrieve.ts";
import { readMetrics } from "../runtime/run-folder/metrics.ts";
import { RunFault } from "../runtime/train/run-fault.ts";

/** A captioned picture of a list. */
export interface DemoPicture {
  readonly file: string;
  readonly caption: string;
  readonly truth: string;
  readonly isRight: boolean;
}

/** What was said of a list. */
export interface DemoList {
  readonly shares: CaptionShares;
  readonly pictures: readonly DemoPicture[];
}

/** Everything measured. */
export interface DemoEvaluation {
  readonly adapter: AdapterReport;
  /** Means over the two held-out lists. */
  readonly heldOutRetrieval: RetrievalResult;
  readonly seenRetrieval: RetrievalResult;
  readonly heldOut: DemoList;
  readonly seen: DemoList;
  /** Captions scored against the meaning of another picture: the control. */
  readonly wrongPicture: CaptionShares;
  /** Losses by variant of the objective, one value a step. */
  readonly stage1Losses: Readonly<Record<string, readonly number[]>>;
  readonly stage2Losses: Readonly<Record<string, readonly number[]>>;
}

/** Pictures and texts at once. */
const batch = 50;
/** Candidates that are looked at again, as the reference does. */
const candidates = 16;

interface LoadedList {
  readonly files: readonly string[];
  readonly pictures: readonly Float32Array[];
  readonly captions: readonly string[];
  readonly meanings: readonly Meaning[];
}

/** Opens one device for both runs. `data`: the folder of drawn data sets. `tell` hears what is going on. */
export async function evaluateDemo(
  stage1Folder: string,
  stage2Folder: string,
  data: string,
  adapter: AdapterChoice | undefined,
  tell: (text: string) => void,
): Promise<DemoEvaluation> {
  const first = openRun(stage1Folder);
  const second = openRun(stage2Folder);
  const device = await openDevice(adapter === undefined ? {} : { adapter });
  try {
    tell("reading pictures");
    const lists = new Map<string, LoadedList>();
    for (const name of evaluationLists) lists.set(name, await readList(first, data, name));
    const held1 = lists.get("held-1")!;
    const held2 = lists.get("held-2")!;
    const seen = lists.get("seen")!;
    tell("comparing pictures and captions");
    const retriever = await openRetriever(first, device, batch);
    const retrieve = ({ pictures, captions }: LoadedList) =>
      retriever.retrieve(pictures, captions, candidates);
    const heldOutRetrieval = meanOf([await retrieve(held1), await retrieve(held2)]);
    const seenRetrieval = await retrieve(seen);
    await retriever.close();
    tell("writing captions");
    const captioner = await openCaptioner(second, device, batch);
    const heldLists = [held1, held2];
    const heldCaptions: (readonly string[])[] = [];
    for (const list of heldLists) heldCaptions.push(await captioner.caption(list.pictures));
    const seenCaptions = await captioner.caption(seen.pictures);
    await captioner.close();
    const heldOut = joined(heldLists.map((list, index) => scored(list, heldCaptions[index]!)));
    const wrong = heldLists.flatMap((list, index) =>
      list.meanings.map((meaning, at) =>
        scoreCaption(heldCaptions[index]![(at + 1) % list.meanings.length]!, meaning),
      ),
    );
    return {
      adapter: device.adapter,
      heldOutRetrieval,
      seenRetrieval,
      heldOut,
      seen: scored(seen, seenCaptions),
      wrongPicture: captionShares(wrong),
      stage1Losses: lossesOf(first.model, stage1Folder),
      stage2Losses: lossesOf(second.model, stage2Folder),
    };
  } finally {
    device.close();
    first.checkpoint.file.close();
    second.checkpoint.file.close();
  }
}

/** Reads an evaluation list through the loader's own reader of annotations. */
async function readList(run: OpenRun, data: string, name: string): Promise<LoadedList> {
  const stage = run.model.stages.get(run.stage)!;
  const source = run.model.data.get(stage.data.value)!.source.value;
  if (source.kind !== "shapes") throw new RunFault("data", "the demo runs on drawn shapes");
  const folder = join(data, `shapes-${source.seed}-${source.pictures}`);
  const root = join(folder, "images");
  const dataset = annotationDataset({ files: join(folder, `${name}.json`), root });
  const records = Array.from({ length: dataset.length }, (_, index) => dataset.record(index));
  const files = records.map(({ imagePath }) => imagePath!);
  const size = sizeOf(run.model);
  const read = await readPictures(run, files, size);
  const pictures = read.map((picture) => {
    if ("fault" in picture) throw new RunFault("data", picture.fault);
    return picture.values;
  });
  const captions = records.map((record) => record.captions[0]!);
  const meanings = captions.map((caption) => parseCaption(caption)!);
  return { files, pictures, captions, meanings };
}

function sizeOf(model: CheckedModel): number {
  for (const module of model.modules.values()) {
    if (module.kind === "encoder") return module.imageSize.value;
  }
  throw new RunFault("usage", `${model.file} has no image encoder`);
}

function meanOf(results: readonly RetrievalResult[]): RetrievalResult {
  const mean = (value: (result: RetrievalResult) => number) =>
    results.reduce((sum, result) => sum + value(result), 0) / results.length;
  const hasBoth = results.every((result) => result.reranked !== undefined);
  return {
    pictures: results.reduce((sum, { pictures }) => sum + pictures, 0),
    contrast: {
      imageToText: mean(({ contrast }) => contrast.imageToText),
      textToImage: mean(({ contrast }) => contrast.textToImage),
    },
    reranked: hasBoth
      ? {
          imageToText: mean(({ reranked }) => reranked?.imageToText ?? 0),
          textToImage: mean(({ reranked }) => reranked?.textToImage ?? 0),
        }
      : undefined,
  };
}

function scored(list: LoadedList, captions: readonly string[]): DemoList {
  const scores = captions.map((caption, index) => scoreCaption(caption, list.meanings[index]!));
  const pictures = captions.map((caption, index) => ({
    file: list.files[index]!,
    caption,
    truth: captionsOf(list.meanings[index]!)[0]!,
    isRight: scores[index]!.isWhollyRight,
  }));
  return { shares: captionShares(scores), pictures };
}

function joined(lists: readonly DemoList[]): DemoList {
  const pictures = lists.flatMap((list) => list.pictures);
  const scores = pictures.map(({ caption, truth }) => scoreCaption(caption, parseCaption(truth)!));
  return { shares: captionShares(scores), pictures };
}

function lossesOf(
  model: CheckedModel,
  folder: string,
): Readonly<Record<string, readonly number[]>> {
  const records = readMetrics(folder);
  return Object.fromEntries(
    [...model.objectives.values()].map(({ name, variant }) => [
      variant,
      records.flatMap((record) => (typeof record[name] === "number" ? [record[name]] : [])),
    ]),
  );
}
