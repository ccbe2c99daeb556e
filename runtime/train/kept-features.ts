/** Batches of pictures → what frozen encoders see in them: computed where nobody has, read where somebody did. */
import { join } from "node:path";
import type { CheckedData } from "../../compiler/1-check/model.ts";
import { featureGraphs } from "../../compiler/2-build/feature-graphs.ts";
import type { FeatureGraph, StageGraphs } from "../../compiler/2-build/stage-graphs.ts";
import { compileInference } from "../../compiler/compile.ts";
import type { Program, Target } from "../../compiler/program.ts";
import type { Batch } from "../data/batch.ts";
import type { DataRecord, Dataset } from "../data/dataset.ts";
import type { Device } from "../device/open-device.ts";
import { type Executable, prepare } from "../execute/executable.ts";
import type { HostTensor, HostTensors } from "../execute/host-tensors.ts";
import type { DeviceMemory } from "../execute/memory.ts";
import { FeatureStore } from "../features/feature-store.ts";
import { FileError } from "../weights/file-error.ts";
import { featureKey } from "./feature-key.ts";
import { RunFault } from "./run-fault.ts";
import { note, type StageRequest } from "./stage-request.ts";

/** A frozen prefix and the program that computes it. */
export interface FeatureProgram {
  readonly feature: FeatureGraph;
  readonly program: Program;
}

/** One program a kept encoder of the stage. */
export function compileFeatures(graphs: StageGraphs, target: Target): readonly FeatureProgram[] {
  return graphs.features.map((feature) => ({
    feature,
    program: compileInference(feature.graph, target),
  }));
}

/** What `openFeatures` needs. */
export interface FeaturesRequest {
  readonly request: StageRequest;
  readonly device: Device;
  /** Holds the encoders' weights. */
  readonly memory: DeviceMemory;
  readonly graphs: StageGraphs;
  readonly programs: readonly FeatureProgram[];
  readonly data: CheckedData;
  readonly dataset: Dataset;
  /** True: nothing is said. */
  readonly isQuiet: boolean;
}

/** The kept features of a stage's pictures. */
export interface KeptFeatures {
  /** True when no encoder needs the record's picture. */
  isKept(record: DataRecord): Promise<boolean>;
  /** The inputs that are features, rounded as they are stored. */
  inputsOf(batch: Batch): Promise<HostTensors>;
  /** Writes what is in memory alone. */
  flush(): void;
  /** Writes the rest and frees the device's buffers. */
  close(): void;
}

/** Undefined when the stage keeps none. Throws `DeviceLost`. */
export async function openFeatures(request: FeaturesRequest): Promise<KeptFeatures | undefined> {
  if (request.programs.length === 0) return undefined;
  const encoders: KeptEncoder[] = [];
  for (const each of request.programs) encoders.push(await openEncoder(request, each));
  return {
    isKept: async ({ imagePath }) => {
      if (imagePath === undefined) return false;
      for (const { store } of encoders) if (!(await store.has(imagePath))) return false;
      return true;
    },
    inputsOf: async (batch) => {
      const inputs: Record<string, HostTensor> = {};
      for (const encoder of encoders)
        inputs[encoder.input] = await encoder.features(batch, request.dataset);
      return inputs;
    },
    flush: () => {
      for (const encoder of encoders) encoder.flush();
    },
    close: () => {
      for (const encoder of encoders) encoder.close();
    },
  };
}

async function openEncoder(
  { request, device, memory, data, dataset, isQuiet, graphs }: FeaturesRequest,
  { feature, program }: FeatureProgram,
): Promise<KeptEncoder> {
  const { model, project, version } = request;
  const tell = (text: string) => {
    if (!isQuiet) note(request, text);
  };
  const inputs = graphs.inputs.filter(({ name }) => name === feature.input);
  const [one] = featureGraphs(model, inputs, { batch: 1 }, feature.graph.precision);
  const setting = { feature: one ?? feature, steps: data.image.value, device, memory, version };
  const folder = join(
    request.cache ?? join(project.runs, "cache"),
    "features",
    await featureKey(setting),
  );
  const store = new FeatureStore({
    folder,
    dtype: feature.dtype,
    shape: program.outputs[0]!.shape.slice(1),
    pictures: dataset.pictures,
    onBroken: (message) => tell(`kept features were passed over: ${message}`),
  });
  tell(
    store.count > 0
      ? `features of \`${feature.module}\`: ${store.count} pictures of an earlier run in ${folder}`
      : `features of \`${feature.module}\`: computed once a picture, kept in ${folder}`,
  );
  return new KeptEncoder(feature, program, store, () => prepare(device, program, memory), tell);
}

/** One encoder: its store, and its program while pictures without features come. */
class KeptEncoder {
  readonly store: FeatureStore;
  readonly #feature: FeatureGraph;
  readonly #program: Program;
  readonly #open: () => Promise<Executable>;
  readonly #tell: (text: string) => void;
  #executable: Executable | undefined;
  #isStoring = true;

  constructor(
    feature: FeatureGraph,
    program: Program,
    store: FeatureStore,
    open: () => Promise<Executable>,
    tell: (text: string) => void,
  ) {
    this.#feature = feature;
    this.#program = program;
    this.store = store;
    this.#open = open;
    this.#tell = tell;
  }

  /** Name of the stage's input. */
  get input(): string {
    return this.#feature.input;
  }

  /** f32[batch, tokens, width] of a batch. */
  async features(batch: Batch, dataset: Dataset): Promise<Float32Array> {
    const files = Array.from(batch.sampleIds, (id) => dataset.record(id).imagePath ?? "");
    const row = this.#program.outputs[0]!.shape.slice(1).reduce((a, b) => a * b, 1);
    const missing: number[] = [];
    for (const [index, file] of files.entries()) {
      if (!(await this.store.has(file))) missing.push(index);
    }
    const result = new Float32Array(files.length * row);
    const own = (index: number) => result.subarray(index * row, (index + 1) * row);
    files.forEach((file, index) => {
      if (!missing.includes(index)) this.store.read(file, own(index));
    });
    if (missing.length > 0) {
      const values = await this.#compute(batch, missing);
      missing.forEach((index, at) => {
        const computed = values.subarray(at * row, (at + 1) * row);
        this.#requireStorable(computed, files[index]!);
        own(index).set(this.store.rounded(computed));
        if (this.#isStoring) this.#guarded(() => this.store.add(files[index]!, computed));
      });
    }
    return result;
  }

  /** Features of the rows `missing`, in their order, and of nothing behind them. */
  async #compute(batch: Batch, missing: readonly number[]): Promise<Float32Array> {
    this.#executable ??= await this.#open();
    const slot = this.#program.inputs[0]!;
    const picture = slot.shape.slice(1).reduce((a, b) => a * b, 1);
    const pictures = new Float32Array(slot.shape[0]! * picture);
    missing.forEach((from, to) => {
      pictures.set(batch.images.subarray(from * picture, (from + 1) * picture), to * picture);
    });
    const { features } = await this.#executable.run({ [slot.name]: pictures });
    return features as Float32Array;
  }

  #requireStorable(values: Float32Array, file: string): void {
    if (this.#feature.dtype === "f32" || values.every((value) => Math.abs(value) < 65_520)) return;
    throw new RunFault(
      "numbers",
      `features of \`${this.#feature.module}\` for ${file} do not fit f16; write \`cache = features(dtype: f32)\``,
    );
  }

  /** A disk that refuses does not end the run: from then on nothing more is kept. */
  #guarded(write: () => void): void {
    try {
      write();
    } catch (thrown) {
      if (!(thrown instanceof FileError)) throw thrown;
      if (this.#isStoring) this.#tell(`no more features are kept: ${thrown.message}`);
      this.#isStoring = false;
    }
  }

  flush(): void {
    if (this.#isStoring) this.#guarded(() => this.store.flush());
  }

  close(): void {
    this.flush();
    this.#executable?.destroy();
    this.#executable = undefined;
  }
}
