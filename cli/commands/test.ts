/** `blipc test FILES`: the `test` blocks and asserts of pipelines, without a device. */
import type { Command } from "commander";
import type { Cli } from "../cli.ts";
import { exitCodes } from "../exit-code.ts";
import { Quit } from "../faults.ts";
import {
  addPipelineOptions,
  load,
  type PipelineOptions,
  requireModel,
} from "../pipeline-options.ts";

/** Adds the command. */
export function addTest(program: Command, cli: Cli): void {
  const command = program
    .command("test")
    .description("run the `test` blocks of pipelines: sizes and shapes, without a device")
    .argument("<files...>", "pipelines");
  addPipelineOptions(command).action((files: readonly string[], options: PipelineOptions) =>
    cli.act(options.json === true, () => test(cli, files, options)),
  );
}

async function test(cli: Cli, files: readonly string[], options: PipelineOptions): Promise<void> {
  const { runTests } = await import("../../compiler/plan-report/index.ts");
  const { diagnosticJson, renderAll } = await import("../diagnostics.ts");
  const { terminal } = cli;
  const told = [];
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
  }
  if (options.json === true) terminal.out(JSON.stringify({ tests: told }));
  else terminal.out(`${total - failed} of ${total} tests hold`);
  if (failed > 0) throw new Quit(exitCodes.testFailed);
}
