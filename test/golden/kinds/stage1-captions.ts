/** Captions of the Q-Former alone, greedy and by beams. */
import { imageMemory, visionNorm } from "../../../compiler/backbones/qformer.ts";
import { captionMemory, captionStep } from "../../../compiler/generate/caption-step.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { rootScope } from "../../../compiler/layers/scope.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { generate, type NextLogits } from "../../../runtime/train/generate.ts";
import { evaluate, type Given, openSession, type Session, type Values } from "../evaluate.ts";
import type { ReferenceCase } from "../reference-case.ts";
import { type Stage1Case, stage1Config } from "./stage1-graph.ts";

export interface GenerationCase {
  readonly num_beams: number;
  readonly max_length: number;
  readonly min_length: number;
  readonly length_penalty: number;
  readonly ids: readonly (readonly number[])[];
  readonly eos: number;
  readonly pad: number;
  readonly bos: number;
  readonly same_in_f64?: boolean;
}

/** Compares the ids of every setting. */
export async function checkCaptions(
  reference: ReferenceCase,
  c: Stage1Case,
  settings: Readonly<Record<string, GenerationCase>>,
  given: Given,
): Promise<void> {
  const { batch } = c.config;
  const memory = await pictureMemory(c, given);
  for (const [name, g] of Object.entries(settings)) {
    const session = await openStep(c, given, batch * g.num_beams, g.max_length);
    const next = stepper(c, session, memory, g.max_length);
    const starts = Array.from({ length: batch }, () => [g.bos]);
    const ids = await generate(next, starts, {
      vocabulary: c.tokens.vocab_after_resize,
      semantics: "hf-4.33",
      beams: g.num_beams,
      maxLength: g.max_length,
      minLength: g.min_length,
      lengthPenalty: g.length_penalty,
      endId: g.eos,
      padId: g.pad,
    });
    await session.close();
    const rows = ids.map(({ ids: row }) => row);
    const width = Math.max(...rows.map((row) => row.length));
    const padded = rows.map((row) => [...row, ...new Array(width - row.length).fill(g.pad)]);
    reference.compareIds(`generation/${name}`, padded, g.ids);
  }
}

async function pictureMemory(c: Stage1Case, given: Given): Promise<ReadonlyMap<string, Values>> {
  const { batch, vision_tokens, vision_width } = c.config;
  const config = stage1Config(c);
  const s = rootScope(new Builder(rules));
  const embeds = visionNorm(s, s.b.input("vit", [batch, vision_tokens, vision_width]), config);
  return evaluate(captionMemory(s, imageMemory(s, embeds, config), config), given, s.b);
}

function openStep(c: Stage1Case, given: Given, rows: number, columns: number): Promise<Session> {
  const s = rootScope(new Builder(rules));
  const ids = s.b.input("ids", [rows, columns], "i32");
  const position = s.b.input("position", [1], "i32");
  const logits = captionStep(s, ids, position, stage1Config(c));
  return openSession({ outputs: new Map([["logits", logits]]), builder: s.b }, given);
}

function stepper(
  c: Stage1Case,
  session: Session,
  memory: ReadonlyMap<string, Values>,
  columns: number,
): NextLogits {
  return async (sequences, samples) => {
    const inputs = new Map<string, Values>();
    for (const [name, values] of memory) inputs.set(name, pick(values, c.config.batch, samples));
    inputs.set("ids", filled(sequences, sequences.length, columns));
    inputs.set("position", [sequences[0]!.length - 1]);
    return (await session.run(inputs)).get("logits")!;
  };
}

/** Rows of `values`, which has `count` of them, in the order of `rows`. */
export function pick(
  values: ArrayLike<number>,
  count: number,
  rows: readonly number[],
): Float64Array {
  const size = values.length / count;
  const result = new Float64Array(size * rows.length);
  rows.forEach((row, i) => {
    for (let k = 0; k < size; k++) result[i * size + k] = values[row * size + k]!;
  });
  return result;
}

/** Sequences as a table of `rows` x `columns`, zeros behind them. */
export function filled(
  sequences: readonly (readonly number[])[],
  rows: number,
  columns: number,
): Int32Array {
  const table = new Int32Array(rows * columns);
  for (const [i, sequence] of sequences.entries())
    table.set(sequence.slice(0, columns), i * columns);
  return table;
}
