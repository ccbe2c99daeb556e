/** `blipc check [files]`: all diagnostics of pipelines. */
import type { Command } from "commander";
import { hasErrors } from "../../grammar/diagnostic.ts";
import { type Cli, quitOnDiagnostics } from "../cli.ts";
import { addPipelineOptions, load, type PipelineOptions } from "../pipeline-options.ts";

interface CheckOptions extends PipelineOptions {
  readonly deny?: "warnings";
}

/** Adds the command. */
export function addCheck(program: Command, cli: Cli): void {
  const command = program
    .command("check")
    .description("say everything that is wrong with pipelines")
    .argument("<files...>", "pipelines")
    .option("--deny <what>", "`warnings`: warnings count as errors");
  addPipelineOptions(command).action((files: readonly string[], options: CheckOptions) =>
    cli.act(options.json === true, () => check(cli, files, options)),
  );
}

async function check(cli: Cli, files: readonly string[], options: CheckOptions): Promise<void> {
  const { diagnosticJson, renderAll, summary } = await import("../diagnostics.ts");
  const { terminal } = cli;
  const pipelines = [];
  for (const file of files) pipelines.push(await load(cli, file, options));
  const diagnostics = pipelines.flatMap((pipeline) => pipeline.diagnostics);
  if (options.json === true) {
    const checked = pipelines.map(({ source }) => source.name);
    terminal.out(JSON.stringify({ files: checked, diagnostics: diagnostics.map(diagnosticJson) }));
  } else {
    for (const { source, diagnostics: own, model } of pipelines) {
      if (own.length > 0) terminal.out(renderAll(own, terminal.colors));
      const found = summary(own);
      const size =
        model === undefined
          ? ""
          : ` (${counted(model.modules.size, "module")}, ${counted(model.objectives.size, "objective")}, ${counted(model.stages.size, "stage")})`;
      terminal.out(
        found === "" ? `${source.name}: no problems${size}` : `${source.name}: ${found}`,
      );
    }
  }
  const hasWarnings = diagnostics.some(({ severity }) => severity === "warning");
  if (hasErrors(diagnostics) || (options.deny === "warnings" && hasWarnings)) quitOnDiagnostics();
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
