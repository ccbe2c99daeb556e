/** Blocks -> checked parts, each once, in whatever order they refer to each other. */

import type { Span } from "../../../grammar/source.ts";
import type { Context } from "../context.ts";
import type { BlockDeclaration } from "../file-scope.ts";
import type {
  CheckedData,
  CheckedModule,
  CheckedObjective,
  CheckedStage,
  CheckedText,
} from "../model.ts";

/** Makes one part of its block; undefined when something in it was reported. */
export interface PartMakers {
  readonly module: (block: BlockDeclaration, parts: Parts) => CheckedModule | undefined;
  readonly text: (block: BlockDeclaration, parts: Parts) => CheckedText | undefined;
  readonly objective: (block: BlockDeclaration, parts: Parts) => CheckedObjective | undefined;
  readonly data: (block: BlockDeclaration, parts: Parts) => CheckedData | undefined;
  readonly stage: (block: BlockDeclaration, parts: Parts) => CheckedStage | undefined;
}

/** A call without queries: reported at the port, unless no call at all reads them. */
export interface CallWithoutQueries {
  readonly objective: string;
  readonly queries: string;
  readonly bridge: string;
  readonly text: Span;
  report(): void;
}

type Part = CheckedModule | CheckedText | CheckedObjective | CheckedData | CheckedStage;

export class Parts {
  readonly context: Context;
  /** Blocks that some other block refers to. */
  readonly referenced = new Set<BlockDeclaration>();
  /** Calls of a Q-Former that leave out its queries where a port needs them. */
  readonly withoutQueries: CallWithoutQueries[] = [];
  readonly #makers: PartMakers;
  readonly #made = new Map<BlockDeclaration, Part | undefined>();

  constructor(context: Context, makers: PartMakers) {
    this.context = context;
    this.#makers = makers;
  }

  module(block: BlockDeclaration): CheckedModule | undefined {
    return this.#once(block, this.#makers.module);
  }

  text(block: BlockDeclaration): CheckedText | undefined {
    return this.#once(block, this.#makers.text);
  }

  objective(block: BlockDeclaration): CheckedObjective | undefined {
    return this.#once(block, this.#makers.objective);
  }

  data(block: BlockDeclaration): CheckedData | undefined {
    return this.#once(block, this.#makers.data);
  }

  stage(block: BlockDeclaration): CheckedStage | undefined {
    return this.#once(block, this.#makers.stage);
  }

  #once<T extends Part>(
    block: BlockDeclaration,
    make: (block: BlockDeclaration, parts: Parts) => T | undefined,
  ): T | undefined {
    if (this.#made.has(block)) return this.#made.get(block) as T | undefined;
    this.#made.set(block, undefined);
    const made = make(block, this);
    this.#made.set(block, made);
    return made;
  }
}

/** Kinds of blocks with weights. */
export const moduleKinds: ReadonlySet<string> = new Set([
  "encoder",
  "queries",
  "qformer",
  "adapter",
  "lm",
]);
