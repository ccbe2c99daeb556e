/** A stage → how long its first step takes with an empty and with a filled shader cache. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AdapterChoice } from "../../runtime/device/find-adapter.ts";
import { runChild } from "../run-child.ts";
import type { StageRequest } from "../stages/stage-step.ts";
import type { FirstUses } from "./first-uses.ts";

export interface StartUpRequest extends StageRequest {
  readonly adapter?: AdapterChoice;
  /** Tells the costs of first uses by kind of kernel in place of the whole. */
  readonly isByKind?: boolean;
}

/** Milliseconds. */
export interface StartUp {
  /** From the pipeline's text to WGSL. */
  readonly compile: number;
  /** From the program to the loss of the first step: pipelines, buffers, what the driver compiles on the way, the step. */
  readonly first: number;
  /** A later step. */
  readonly later: number;
  /** Different shaders. */
  readonly pipelines: number;
  readonly dispatches: number;
}

export interface ColdAndWarm {
  readonly cold: StartUp;
  readonly warm: StartUp;
  /** Where the cold start's time goes, measured in a process of its own. */
  readonly firstUses: readonly FirstUses[];
}

/** The same stage in two processes after each other that share a shader cache which was empty before, and in a third with an empty one. */
export async function coldAndWarm(request: StartUpRequest): Promise<ColdAndWarm> {
  const folder = mkdtempSync(join(tmpdir(), "blipc-shader-cache-"));
  try {
    const cache = join(folder, "shared");
    const cold: StartUp = await startUp(request, cache);
    const warm: StartUp = await startUp(request, cache);
    return {
      cold,
      warm,
      firstUses: await startUp({ ...request, isByKind: true }, join(folder, "own")),
    };
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

/** What the start costs beyond a step. */
export function added({ first, later }: StartUp): number {
  return Math.max(0, first - later);
}
