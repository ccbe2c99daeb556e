/** A pipeline's stages → one real step of each on a device, in a folder that is thrown away. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CheckedModel } from "../compiler/1-check/model.ts";
import type { AdapterChoice } from "../runtime/device/find-adapter.ts";
import type { TilesFor } from "../runtime/device/open-device.ts";
import type { LoadedPipeline } from "../runtime/train/load-pipeline.ts";
import { RunFault } from "../runtime/train/run-fault.ts";
import { runStage } from "../runtime/train/run-stage.ts";
import { userCacheFolder } from "./user-cache.ts";

/** How a step went; `fault` says what went wrong with its numbers. */
export interface DeviceStep {
  readonly stage: string;
  readonly adapter: string;
  readonly loss: number | undefined;
  readonly fault: string | undefined;
  readonly seconds: number;
}

/**
 * Runs the stages in their order; one that continues from another stage of the file takes over what that one's step left.
 * Throws what a run throws for files that are missing and devices that are too small.
 */
export async function deviceSteps(
  pipeline: LoadedPipeline,
  model: CheckedModel,
  options: {
    readonly adapter?: AdapterChoice;
    readonly tilesFor?: TilesFor;
    readonly version: string;
  },
): Promise<readonly DeviceStep[]> {
  const folder = mkdtempSync(join(tmpdir(), "blipc-test-"));
  const steps: DeviceStep[] = [];
  try {
    for (const stage of model.stages.values()) {
      const { from } = stage;
      let adapter = "";
      let loss: number | undefined;
      const started = performance.now();
      const run = runStage({
        model,
        stage: stage.name,
        project: pipeline.project,
        pipeline: {
          file: pipeline.source.name,
          texts: [...pipeline.sources.values()],
          overrides: pipeline.overrides,
        },
        out: join(folder, stage.name),
        ...(from?.value.isWithin === true ? { from: join(folder, from.value.stage) } : {}),
        resume: false,
        steps: 1,
        ...(options.adapter === undefined ? {} : { adapter: options.adapter }),
        ...(options.tilesFor === undefined ? {} : { tilesFor: options.tilesFor }),
        cache: userCacheFolder(),
        badImages: "skip",
        version: options.version,
        watch: (event) => {
          if (event.kind === "adapter") adapter = event.name;
          if (event.kind === "step") loss = event.loss;
        },
      });
      const fault = await run.then(() => undefined, numbersFault);
      const seconds = (performance.now() - started) / 1000;
      steps.push({ stage: stage.name, adapter, loss, fault, seconds });
    }
    return steps;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is wrong with the numbers; throws anything else on. */
function numbersFault(thrown: unknown): string {
  if (thrown instanceof RunFault && thrown.kind === "numbers") return thrown.message;
  throw thrown;
}
