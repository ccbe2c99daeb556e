/** Generation behind a prefix: settings of transformers 4.45.1 and calls of LAVIS on 4.33.2. */
import { languageStep } from "../../../compiler/generate/language-step.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { rootScope } from "../../../compiler/layers/scope.ts";
import { rules } from "../../../compiler/ops/index.ts";
import {
  type Generated,
  type GenerateOptions,
  generate,
  type NextLogits,
} from "../../../runtime/train/generate.ts";
import { largestDifference } from "../comparison.ts";
import { evaluate, type Given, openSession, type Session, type Values } from "../evaluate.ts";
import type { ReferenceCase } from "../reference-case.ts";
import { pick } from "./stage1-captions.ts";
import { prefixOf, type Stage2Case, stage2Opt } from "./stage2-graph.ts";

interface Kwargs {
  readonly pad_token_id: number;
  readonly bos_token_id: number;
  readonly eos_token_id: number;
  readonly num_beams: number;
  readonly max_new_tokens: number;
  readonly min_new_tokens?: number;
  readonly length_penalty?: number;
  readonly repetition_penalty?: number;
  readonly no_repeat_ngram_size?: number;
  readonly early_stopping?: boolean;
}

export interface Stage2Generation {
  readonly generation_eos: number;
  readonly generation?: readonly {
    readonly name: string;
    readonly kwargs: Kwargs;
    readonly ids: readonly (readonly number[])[];
    readonly sequences_scores?: readonly number[];
    readonly robust: boolean;
  }[];
  readonly lavis?: {
    readonly loss?: number;
    readonly gens: readonly {
      readonly call: string;
      readonly ids: readonly (readonly number[])[];
      readonly robust: boolean;
    }[];
  };
}

/** What stays the same over all settings of a case. */
interface Context {
  readonly c: Stage2Case;
  readonly given: Given;
  readonly prefix: Values;
  readonly prompt: {
    readonly ids: ArrayLike<number>;
    readonly mask: ArrayLike<number>;
    readonly length: number;
  };
  /** Columns of the step graph: prompt and the longest continuation. */
  readonly columns: number;
  readonly prepared: Map<number, Promise<Session>>;
}

const padId = 1;
const startId = 2;

/** Compares the ids of every setting, and the scores where the case has them. */
export async function checkGeneration(
  reference: ReferenceCase,
  c: Stage2Case & Stage2Generation,
  given: Given,
): Promise<void> {
  const ids = reference.take("inputs/prompt_ids");
  const mask = reference.take("inputs/prompt_mask");
  const hf = c.generation ?? [];
  const lavis = c.lavis?.gens ?? [];
  const longest = Math.max(
    ...[...hf, ...lavis].map((g) => Math.max(...g.ids.map((row) => row.length))),
  );
  const length = ids.shape[1]!;
  const context: Context = {
    c,
    given,
    prefix: await prefixValues(c, given),
    prompt: { ids: ids.data, mask: mask.data, length },
    columns: length + longest,
    prepared: new Map(),
  };
  for (const { name, kwargs, ids: expected, sequences_scores: scores, robust } of hf) {
    const key = `generation/${name}`;
    const found = await generated(context, [], hfOptions(c, kwargs));
    if (robust) reference.compareIds(key, padded(found, [kwargs.bos_token_id]), expected);
    else reference.leaveOut(key, "the reference itself is not stable here");
    if (robust && scores !== undefined) {
      const error = largestDifference(
        found.map(({ score }) => score),
        scores,
      );
      reference.line(`${key}/sequences_scores`, `${scores.length} scores`, error, 5e-5);
    }
  }
  for (const { call, ids: expected, robust } of lavis) {
    const key = `lavis/${call}`;
    const found = await generated(context, [startId], lavisOptions(c, call));
    if (robust) reference.compareIds(key, padded(found, []), expected);
    else reference.leaveOut(key, "the reference itself is not stable here");
  }
  for (const session of context.prepared.values()) await (await session).close();
}

function hfOptions(c: Stage2Case, k: Kwargs): GenerateOptions {
  return {
    vocabulary: c.config.vocab,
    semantics: "hf-4.45",
    beams: k.num_beams,
    maxLength: k.max_new_tokens,
    minLength: k.min_new_tokens ?? 0,
    endId: k.eos_token_id,
    padId: k.pad_token_id,
    lengthPenalty: k.length_penalty ?? 1,
    repetitionPenalty: k.repetition_penalty ?? 1,
    noRepeatNgram: k.no_repeat_ngram_size ?? 0,
    stopsEarly: k.early_stopping ?? false,
  };
}

/** `predict_answers` counts new tokens and `generate` the whole buffer, in which the start stands. */
function lavisOptions(c: Stage2Case & Stage2Generation, call: string): GenerateOptions {
  const isAnswer = call.startsWith("predict_answers");
  const number = (pattern: RegExp, otherwise: number) =>
    Number(pattern.exec(call)?.[1] ?? otherwise);
  const length = number(/max_len(?:gth)?=(\d+)/, isAnswer ? 10 : 30);
  return {
    vocabulary: c.config.vocab,
    semantics: "hf-4.33",
    beams: number(/beams=?(\d+)/, 5),
    maxLength: isAnswer ? length + 1 : length,
    minLength: number(/min_len(?:gth)?=(\d+)/, 1),
    endId: c.generation_eos,
    padId,
    lengthPenalty: number(/(?:lp|length_penalty)=(-?[\d.]+)/, isAnswer ? 0 : 1),
    repetitionPenalty: number(/repetition_penalty=([\d.]+)/, 1),
  };
}

async function prefixValues(c: Stage2Case, given: Given): Promise<Values> {
  const { batch, image } = c.config;
  const s = rootScope(new Builder(rules));
  const { prefix } = prefixOf(s, s.b.input("pixels", [batch, 3, image, image]), c);
  return (await evaluate(new Map([["prefix", prefix]]), given, s.b)).get("prefix")!;
}

async function generated(
  context: Context,
  start: readonly number[],
  options: GenerateOptions,
): Promise<readonly Generated[]> {
  const { batch } = context.c.config;
  const rows = batch * (options.beams ?? 1);
  const session = await preparedFor(context, rows);
  const starts = Array.from({ length: batch }, () => start);
  return generate(stepper(context, session, start.length), starts, options);
}

function preparedFor(context: Context, rows: number): Promise<Session> {
  const known = context.prepared.get(rows);
  if (known !== undefined) return known;
  const { c, columns, given } = context;
  const { queries, t_hidden } = c.config;
  const s = rootScope(new Builder(rules));
  const { b } = s;
  const logits = languageStep(
    s.at("opt_model"),
    {
      prefix: b.input("prefix", [rows, queries, t_hidden]),
      ids: b.input("ids", [rows, columns], "i32"),
      mask: b.input("mask", [rows, columns], "i32"),
    },
    b.input("position", [1], "i32"),
    stage2Opt(c),
  );
  const outputs = new Map([["logits", logits]]);
  const made = openSession({ outputs, builder: b }, given);
  context.prepared.set(rows, made);
  return made;
}

/** `hidden` ids at the start of a sequence are counted and penalized, but the model never sees them. */
function stepper(context: Context, session: Session, hidden: number): NextLogits {
  const { columns, prefix, prompt } = context;
  const { batch } = context.c.config;
  return async (sequences, samples) => {
    const ids = new Int32Array(sequences.length * columns);
    const mask = new Int32Array(sequences.length * columns).fill(1);
    for (const [row, sequence] of sequences.entries()) {
      const from = samples[row]! * prompt.length;
      for (let i = 0; i < prompt.length; i++) {
        ids[row * columns + i] = prompt.ids[from + i]!;
        mask[row * columns + i] = prompt.mask[from + i]!;
      }
      ids.set(sequence.slice(hidden), row * columns + prompt.length);
    }
    const position = prompt.length + sequences[0]!.length - hidden - 1;
    const inputs = new Map<string, ArrayLike<number>>([
      ["prefix", pick(prefix, batch, samples)],
      ["ids", ids],
      ["mask", mask],
      ["position", [position]],
    ]);
    return (await session.run(inputs)).get("logits")!;
  };
}

function padded(
  found: readonly Generated[],
  lead: readonly number[],
): readonly (readonly number[])[] {
  const width = Math.max(...found.map(({ ids }) => ids.length));
  return found.map(({ ids }) => [...lead, ...ids, ...new Array(width - ids.length).fill(padId)]);
}
