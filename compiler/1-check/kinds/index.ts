/** The table of block kinds. */
import { adapter } from "./adapter.ts";
import type { BlockKind } from "./block-kind.ts";
import { data } from "./data.ts";
import { encoder } from "./encoder.ts";
import { lm } from "./lm.ts";
import { objective } from "./objective.ts";
import { qformer } from "./qformer.ts";
import { queries } from "./queries.ts";
import { optimizer, save, schedule, stage, validate } from "./stage.ts";
import { test } from "./test.ts";
import { text } from "./text.ts";

/** Kinds by their word. */
export const kinds: ReadonlyMap<string, BlockKind> = new Map(
  [
    encoder,
    text,
    queries,
    qformer,
    adapter,
    lm,
    objective,
    data,
    stage,
    test,
    optimizer,
    schedule,
    save,
    validate,
  ].map((kind) => [kind.kind, kind]),
);
