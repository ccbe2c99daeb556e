/** A stage and its graphs → where the values of every parameter come from, known before anything is compiled. */
import type { CheckedStage } from "../../compiler/1-check/model.ts";
import type { ParameterNode, StageGraphs } from "../../compiler/2-build/stage-graphs.ts";
import type { Program } from "../../compiler/program.ts";
import type { DeviceMemory } from "../execute/memory.ts";
import type { OpenCheckpoint } from "../run-folder/checkpoint-file.ts";
import { readBest, readLatest } from "../run-folder/checkpoints.ts";
import { openWeights } from "../weights/open-weights.ts";
import { RunFault } from "./run-fault.ts";
import { defaultRunFolder, note, type StageRequest } from "./stage-request.ts";
import { findWeights } from "./weights-into-memory.ts";

/** Weights of a stage, found and not yet read. */
export interface StageWeights {
  /** Gives every parameter its values; gives back the frozen ones that only the earlier checkpoint holds. */
  fill(memory: DeviceMemory, programs: readonly Program[]): Promise<readonly ParameterNode[]>;
  close(): void;
}

/**
 * Opens the earlier checkpoint and the files of the modules. Throws `RunFault` for a checkpoint that is not there and for
 * tensors that are missing or of another shape, `FileError` for a file that cannot be read.
 */
export function openStageWeights(
  request: StageRequest,
  stage: CheckedStage,
  graphs: StageGraphs,
): StageWeights {
  const { model, project, watch } = request;
  const earlier = earlierCheckpoint(request, stage);
  try {
    const found = findWeights({
      model,
      modules: graphs.modules,
      initialCopies: graphs.initialCopies,
      seed: stage.seed.value,
      earlier: earlier?.file,
      startsAnew: graphs.startsAnew,
      open: (path, base) => openWeights(project.resolve(path, base)),
    });
    return {
      fill: async (memory, programs) => {
        watch({ kind: "phase", text: "loading weights" });
        await found.fill(memory, programs);
        const { outcomes } = found;
        if (earlier !== undefined) {
          const count = outcomes.reduce((sum, outcome) => sum + outcome.earlier, 0);
          note(request, `${count} tensors from ${earlier.path} (step ${earlier.step})`);
        }
        for (const { owner, excepted, interpolated } of outcomes) {
          if (excepted > 0) {
            note(
              request,
              `${excepted} tensors of \`${owner}\` not taken over: excepted by \`.except(…)\``,
            );
          }
          for (const text of interpolated) note(request, text);
        }
        return outcomes.flatMap(({ carried }) => carried);
      },
      close: () => {
        found.close();
        earlier?.file.close();
      },
    };
  } catch (thrown) {
    earlier?.file.close();
    throw thrown;
  }
}

/** The checkpoint that `from` means. */
function earlierCheckpoint(
  { project, from }: StageRequest,
  stage: CheckedStage,
): OpenCheckpoint | undefined {
  const continuation = stage.from?.value;
  if (continuation === undefined) {
    if (from === undefined) return undefined;
    throw new RunFault(
      "usage",
      `stage \`${stage.name}\` has no \`from\`; --from DIR has no meaning`,
    );
  }
  const folder = from ?? defaultRunFolder(project, continuation.file, continuation.stage);
  const found =
    continuation.which === "best"
      ? (readBest(folder) ?? readLatest(folder).checkpoint)
      : readLatest(folder).checkpoint;
  if (found !== undefined) return found;
  throw new RunFault(
    "data",
    `stage \`${stage.name}\` continues from \`${continuation.stage}\` of ${continuation.file}, and ${folder} holds no checkpoint\nrun it first: blipc run ${continuation.file}#${continuation.stage}, or name its run folder with --from DIR`,
  );
}
