/** A run with a contrast, built in or written out, pictures and their captions → recall both ways, before and after re-ranking. */
import { retrievalGraphs } from "../../compiler/2-build/retrieval-graphs.ts";
import type { InferenceGraph } from "../../compiler/2-build/stage-graphs.ts";
import { tokenRows } from "../data/batch.ts";
import type { Device } from "../device/open-device.ts";
import type { Executable } from "../execute/executable.ts";
import { RunFault } from "../train/run-fault.ts";
import { describeText, openTokenizer } from "../train/tokenizers.ts";
import { openInference, paddedRows } from "./inference-session.ts";
import type { OpenRun } from "./open-run.ts";
import { recallAt, reranked, type ScoreMatrix, transposed } from "./recall.ts";

/** Shares of 0 to 1. */
export interface Recalls {
  readonly imageToText: number;
  readonly textToImage: number;
}

/** What was found. */
export interface RetrievalResult {
  readonly pictures: number;
  /** By the contrast alone: the cosine, or what a written one calls `similarity`. */
  readonly contrast: Recalls;
  /** After the best candidates were looked at again; undefined without a matching objective. */
  readonly reranked: Recalls | undefined;
}

/** Compares pictures and captions. */
export interface Retriever {
  /** Caption i belongs to picture i; pictures are [3, size, size], normalized. `candidates` are looked at again. */
  retrieve(
    pictures: readonly Float32Array[],
    captions: readonly string[],
    candidates: number,
  ): Promise<RetrievalResult>;
  close(): Promise<void>;
}

/** Opens a retriever that handles `batch` pictures, texts or pairs at a time. */
export async function openRetriever(
  run: OpenRun,
  device: Device,
  batch: number,
): Promise<Retriever> {
  const graphs = retrievalGraphs(run.model, run.stage, { batch });
  if (graphs === undefined) {
    throw new RunFault(
      "usage",
      `stage \`${run.stage}\` of ${run.model.file} compares no pictures with texts`,
    );
  }
  const text = run.model.texts.get(graphs.text)!;
  const rowsOf = tokenRows(describeText(text, openTokenizer(text, run.project.tokenizerFolders)));
  const { image, texts, match, compare } = graphs;
  const all = [image, texts, match, compare].filter((graph) => graph !== undefined);
  const session = await openInference(run, device, all, batch);
  const programOf = (graph: InferenceGraph | undefined) =>
    graph && session.executables[all.indexOf(graph)];
  const [imageProgram, textProgram] = [programOf(image)!, programOf(texts)!];
  const [matchProgram, compareProgram] = [programOf(match), programOf(compare)];
  const tokens = (graph: InferenceGraph, captions: readonly string[]) => {
    const filled = Array.from({ length: batch }, (_, row) => captions[row] ?? captions[0]!);
    const { ids, mask } = rowsOf(filled);
    return Object.fromEntries(
      graph.inputs.flatMap(({ name, source }) =>
        source.kind === "token-ids"
          ? [[name, ids]]
          : source.kind === "token-mask"
            ? [[name, mask]]
            : [],
      ),
    );
  };
  const seeAll = async (pictures: readonly Float32Array[]) => {
    const kept = new Kept(image, batch);
    for (const { values, count } of paddedRows(pictures, batch))
      kept.add(await imageProgram.run({ [image.inputs[0]!.name]: values }), count);
    return kept;
  };
  const readAll = async (captions: readonly string[]) => {
    const kept = new Kept(texts, batch);
    for (let start = 0; start < captions.length; start += batch) {
      const part = captions.slice(start, start + batch);
      kept.add(await textProgram.run(tokens(texts, part)), part.length);
    }
    return kept;
  };
  const scores = async (seen: Kept, read: Kept) =>
    compareProgram === undefined
      ? cosines(seen.rows("features"), read.rows("features"))
      : writtenScores(compareProgram, seen, read, batch);
  const matchAll = async (
    program: Executable,
    graph: InferenceGraph,
    pairs: readonly (readonly [picture: Float32Array, caption: string])[],
  ) => {
    const patchInput = graph.inputs.find(({ source }) => source.kind === "given")!.name;
    const scores = new Float32Array(pairs.length);
    const groups = paddedRows(
      pairs.map(([picture]) => picture),
      batch,
    );
    for (const [index, { values, count }] of groups.entries()) {
      const captions = pairs
        .slice(index * batch, index * batch + count)
        .map(([, caption]) => caption);
      const inputs = { ...tokens(graph, captions), [patchInput]: values };
      const { score } = await program.run(inputs, { read: ["score"] });
      scores.set(score!.subarray(0, count), index * batch);
    }
    return scores;
  };
  return {
    retrieve: async (pictures, captions, candidates) => {
      const seen = await seeAll(pictures);
      const cosine = await scores(seen, await readAll(captions));
      const patches = match === undefined ? [] : seen.rows("patches");
      const contrast = bothWays(cosine, transposed(cosine));
      if (match === undefined || matchProgram === undefined) {
        return { pictures: pictures.length, contrast, reranked: undefined };
      }
      const byImage = await reranked(cosine, candidates, (pairs) =>
        matchAll(
          matchProgram,
          match,
          pairs.map(([row, column]) => [patches[row]!, captions[column]!]),
        ),
      );
      const byText = await reranked(transposed(cosine), candidates, (pairs) =>
        matchAll(
          matchProgram,
          match,
          pairs.map(([row, column]) => [patches[column]!, captions[row]!]),
        ),
      );
      return { pictures: pictures.length, contrast, reranked: bothWays(byImage, byText) };
    },
    close: session.close,
  };
}

function bothWays(byImage: ScoreMatrix, byText: ScoreMatrix): Recalls {
  return { imageToText: recallAt(byImage, 1), textToImage: recallAt(byText, 1) };
}

/** What a graph gives of each record, by output, as rows. */
class Kept {
  readonly #batch: number;
  readonly #rows: ReadonlyMap<string, Float32Array[]>;

  constructor({ outputs }: InferenceGraph, batch: number) {
    this.#batch = batch;
    this.#rows = new Map([...outputs.keys()].map((name) => [name, []]));
  }

  /** The first `count` records of a batch. */
  add(found: Readonly<Record<string, ArrayLike<number>>>, count: number): void {
    for (const [name, rows] of this.#rows)
      rows.push(...rowsIn(found[name]!, this.#batch).slice(0, count));
  }

  rows(name: string): readonly Float32Array[] {
    return this.#rows.get(name)!;
  }

  /** Records. */
  get length(): number {
    return [...this.#rows.values()][0]!.length;
  }

  /** Those from `start` on that fill a batch, padded with zeros, of the outputs that `names` holds. */
  batchFrom(start: number, names: ReadonlySet<string>): Readonly<Record<string, Float32Array>> {
    const entries = [...this.#rows].filter(([name]) => names.has(name));
    return Object.fromEntries(
      entries.map(([name, rows]) => [
        name,
        paddedRows(rows.slice(start, start + this.#batch), this.#batch)[0]!.values,
      ]),
    );
  }
}

/** Every picture with every text, a batch of each at a time. */
async function writtenScores(
  compare: Executable,
  pictures: Kept,
  texts: Kept,
  batch: number,
): Promise<ScoreMatrix> {
  const [rows, columns] = [pictures.length, texts.length];
  const names = new Set(compare.program.inputs.map(({ name }) => name));
  const values = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row += batch) {
    const seen = pictures.batchFrom(row, names);
    for (let column = 0; column < columns; column += batch) {
      const { score } = await compare.run({ ...seen, ...texts.batchFrom(column, names) });
      const block = rowsIn(score!, batch).slice(0, rows - row);
      for (const [at, found] of block.entries())
        values.set(found.subarray(0, columns - column), (row + at) * columns + column);
    }
  }
  return { rows, columns, values };
}

function rowsIn(tensor: ArrayLike<number>, rows: number): readonly Float32Array[] {
  const length = tensor.length / rows;
  return Array.from({ length: rows }, (_, row) =>
    Float32Array.from({ length }, (_, at) => tensor[row * length + at]!),
  );
}

/** Greatest dot product over a picture's queries: pictures [queries x width] against texts [width]. */
function cosines(pictures: readonly Float32Array[], texts: readonly Float32Array[]): ScoreMatrix {
  const values = new Float32Array(pictures.length * texts.length);
  for (const [row, picture] of pictures.entries()) {
    for (const [column, text] of texts.entries()) {
      let best = Number.NEGATIVE_INFINITY;
      for (let start = 0; start < picture.length; start += text.length) {
        let dot = 0;
        for (let at = 0; at < text.length; at += 1) dot += picture[start + at]! * text[at]!;
        best = Math.max(best, dot);
      }
      values[row * texts.length + column] = best;
    }
  }
  return { rows: pictures.length, columns: texts.length, values };
}
