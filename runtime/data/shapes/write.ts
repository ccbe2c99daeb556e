/** Seed → the folder of the "shapes" data set: PNG pictures, LAVIS annotations, tokenizers. */
import sharp from "sharp";
import { captionsOf } from "./caption.ts";
import { documentText, drawDocument } from "./document.ts";
import { pictureSide } from "./draw.ts";
import { type Part, type PartFile, type PartOutcome, writePart } from "./part.ts";
import { RandomStream } from "./random.ts";
import {
  evaluationLists,
  evaluationSamples,
  pretrainSamples,
  type Sample,
  trainingSamples,
} from "./samples.ts";
import { textKinds, tokenizerFiles } from "./vocabulary.ts";

/** Pictures of the training set by default. */
export const defaultTrainingPictures = 4096;
/** Pictures of each evaluation list by default. */
export const defaultEvaluationPictures = 100;
/** Picture-and-twin pairs that the encoder was pre-trained on. */
export const encoderPairs = 10_240;
/** Documents that the language model was pre-trained on: 1,300 steps of 64. */
export const languageDocuments = 83_200;

/** What to write; every count is a whole number. */
export interface ShapesSettings {
  /** 0 to 2^53 - 1. */
  readonly seed: number;
  /** 4,096 unless said otherwise. */
  readonly trainingPictures?: number;
  /** In each of held-1, held-2 and seen; 100 unless said otherwise, at most 1,000. */
  readonly evaluationPictures?: number;
  /** Picture-and-twin pairs for the encoder; none unless said otherwise (`encoderPairs` for the recipe). */
  readonly pretrainPairs?: number;
  /** Documents for the language model; none unless said otherwise (`languageDocuments` for the recipe). */
  readonly documents?: number;
}

/** A record of an annotation file. */
export interface ShapesRecord {
  /** Path under `images/`, for instance "train/00000.png". */
  readonly image: string;
  /** The captions, each equally likely. */
  readonly caption: readonly string[];
  readonly image_id: string;
}

/** Which parts were written and which kept. */
export type ShapesOutcome = Readonly<Record<string, PartOutcome>>;

/** [48, 48, 3] RGB bytes → PNG bytes. */
export async function encodePng(pixels: Uint8Array): Promise<Uint8Array> {
  const raw = { width: pictureSide, height: pictureSide, channels: 3 } as const;
  return sharp(pixels, { raw }).png({ compressionLevel: 4, adaptiveFiltering: false }).toBuffer();
}

function imagePath(sample: Sample): string {
  return `${sample.id.replace("_", "/")}.png`;
}

/** The annotation of a picture. */
export function recordOf(sample: Sample): ShapesRecord {
  return { image: imagePath(sample), caption: captionsOf(sample.meaning), image_id: sample.id };
}

function pictureFiles(samples: readonly Sample[]): readonly PartFile[] {
  return samples.map((sample) => ({
    path: `images/${imagePath(sample)}`,
    content: () => encodePng(sample.pixels()),
  }));
}

function annotationFile(path: string, samples: readonly Sample[]): PartFile {
  const lines = () => samples.map((sample) => JSON.stringify(recordOf(sample)));
  return { path, content: async () => `[\n${lines().join(",\n")}\n]\n` };
}

function tokenizerParts(): readonly PartFile[] {
  const text = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
  return textKinds.flatMap((kind) => [
    {
      path: `tokenizers/${kind}/tokenizer.json`,
      content: async () => text(tokenizerFiles(kind).tokenizer),
    },
    {
      path: `tokenizers/${kind}/tokenizer_config.json`,
      content: async () => text(tokenizerFiles(kind).config),
    },
  ]);
}

function corePart(seed: number, trainingPictures: number, evaluationPictures: number): Part {
  const training = trainingSamples(seed, trainingPictures);
  const lists = evaluationLists.map((name) => ({
    name,
    samples: evaluationSamples(seed, name, evaluationPictures),
  }));
  const held = lists.filter(({ name }) => name !== "seen").flatMap(({ samples }) => samples);
  return {
    name: "core",
    settings: { seed, trainingPictures, evaluationPictures },
    files: [
      annotationFile("train.json", training),
      ...lists.map(({ name, samples }) => annotationFile(`${name}.json`, samples)),
      annotationFile("held.json", held),
      ...tokenizerParts(),
      ...pictureFiles(training),
      ...lists.flatMap(({ samples }) => pictureFiles(samples)),
    ],
  };
}

function pretrainPart(seed: number, pairs: number): Part {
  const samples = pretrainSamples(seed, pairs);
  return {
    name: "pretrain",
    settings: { seed, pairs },
    files: [annotationFile("pretrain.json", samples), ...pictureFiles(samples)],
  };
}

function documentsPart(seed: number, documents: number): Part {
  const line = (_: unknown, index: number) => {
    const tokens = drawDocument(new RandomStream(seed, "documents", index));
    return `${JSON.stringify({ text: documentText(tokens) })}\n`;
  };
  const content = async () => Array.from({ length: documents }, line).join("");
  return {
    name: "documents",
    settings: { seed, documents },
    files: [{ path: "documents.jsonl", content }],
  };
}

function checkedCount(name: string, count: number, least: number): number {
  if (Number.isInteger(count) && count >= least && count <= 1_000_000) return count;
  throw new RangeError(`${name} must be a whole number from ${least} to 1,000,000, not ${count}`);
}

/**
 * Writes the data set into a folder (made when missing); parts that are complete already are kept:
 *
 * - "core": `train.json`, `held-1.json`, `held-2.json`, `held.json` (both held lists), `seen.json`, each an array of
 *   `ShapesRecord`; `images/LIST/00000.png`; `tokenizers/{qformer,lm,documents}/tokenizer.json` and their config;
 * - "pretrain", when asked: `pretrain.json`, a twin directly after its picture, `images/pretrain/00000.png`;
 * - "documents", when asked: `documents.jsonl`, lines `{"text": …}` for the documents tokenizer.
 *
 * The same seed and counts give the same bytes (PNG bytes: with the same release of sharp).
 * @throws RangeError for a seed or count out of bounds; file-system errors as they come
 */
export async function writeShapes(
  folder: string,
  settings: ShapesSettings,
): Promise<ShapesOutcome> {
  const { seed, trainingPictures = defaultTrainingPictures } = settings;
  const { evaluationPictures = defaultEvaluationPictures } = settings;
  const pairs = checkedCount("pretrainPairs", settings.pretrainPairs ?? 0, 0);
  const documents = checkedCount("documents", settings.documents ?? 0, 0);
  const parts = [
    corePart(
      seed,
      checkedCount("trainingPictures", trainingPictures, 1),
      checkedCount("evaluationPictures", evaluationPictures, 1),
    ),
    ...(pairs > 0 ? [pretrainPart(seed, pairs)] : []),
    ...(documents > 0 ? [documentsPart(seed, documents)] : []),
  ];
  const outcome: Record<string, PartOutcome> = {};
  for (const part of parts) outcome[part.name] = await writePart(folder, part);
  return outcome;
}
