/** `blipc test FILES`: the `test` blocks and asserts of pipelines without a device; `--device` takes one step of each stage. */
import type { Command } from "commander";
import type { AdapterChoice } from "../../runtime/device/find-adapter.ts";
import type { Cli } from "../cli.ts";
import { exitCodes } from "../exit-code.ts";
import { Quit } from "../faults.ts";
import {
  adapterOption,
  addPipelineOptions,
  load,
  noTuneOption,
  type PipelineOptions,
  requireModel,
} from "../pipeline-options.ts";
import { tunedTiles } from "../tuned-tiles.ts";

interface TestOptions extends PipelineOptions {
  readonly device?: boolean;
  readonly adapter?: AdapterChoice;
  readonly tune: boolean;
}

/** Adds the command. */
export function addTest(program: Command, cli: Cli): void {
  const command = program
    .command("test")
    .description("run the `test` blocks of pipelines: sizes and shapes, without a device")
    .argument("<files...>", "pipelines")
    .option("--device", "take one real step of each stage too, with its data and weights")
    .addOption(adapterOption())
    .addOption(noTuneOption());
  addPipelineOptions(command).action((files: readonly string[], options: TestOptions) =>
    cli.act(options.json === true, () => test(cli, files, options)),
  );
}

async function test(cli: Cli, files: readonly string[], options: TestOptions): Promise<void> {
  const { runTests } = await import("../../compiler/plan-report/index.ts");
  const { diagnosticJson, renderAll } = await import("../diagnostics.ts");
  const { terminal } = cli;
  const told = [];
  const stepped = [];
  let failed = 0;
  let total = 0;
  for (const file of files) {
    const pipeline = await load(cli, file, options);
    const model = await requireModel(cli, pipeline, options);
    for (const { name, asserts, failures } of runTests(model)) {
      const title = name === "" ? "asserts" : name;
      total += 1;
      if (failures.length > 0) failed += 1;
      told.push({ file: model.file, test: title, asserts, failures: failures.map(diagnosticJson) });
      if (options.json === true) continue;
      if (failures.length > 0) terminal.out(renderAll(failures, terminal.colors));
      const holds = asserts - failures.length;
      const word =
        failures.length === 0 ? terminal.colors.green("holds") : terminal.colors.red("fails");
      terminal.out(`${word}  ${model.file}: ${title} (${holds} of ${asserts} asserts hold)`);
    }
    if (options.device !== true) continue;
    const { deviceSteps } = await import("../device-steps.ts");
    const tiles = await tunedTiles(cli, options.tune);
    const { version } = cli;
    for (const step of await deviceSteps(pipeline, model, { ...options, ...tiles, version })) {
      total += 1;
      if (step.fault !== undefined) failed += 1;
      stepped.push({ file: model.file, ...step });
      if (options.json === true) continue;
      const { stage, fault, loss, seconds, adapter } = step;
      const word =
        fault === undefined ? terminal.colors.green("runs") : terminal.colors.red("fails");
      const facts = fault ?? `loss ${loss?.toFixed(4)}, ${seconds.toFixed(1)} s`;
      terminal.out(`${word}  ${model.file}: one step of \`${stage}\` on ${adapter} (${facts})`);
    }
  }
  const steps = options.device === true ? { steps: stepped } : {};
  if (options.json === true) terminal.out(JSON.stringify({ tests: told, ...steps }));
  else terminal.out(`${total - failed} of ${total} tests hold`);
  if (failed > 0) throw new Quit(exitCodes.testFailed);
}
