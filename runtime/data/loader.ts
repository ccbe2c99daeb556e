/** Data set and description → batches, prepared ahead; the same batches from any position on. */
import type { DecodeResult, ImageFault } from "../images/decode.ts";
import type { Image } from "../images/image.ts";
import { type ImageProcessor, type ImageStep, imageProcessor } from "../images/processors.ts";
import { purposes, randomSource } from "../images/random.ts";
import { questionProcessor } from "../text/question.ts";
import { type Batch, type BatchPosition, type TextDescription, tokenRows } from "./batch.ts";
import { DataError } from "./data-error.ts";
import type { DataRecord, Dataset } from "./dataset.ts";
import { gate } from "./limit.ts";
import { batchesPerEpoch, epochOrder } from "./order.ts";
import { type PictureStore, pictureStore } from "./pictures.ts";

/** A picture that was needed and could not be used. */
export interface BadImage {
  readonly kind: "bad-image";
  readonly file: string;
  readonly fault: ImageFault;
  /** One sentence with the picture's file and reason, and its record. */
  readonly message: string;
  /** Index of the record in the data set. */
  readonly sampleId: number;
  readonly epoch: number;
  readonly batch: number;
  /** True the first time this file is found bad. */
  readonly isFirst: boolean;
}

/** What to load and how. */
export interface LoaderDescription {
  readonly dataset: Dataset;
  readonly batchSize: number;
  readonly seed: number;
  readonly shuffle: boolean;
  /** Records kept together in the file's order; 1 by default. */
  readonly group?: number;
  /** A last batch that is not whole: left out (default), kept short, or filled with repeats of its own first rows. */
  readonly lastBatch?: "drop" | "keep" | "fill";
  /** Epochs until `next` gives undefined; without end by default. */
  readonly epochs?: number;
  /** Steps from file to tensor; absent: pictures are not loaded. */
  readonly image?: readonly ImageStep[];
  /** True for a record whose picture nobody needs any more: it is not decoded. */
  readonly isPictureKept?: (record: DataRecord) => Promise<boolean>;
  /** Absent: captions are drawn, but neither cleaned nor turned into ids. */
  readonly text?: TextDescription;
  /** `skip`: another record takes the place, `fail`: the run stops. */
  readonly badImages: "skip" | "fail";
  /** Batches prepared ahead; 2 by default. */
  readonly prefetch?: number;
  /** Pictures that are open at once; 8 by default. */
  readonly concurrency?: number;
  /** Most bytes of prepared pictures kept in memory; 256 MiB by default. */
  readonly cacheBytes?: number;
  readonly pixelLimit?: number;
  readonly onEvent?: (event: BadImage) => void;
}

/** Gives batches in order. */
export interface Loader {
  readonly batchesPerEpoch: number;
  /** The next batch; undefined after the last epoch. Rejects with DataError for a bad picture under `fail`. */
  readonly next: () => Promise<Batch | undefined>;
  /** The position of the batch that `next` gives next, whatever was prepared ahead. */
  readonly position: () => BatchPosition;
  /** Files found bad so far, in the order found. */
  readonly badImages: () => readonly BadImage[];
  /** Stops preparing and waits for what is under way. */
  readonly close: () => Promise<void>;
}

/** Opens a loader at a position (the start by default). Throws RangeError for a description that gives no batch. */
export function openLoader(
  description: LoaderDescription,
  start: BatchPosition = { epoch: 0, batch: 0 },
): Loader {
  const { dataset, batchSize, lastBatch = "drop", prefetch = 2 } = description;
  if (!(Number.isInteger(batchSize) && batchSize > 0)) {
    throw new RangeError(`a batch of ${batchSize} records is not possible`);
  }
  const count = batchesPerEpoch(dataset.length, batchSize, lastBatch === "drop");
  if (count === 0) {
    throw new RangeError(`${dataset.length} records do not fill one batch of ${batchSize}`);
  }
  const bad = new Map<string, BadImage>();
  const report = (event: Omit<BadImage, "kind" | "isFirst">) => {
    const whole: BadImage = { kind: "bad-image", ...event, isFirst: !bad.has(event.file) };
    if (whole.isFirst) bad.set(event.file, whole);
    description.onEvent?.(whole);
  };
  const make = batchMaker(description, count, report);
  const queue: Promise<Batch>[] = [];
  let ahead = start;
  let position = start;
  let isClosed = false;
  let turn: Promise<unknown> = Promise.resolve();
  const refill = () => {
    while (!isClosed && queue.length < Math.max(1, prefetch)) {
      if (ahead.epoch >= (description.epochs ?? Number.POSITIVE_INFINITY)) return;
      const batch = make(ahead);
      // A failure is told by the `next` that takes the batch, not as an unhandled rejection.
      batch.catch(() => undefined);
      queue.push(batch);
      ahead = following(ahead, count);
    }
  };
  const take = async (): Promise<Batch | undefined> => {
    refill();
    const head = queue[0];
    if (head === undefined) return undefined;
    const batch = await head;
    queue.shift();
    position = batch.next;
    refill();
    return batch;
  };
  return {
    batchesPerEpoch: count,
    next: () => {
      const batch = turn.then(take, take);
      turn = batch;
      return batch;
    },
    position: () => position,
    badImages: () => [...bad.values()],
    close: async () => {
      isClosed = true;
      await Promise.allSettled(queue.splice(0));
    },
  };
}

function following({ epoch, batch }: BatchPosition, count: number): BatchPosition {
  return batch + 1 < count ? { epoch, batch: batch + 1 } : { epoch: epoch + 1, batch: 0 };
}

/** A record and its prepared picture, if pictures are loaded. */
interface Loaded {
  readonly record: DataRecord;
  readonly image: Image | undefined;
}

const usualConcurrency = 8;

type Report = (event: Omit<BadImage, "kind" | "isFirst">) => void;

/** A batch is a function of its position and the files alone: replacements too depend on nothing loaded before. */
function batchMaker(
  description: LoaderDescription,
  count: number,
  report: Report,
): (position: BatchPosition) => Promise<Batch> {
  const { dataset, batchSize, seed, shuffle, group = 1, lastBatch = "drop" } = description;
  const processor = description.image === undefined ? undefined : imageProcessor(description.image);
  const store = processor === undefined ? undefined : storeOf(description, processor);
  const through = gate(description.concurrency ?? usualConcurrency);
  const rows = description.text === undefined ? undefined : tokenRows(description.text);

  return async (position) => {
    const { epoch } = position;
    const settings = { length: dataset.length, seed, epoch, shuffle, group };
    const order = (dataset.order ?? epochOrder)(settings);
    const first = position.batch * batchSize;
    const real = Math.min(batchSize, dataset.length - first);
    const records = Array.from({ length: real }, (_, row) => dataset.record(order(first + row)));
    const loaded = await usable(records, position, order);
    const size = lastBatch === "fill" ? batchSize : real;
    const all = Array.from({ length: size }, (_, row) => loaded[row % real]!);
    const captions = all.map(({ record }) => captionOf(record, epoch));
    const questions = all.map(({ record }) => questionOf(record));
    return {
      ...position,
      size,
      count: real,
      images: imagesOf(all, epoch),
      imageIds: all.map(({ record }) => record.imageId),
      imageNumbers: Int32Array.from(all, ({ record }) => record.imageNumber),
      captions,
      questions,
      tokens: rows?.(captions, questions),
      sampleIds: Int32Array.from(all, ({ record }) => record.id),
      next: following(position, count),
    };
  };

  async function loadNeeded(record: DataRecord): Promise<LoadResult> {
    const { isPictureKept } = description;
    const isKept = isPictureKept && (await through(() => isPictureKept(record)));
    return isKept === true ? { ok: true, image: undefined } : load(store, record);
  }

  async function usable(
    records: readonly DataRecord[],
    position: BatchPosition,
    order: (position: number) => number,
  ): Promise<readonly Loaded[]> {
    const results = await Promise.all(records.map(loadNeeded));
    const used = new Set(records.map(({ id }) => id));
    // Replacements are the records after this batch in the epoch's order, around its end if need be.
    let cursor = position.batch * batchSize + records.length;
    const last = cursor + dataset.length;
    const loaded: Loaded[] = [];
    for (const [row, record] of records.entries()) {
      let candidate = record;
      let result = results[row]!;
      while (!result.ok) {
        reportBad(candidate, result, position);
        do {
          if (cursor >= last) {
            const reason = `no picture is left to take the place of ${record.imagePath}`;
            throw new DataError(record.place, reason);
          }
          candidate = dataset.record(order(cursor++ % dataset.length));
        } while (used.has(candidate.id));
        result = await loadNeeded(candidate);
      }
      loaded.push({ record: candidate, image: result.image });
    }
    return loaded;
  }

  function reportBad(
    record: DataRecord,
    { failure }: Extract<LoadResult, { readonly ok: false }>,
    position: BatchPosition,
  ): void {
    const error = new DataError(record.place, failure.message);
    const { file, fault } = failure;
    report({ file, fault, message: error.message, sampleId: record.id, ...position });
    if (description.badImages === "fail") throw error;
  }

  function imagesOf(all: readonly Loaded[], epoch: number): Float32Array<ArrayBuffer> {
    if (processor === undefined || all.every(({ image }) => image === undefined))
      return new Float32Array(0);
    const values = 3 * processor.size * processor.size;
    const images = new Float32Array(all.length * values);
    all.forEach(({ record, image }, row) => {
      if (image === undefined) return;
      const random = randomSource({ seed, epoch, sample: record.id, purpose: purposes.image });
      images.set(processor.finish(image, random), row * values);
    });
    return images;
  }

  function captionOf(record: DataRecord, epoch: number): string {
    const { captions, id } = record;
    if (captions.length === 0) return "";
    const random = randomSource({ seed, epoch, sample: id, purpose: purposes.caption });
    const drawn = captions.length === 1 ? 0 : Math.floor(random() * captions.length);
    const caption = captions[drawn]!;
    // Answers are predicted as they were given.
    if (record.question !== undefined) return caption;
    return description.text?.process?.(caption) ?? caption;
  }
}

const cleanQuestion = questionProcessor();

function questionOf({ question }: DataRecord): string {
  return question === undefined ? "" : cleanQuestion(question);
}

type LoadResult =
  | Extract<DecodeResult, { readonly ok: false }>
  | { readonly ok: true; readonly image: Image | undefined };

async function load(store: PictureStore | undefined, record: DataRecord): Promise<LoadResult> {
  if (store === undefined) return { ok: true, image: undefined };
  if (record.imagePath === undefined) {
    throw new DataError({ ...record.place, field: "image" }, "this record has no picture");
  }
  return store(record.imagePath);
}

function storeOf(description: LoaderDescription, processor: ImageProcessor): PictureStore {
  const {
    concurrency = usualConcurrency,
    cacheBytes = 256 * 1024 * 1024,
    pixelLimit,
  } = description;
  const limits = pixelLimit === undefined ? {} : { pixelLimit };
  const { pictures } = description.dataset;
  const source = pictures === undefined ? {} : { read: pictures.read };
  return pictureStore({ processor, concurrency, cacheBytes, ...limits, ...source });
}
