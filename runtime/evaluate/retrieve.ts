/** A run with a contrastive objective, pictures and their captions → recall both ways, before and after re-ranking. */
import { retrievalGraphs } from "../../compiler/2-build/build-inference.ts";
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
  /** By cosine alone. */
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
  const { image, texts, match } = graphs;
  const all = match === undefined ? [image, texts] : [image, texts, match];
  const session = await openInference(run, device, all, batch);
  const [imageProgram, textProgram, matchProgram] = session.executables;
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
    const features: Float32Array[] = [];
    const patches: Float32Array[] = [];
    for (const { values, count } of paddedRows(pictures, batch)) {
      const found = await imageProgram!.run({ [image.inputs[0]!.name]: values });
      features.push(...rowsIn(found["features"]!, batch).slice(0, count));
      patches.push(...rowsIn(found["patches"]!, batch).slice(0, count));
    }
    return { features, patches };
  };
  const readAll = async (captions: readonly string[]) => {
    const features: Float32Array[] = [];
    for (let start = 0; start < captions.length; start += batch) {
      const part = captions.slice(start, start + batch);
      const found = await textProgram!.run(tokens(texts, part));
      features.push(...rowsIn(found["features"]!, batch).slice(0, part.length));
    }
    return features;
  };
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
      const cosine = cosines(seen.features, await readAll(captions));
      const contrast = bothWays(cosine, transposed(cosine));
      if (match === undefined || matchProgram === undefined) {
        return { pictures: pictures.length, contrast, reranked: undefined };
      }
      const byImage = await reranked(cosine, candidates, (pairs) =>
        matchAll(
          matchProgram,
          match,
          pairs.map(([row, column]) => [seen.patches[row]!, captions[column]!]),
        ),
      );
      const byText = await reranked(transposed(cosine), candidates, (pairs) =>
        matchAll(
          matchProgram,
          match,
          pairs.map(([row, column]) => [seen.patches[column]!, captions[row]!]),
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
