/** `blipc tune [FILE…]`: measures tiles of matrix products on this adapter and keeps the faster ones in the user's cache. */
import type { Command } from "commander";
import type { Plan } from "../../compiler/5-schedule/plan.ts";
import type { AdapterChoice } from "../../runtime/device/find-adapter.ts";
import type { Device } from "../../runtime/device/open-device.ts";
import type { ProductWork } from "../../runtime/tune/product-work.ts";
import type { Cli } from "../cli.ts";
import {
  adapterOption,
  addPipelineOptions,
  chooseStage,
  load,
  type PipelineOptions,
  requireModel,
  splitStage,
} from "../pipeline-options.ts";
import { userCacheFolder } from "../user-cache.ts";
import { wholeNumber } from "./shapes.ts";

interface TuneOptions extends PipelineOptions {
  readonly adapter?: AdapterChoice;
  readonly seconds?: number;
  readonly quick?: boolean;
}

/** Seconds when nobody says otherwise. */
const usual = { whole: 60, quick: 15 };

/** Adds the command. */
export function addTune(program: Command, cli: Cli): void {
  const command = program
    .command("tune")
    .description("measure tiles of matrix products on this adapter and keep the faster ones")
    .argument("[files...]", "pipelines whose products count, FILE or FILE#stage; BLIP-2's without")
    .option("--seconds <n>", "how long it may take, about", wholeNumber)
    .option("--quick", `a look of ${usual.quick} seconds`)
    .addOption(adapterOption());
  addPipelineOptions(command).action((files: readonly string[], options: TuneOptions) =>
    cli.act(options.json === true, () => tuneAdapter(cli, files, options)),
  );
}

async function tuneAdapter(
  cli: Cli,
  files: readonly string[],
  options: TuneOptions,
): Promise<void> {
  const { openDevice } = await import("../../runtime/device/open-device.ts");
  const { tune } = await import("../../runtime/tune/tune.ts");
  const { describedWork, tuneTable } = await import("../formats/tune-table.ts");
  const { terminal } = cli;
  const adapter = options.adapter === undefined ? {} : { adapter: options.adapter };
  const device = await openDevice(adapter);
  try {
    const works = await worksFor(cli, files, options, device);
    const seconds = options.seconds ?? (options.quick === true ? usual.quick : usual.whole);
    const result = await tune(device, works, {
      milliseconds: 1000 * seconds,
      onProduct: (work, index, count) =>
        terminal.live(`${index + 1} of ${count}  ${describedWork(work)} …`),
      now: () => performance.now(),
    });
    terminal.live("");
    const file = await keep(cli, device, result);
    terminal.out(
      options.json === true
        ? JSON.stringify({ file, adapter: device.adapter, ...result, left: result.left.length })
        : tuneTable(terminal, device, file, result),
    );
  } finally {
    device.close();
  }
}

/** The kinds of products of the pipelines; without any, those of BLIP-2. */
async function worksFor(
  cli: Cli,
  files: readonly string[],
  options: TuneOptions,
  { target }: Device,
): Promise<readonly ProductWork[]> {
  if (files.length === 0) {
    const { standardProducts } = await import("../../runtime/tune/standard-products.ts");
    return standardProducts(target);
  }
  const { buildStage } = await import("../../compiler/2-build/build-stage.ts");
  const { otherPlans, planStage } = await import("../../compiler/compile.ts");
  const { worksOf } = await import("../../runtime/tune/product-work.ts");
  const plans: Plan[] = [];
  for (const argument of files) {
    const { file, stage: name } = splitStage(argument);
    const model = await requireModel(cli, await load(cli, file, options), options);
    const stages = name === undefined ? model.stages.values() : [await chooseStage(model, name)];
    for (const stage of stages) {
      const batch = model.data.get(stage.data.value)!.batch.value / stage.accumulate.value;
      const graphs = buildStage(model, stage.name, { batch });
      const others = otherPlans(graphs, target);
      const { step, whole } = planStage(graphs, stage, target, others);
      plans.push(step, ...(whole === undefined ? [] : [whole.represent, whole.compute]), ...others);
    }
  }
  return worksOf(plans);
}

/** Writes what was measured on top of what the cache holds of this adapter; the file's path. */
async function keep(
  cli: Cli,
  device: Device,
  {
    measured,
    tiles,
  }: Pick<import("../../runtime/tune/tune.ts").TuningResult, "measured" | "tiles">,
): Promise<string> {
  const { adapterKey, mergedTuning, readTuning, writeTuning } = await import(
    "../../runtime/tune/tuning-file.ts"
  );
  const cache = userCacheFolder();
  const adapter = adapterKey(device.adapter);
  const before = readTuning(cache, adapter, cli.version).tuning;
  const kinds = measured.map(({ work }) => work.kind);
  const now = { compiler: cli.version, adapter, measured: new Date().toISOString(), kinds, tiles };
  return writeTuning(cache, mergedTuning(now, before));
}
