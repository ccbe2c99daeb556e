/** A stage → how long its first step takes with an empty and with a filled shader cache. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import type { AdapterChoice } from "../../runtime/device/find-adapter.ts";
import { runChild } from "../run-child.ts";
import { type Spent, touchingAfresh } from "../spent.ts";
import type { StageRequest } from "../stages/stage-step.ts";
import type { FirstUses } from "./first-uses.ts";

export interface StartUpRequest extends StageRequest {
  readonly adapter?: AdapterChoice;
  /** Tells the costs of first uses by kind of kernel in place of the whole. */
  readonly isByKind?: boolean;
}

export interface StartUp {
  /** Milliseconds from the pipeline's text to WGSL. */
  readonly compile: number;
  /** Of pipelines, buffers and bindings, after the weights. */
  readonly ready: Spent;
  /** The first step to its loss, with what the driver compiles on the way. */
  readonly first: Spent;
  readonly later: Spent;
  /** Different shaders. */
  readonly pipelines: number;
  /** Those of one dispatch each. */
  readonly usedOnce: number;
  readonly dispatches: number;
}

export interface ColdAndWarm {
  readonly cold: StartUp;
  readonly warm: StartUp;
  /** Where the cold start's time goes, measured in a process of its own. */
  readonly firstUses: readonly FirstUses[];
  /** What the machine takes to give as much idle memory as the warm start touches first, and nothing else. */
  readonly touching: Spent;
}

/** Virtual machines give free memory back to their host after a while, and take it from there again. */
const idleMilliseconds = 10_000;

/** The same stage in two processes after each other that share a shader cache which was empty before, and in a third with an empty one. */
export async function coldAndWarm(request: StartUpRequest): Promise<ColdAndWarm> {
  const folder = mkdtempSync(join(tmpdir(), "blipc-shader-cache-"));
  try {
    const cache = join(folder, "shared");
    const cold: StartUp = await startUp(request, cache);
    const warm: StartUp = await startUp(request, cache);
    const firstUses: readonly FirstUses[] = await startUp(
      { ...request, isByKind: true },
      join(folder, "own"),
    );
    await setTimeout(idleMilliseconds);
    const touching = touchingAfresh(warm.ready.touched + warm.first.touched);
    return { cold, warm, firstUses, touching };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function startUp<T>(request: StartUpRequest, cache: string): Promise<T> {
  mkdirSync(cache, { recursive: true });
  return runChild(new URL("child.ts", import.meta.url), request, {
    MESA_SHADER_CACHE_DIR: cache,
    MESA_SHADER_CACHE_DISABLE: "false",
  });
}

/** Milliseconds of being made ready and of the first step. */
export function started({ ready, first }: StartUp): number {
  return ready.wall + first.wall;
}

/** Milliseconds that the start costs beyond a step. */
export function added(each: StartUp): number {
  return Math.max(0, started(each) - each.later.wall);
}
