/** A data block of the checked pipeline → a loader, and its batches as inputs of a program. */
import { dirname, join } from "node:path";
import type { CheckedData, CheckedModel, ImageStep } from "../../compiler/1-check/model.ts";
import type { InputSpec } from "../../compiler/2-build/stage-graphs.ts";
import { type Batch, type BatchPosition, tokenRows } from "../data/batch.ts";
import { annotationDataset, type Dataset } from "../data/dataset.ts";
import { folderDataset } from "../data/folder-records.ts";
import { type BadImage, type Loader, openLoader } from "../data/loader.ts";
import { type MixedPart, mixedDataset } from "../data/mixed.ts";
import { writeShapes } from "../data/shapes/write.ts";
import { shardDataset } from "../data/shard-records.ts";
import { tableDataset } from "../data/table-records.ts";
import type { HostTensor, HostTensors } from "../execute/host-tensors.ts";
import type { ImageStep as ProcessorStep } from "../images/processors.ts";
import type { KeptFeatures } from "./kept-features.ts";
import type { Project } from "./project.ts";
import { describeText, labelsOf, openTokenizer } from "./tokenizers.ts";

/** Records of a data block; made data sets are written on first use. */
export interface OpenDataset {
  readonly dataset: Dataset;
  /** Records that stay together. */
  readonly group: number;
}

/** Opens the records. Throws `DataError` for malformed annotations, `RunFault` for a path that leaves the project. */
export async function openDataset(data: CheckedData, project: Project): Promise<OpenDataset> {
  const source = data.source.value;
  switch (source.kind) {
    case "captions":
    case "vqa":
    case "table": {
      const file = project.resolve(source.path, source.base);
      const root = data.root.value;
      const folder = root === undefined ? dirname(file) : project.resolve(root.path, root.base);
      const asked = source.kind === "vqa" ? { caption: "answer", question: "question" } : {};
      const fields = data.split.isDefault ? asked : { ...asked, split: data.split.value };
      const dataset =
        source.kind === "table"
          ? await tableDataset(file, folder, fields)
          : annotationDataset({ files: file, root: folder, fields });
      return { dataset, group: 1 };
    }
    case "shards": {
      const files = source.paths.map((path) => project.resolve(path, source.base));
      return { dataset: shardDataset(files), group: 1 };
    }
    case "folder": {
      const folder = project.resolve(source.path, source.base);
      const split = data.split.isDefault ? undefined : data.split.value;
      return { dataset: folderDataset(folder, split), group: 1 };
    }
    case "shapes": {
      const { seed, pictures, twins } = source;
      const name = `shapes-${seed}-${twins ? "twins-" : ""}${pictures}`;
      const folder = join(project.madeData, name);
      await writeShapes(
        folder,
        twins
          ? { seed, trainingPictures: 1, evaluationPictures: 1, pretrainPairs: pictures }
          : { seed, trainingPictures: pictures },
      );
      const file = join(folder, twins ? "pretrain.json" : `${data.split.value}.json`);
      const dataset = annotationDataset({ files: file, root: join(folder, "images") });
      return { dataset, group: twins ? 2 : 1 };
    }
    case "documents": {
      const { seed, count } = source;
      const folder = join(project.madeData, `documents-${seed}-${count}`);
      await writeShapes(folder, {
        seed,
        trainingPictures: 1,
        evaluationPictures: 1,
        documents: count,
      });
      const fields = { image: false, caption: "text" } as const;
      const files = join(folder, "documents.jsonl");
      return { dataset: annotationDataset({ files, root: folder, fields }), group: 1 };
    }
    case "mix": {
      const parts: MixedPart[] = [];
      for (const { data: part, weight } of source.of) {
        const { dataset } = await openDataset(part, project);
        parts.push({ dataset, weight });
      }
      return { dataset: mixedDataset(parts), group: 1 };
    }
  }
}

/** The links of an image chain as the processors know them; one that sets no size begins with `resize(size)`. */
export function imageSteps(chain: readonly ImageStep[], size: number): readonly ProcessorStep[] {
  const isSized = chain.some(({ kind }) => kind === "resize" || kind === "random_resized_crop");
  const steps = chain.map(processorStep);
  return isSized ? steps : [{ name: "resize", size }, ...steps];
}

/** Pixels a side of the pictures that `inputs` want; undefined when they want none. */
export function pictureSize(model: CheckedModel, inputs: readonly InputSpec[]): number | undefined {
  for (const { source } of inputs) {
    if (source.kind !== "image" && source.kind !== "features") continue;
    const module = model.modules.get(source.module);
    if (module?.kind === "encoder") return module.imageSize.value;
  }
  return undefined;
}

function processorStep(step: ImageStep): ProcessorStep {
  switch (step.kind) {
    case "resize":
      return { name: "resize", size: step.size };
    case "random_resized_crop":
      return { name: "random_resized_crop", size: step.size, scale: step.scale };
    case "random_flip":
      return { name: "random_flip" };
    case "normalize":
      return { name: "normalize", by: step.statistics };
  }
}

/** What `openBatches` needs. */
export interface BatchesRequest {
  readonly model: CheckedModel;
  readonly data: CheckedData;
  readonly opened: OpenDataset;
  readonly project: Project;
  readonly inputs: readonly InputSpec[];
  /** Records of a micro-batch. */
  readonly batch: number;
  readonly seed: number;
  readonly start: BatchPosition;
  readonly badImages: "skip" | "fail";
  readonly onBadImage: (event: BadImage) => void;
  /** What frozen encoders see, when it is kept. */
  readonly features: KeptFeatures | undefined;
}

/** Batches as inputs of a program, for ever. */
export interface Batches {
  readonly loader: Loader;
  next(): Promise<HostTensors>;
}

/**
 * Opens the loader at a position. `encode`: made before, by those who read the same inputs again and again. Throws what
 * `openLoader` and `openTokenizer` throw.
 */
export function openBatches(
  request: BatchesRequest,
  encode = inputEncoder(request.model, request.project, request.inputs),
): Batches {
  const { model, data, opened, inputs, features } = request;
  const isSeen = inputs.some(({ source }) => source.kind === "image");
  const size = pictureSize(model, inputs);
  const loader = openLoader(
    {
      dataset: opened.dataset,
      group: opened.group,
      batchSize: request.batch,
      seed: request.seed,
      shuffle: data.shuffle.value,
      ...(size === undefined ? {} : { image: imageSteps(data.image.value, size) }),
      ...(encode.text === undefined ? {} : { text: encode.text }),
      ...(features === undefined || isSeen ? {} : { isPictureKept: features.isKept }),
      badImages: request.badImages,
      concurrency: Math.max(1, data.workers.value),
      onEvent: request.onBadImage,
    },
    request.start,
  );
  return {
    loader,
    next: async () => {
      const batch = await loader.next();
      if (batch === undefined) throw new RangeError("the loader ended");
      return { ...encode.inputs(batch), ...(await features?.inputsOf(batch)) };
    },
  };
}

/** Makes the inputs of a program from a batch; `text` is what the loader must read for it. */
export function inputEncoder(
  model: CheckedModel,
  project: Project,
  inputs: readonly InputSpec[],
): {
  readonly text: ReturnType<typeof describeText> | undefined;
  readonly inputs: (
    batch: Pick<Batch, "images" | "captions" | "questions" | "imageNumbers">,
  ) => HostTensors;
} {
  const names = new Set(inputs.flatMap(({ source }) => ("text" in source ? [source.text] : [])));
  const texts = [...names].map((name) => {
    const text = model.texts.get(name)!;
    const tokenizer = openTokenizer(text, project.tokenizerFolders);
    const description = describeText(text, tokenizer);
    return { name, text, tokenizer, description, rows: tokenRows(description) };
  });
  return {
    text: texts[0]?.description,
    inputs: (batch) => {
      const tokens = new Map(
        texts.map((each) => [
          each.name,
          { ...each, made: each.rows(batch.captions, batch.questions) },
        ]),
      );
      const result: Record<string, HostTensor> = {};
      for (const { name, source } of inputs) {
        switch (source.kind) {
          case "image":
            result[name] = batch.images;
            break;
          case "token-ids":
            result[name] = tokens.get(source.text)!.made.ids;
            break;
          case "token-mask":
            result[name] = tokens.get(source.text)!.made.mask;
            break;
          case "token-labels": {
            const { made, text, tokenizer } = tokens.get(source.text)!;
            result[name] = labelsOf(made, text, tokenizer, batch.questions);
            break;
          }
          case "image-ids":
            result[name] = batch.imageNumbers;
            break;
          case "features":
          case "seed":
          case "given":
            break;
        }
      }
      return result;
    },
  };
}
