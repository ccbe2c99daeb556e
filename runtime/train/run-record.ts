/** A run's folder as the trainer uses it: where to start, what is written beside checkpoints, which ones stay. */
import { relative } from "node:path";
import type { CheckedStage } from "../../compiler/1-check/model.ts";
import type { ProductTiles } from "../../compiler/program.ts";
import type { AdapterReport, Device } from "../device/open-device.ts";
import type { DeviceMemory } from "../execute/memory.ts";
import type { CheckpointState, OpenCheckpoint } from "../run-folder/checkpoint-file.ts";
import {
  discardCheckpointsAfter,
  readLatest,
  stepsIn,
  writeCheckpoint,
} from "../run-folder/checkpoints.ts";
import { type Metrics, openMetrics } from "../run-folder/metrics.ts";
import {
  type RunDescription,
  type RunFolder,
  readRunDescription,
  writeRunDescription,
} from "../run-folder/run-folder.ts";
import { isSameAdapter, tilesOf } from "../tune/tuning-file.ts";
import { FileError } from "../weights/file-error.ts";
import type { Measured, RunEvent, StepReport } from "./progress.ts";
import { RunFault } from "./run-fault.ts";
import { note, type StageRequest } from "./stage-request.ts";
import { downloadState, firstNonFinite, type TrainedParameter } from "./state-tensors.ts";

/** Sum and count of a measured value since the last checkpoint. */
interface Running {
  sum: number;
  count: number;
}

export class RunRecord {
  readonly #request: StageRequest;
  readonly #stage: CheckedStage;
  readonly #folder: RunFolder;
  #running: Running = { sum: 0, count: 0 };
  #best: number | undefined;

  constructor(request: StageRequest, stage: CheckedStage, folder: RunFolder) {
    this.#request = request;
    this.#stage = stage;
    this.#folder = folder;
  }

  get path(): string {
    return this.#folder.path;
  }

  /**
   * The checkpoint to go on from; undefined for a new run. Throws `RunFault` when a new run would overwrite one, or when
   * there is nothing to resume.
   */
  startingPoint(isResuming: boolean): OpenCheckpoint | undefined {
    const { path } = this.#folder;
    if (!isResuming) {
      if (stepsIn(path).length > 0 && this.#request.restart !== true) {
        throw new RunFault(
          "usage",
          `${path} holds a run already: go on with --resume, start it anew with --restart, or choose another folder with --out DIR`,
        );
      }
      discardCheckpointsAfter(this.#folder, -1);
      return undefined;
    }
    const { checkpoint, refused } = readLatest(path);
    for (const { message } of refused) {
      this.#request.watch({ kind: "note", text: `passed over a damaged checkpoint: ${message}` });
    }
    if (checkpoint === undefined) {
      if (refused.length > 0) throw new RunFault("data", `${path}: no checkpoint can be read`);
      this.#request.watch({ kind: "note", text: "no checkpoint yet: starting at step 0" });
      return undefined;
    }
    if (checkpoint.random.seed !== this.#stage.seed.value) {
      checkpoint.file.close();
      throw new RunFault(
        "usage",
        `${path} was run with seed ${checkpoint.random.seed}, the pipeline says ${this.#stage.seed.value}`,
      );
    }
    if (this.#isChanged())
      note(
        this.#request,
        "the pipeline, or what was set from outside, is not what this run began with; it goes on as it is now",
      );
    discardCheckpointsAfter(this.#folder, checkpoint.step);
    const notes = checkpoint.notes as { readonly best?: number } | undefined;
    this.#best = notes?.best;
    return checkpoint;
  }

  /** The newest checkpoint on disk. */
  lastGood(): OpenCheckpoint | undefined {
    return readLatest(this.#folder.path).checkpoint;
  }

  /**
   * The tiles of products for an adapter. A run that goes on where it began keeps those that it began with, whatever was
   * measured since: the same program gives the same bytes.
   */
  tilesFor(adapter: AdapterReport, isResuming: boolean): ProductTiles | undefined {
    const present = this.#request.tilesFor?.(adapter);
    const begun = isResuming ? this.#begun() : undefined;
    if (begun === undefined) return present;
    if (!isSameAdapter(begun.adapter, adapter)) {
      note(
        this.#request,
        `the run began on ${begun.adapter.name} (${begun.adapter.driver}) and goes on on ${adapter.name} (${adapter.driver}), which may round otherwise`,
      );
      return present;
    }
    if (JSON.stringify(begun.tiles) !== JSON.stringify(present ?? {}))
      note(this.#request, "the run goes on with the tiles of products that it began with");
    return begun.tiles;
  }

  /** Where and with what the run began, as its folder says. */
  #begun(): { readonly adapter: AdapterReport; readonly tiles: ProductTiles } | undefined {
    const { adapter, tiles } = this.#description() ?? {};
    if (typeof adapter !== "object" || adapter === null) return undefined;
    return { adapter: adapter as unknown as AdapterReport, tiles: tilesOf(tiles) ?? {} };
  }

  /** True when a text or an override differs from what stands in the run's folder. */
  #isChanged(): boolean {
    const begun = this.#description();
    const { texts, overrides } = this.#request.pipeline;
    const stored = (list: typeof texts) => list.map(({ name, text }) => ({ name, text }));
    return (
      begun !== undefined &&
      JSON.stringify([begun["texts"], begun["overrides"]]) !==
        JSON.stringify([stored(texts), stored(overrides)])
    );
  }

  #description(): RunDescription | undefined {
    try {
      return readRunDescription(this.#folder.path).description;
    } catch (thrown) {
      // A run that was killed before it was described begins anew.
      if (thrown instanceof FileError) return undefined;
      throw thrown;
    }
  }

  /** Writes what the run is. */
  describe({ adapter, target }: Pick<Device, "adapter" | "target">, total: number): void {
    const { pipeline, project, version } = this.#request;
    const { file, texts, overrides } = pipeline;
    const text = texts.find(({ name }) => name === file)?.text ?? "";
    const settings = overrides
      .flatMap((override) => override.text.trim().split("\n"))
      .map((line) => `//   ${line}\n`);
    const head = `// ${file}#${this.#stage.name} as it was run\n${settings.join("")}`;
    const way = (folder: string) =>
      relative(this.#folder.path, folder).replaceAll("\\", "/") || ".";
    writeRunDescription(this.#folder, head + text, {
      blipc: version,
      node: process.version,
      file,
      stage: this.#stage.name,
      texts: texts.map(({ name, text }) => ({ name, text })),
      overrides: overrides.map(({ name, text }) => ({ name, text })),
      base: way(project.base),
      roots: project.roots.map(way),
      seed: this.#stage.seed.value,
      steps: total,
      adapter: { ...adapter },
      tiles: Object.fromEntries(
        Object.entries(target.tiles ?? {}).map(([kind, tile]) => [kind, { ...tile }]),
      ),
    });
  }

  /** The metrics file, cut to `throughStep`, or empty. */
  openMetrics(throughStep: number | undefined): Metrics {
    return openMetrics(this.#folder, throughStep);
  }

  /** One line of metrics, and the value that `keep = best(…)` looks at. */
  noteStep(metrics: Metrics, report: StepReport): void {
    const { step, loss, losses, learningRate } = report;
    metrics.append({
      step,
      loss,
      ...losses,
      ...report.metrics,
      learning_rate: learningRate,
    });
    if (this.#stage.validate === undefined) this.#noteBest(report);
  }

  /** One line of metrics about held data, whose names start with `validation.`. */
  noteValidation(metrics: Metrics, step: number, measured: Measured): void {
    const values = { loss: measured.loss, ...measured.losses, ...measured.metrics };
    const named = Object.entries(values).map(([name, value]) => [`validation.${name}`, value]);
    metrics.append({ step, ...Object.fromEntries(named) });
    this.#noteBest(measured);
  }

  #noteBest({ loss, losses, metrics }: Pick<Measured, "loss" | "losses" | "metrics">): void {
    const keep = this.#stage.save.keep.value;
    if (keep.kind !== "best") return;
    const smaller: Readonly<Record<string, number>> = { loss, ...losses };
    const value = metrics[keep.metric] ?? smaller[keep.metric];
    if (value === undefined) {
      const names = ["loss", ...Object.keys(metrics), ...Object.keys(losses)];
      throw new RunFault(
        "usage",
        `stage \`${this.#stage.name}\` keeps the best by \`${keep.metric}\`, and it measures only ${names.join(", ")}`,
      );
    }
    // Losses are better when they are smaller.
    this.#running.sum += keep.metric in metrics ? value : -value;
    this.#running.count += 1;
  }

  /** Downloads and writes a checkpoint. Throws `RunFault` for weights that are not finite: those are never written. */
  async save(
    memory: DeviceMemory,
    trained: readonly TrainedParameter[],
    state: CheckpointState,
  ): Promise<RunEvent> {
    const tensors = await downloadState(memory, trained);
    const bad = firstNonFinite(tensors);
    if (bad !== undefined) {
      throw new RunFault(
        "numbers",
        `${bad} holds a NaN or an infinity after step ${state.step}; it was not saved, earlier checkpoints stand`,
      );
    }
    const keep = this.#stage.save.keep.value;
    const { sum, count } = this.#running;
    const mean = count === 0 ? undefined : sum / count;
    const isBest =
      keep.kind === "best" && mean !== undefined && (this.#best === undefined || mean > this.#best);
    if (isBest) this.#best = mean;
    this.#running = { sum: 0, count: 0 };
    const notes = this.#best === undefined ? {} : { notes: { best: this.#best } };
    const path = writeCheckpoint(
      this.#folder,
      { ...state, ...notes, tensors },
      {
        isBest,
        keep: keep.kind === "all" ? Number.MAX_SAFE_INTEGER : keep.kind === "last" ? keep.count : 1,
      },
    );
    return { kind: "checkpoint", step: state.step, path };
  }
}
