/** `blipc fmt [files]`: pipelines in their one canonical layout. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { type Cli, quitOnDiagnostics } from "../cli.ts";
import { counted } from "../counted.ts";

interface FormatOptions {
  readonly check?: boolean;
  readonly stdin?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addFmt(program: Command, cli: Cli): void {
  program
    .command("fmt")
    .description("lay out pipelines; without files, all of this folder")
    .argument("[files...]", "pipelines")
    .option("--check", "change nothing; exit with 4 when a file would change")
    .option("--stdin", "read a pipeline from standard input, print it to standard output")
    .option("--json", "print JSON for tools")
    .action((files: readonly string[], options: FormatOptions) =>
      cli.act(options.json === true, () => formatFiles(cli, files, options)),
    );
}

async function formatFiles(
  cli: Cli,
  files: readonly string[],
  { check, stdin, json }: FormatOptions,
): Promise<void> {
  const { format } = await import("../../grammar/format.ts");
  const { createSource } = await import("../../grammar/source.ts");
  const { decoded, pipelineNames, readPipelineText } = await import("../pipeline-files.ts");
  const { terminal, folder } = cli;
  if (stdin === true) {
    const text = await decoded(readFileSync(0), "standard input");
    const formatted = format(createSource("standard input", text));
    if (check !== true) process.stdout.write(formatted);
    else if (formatted !== text) quitOnDiagnostics();
    return;
  }
  const changed: string[] = [];
  const names = pipelineNames(files, folder);
  for (const name of names) {
    const { path, text } = await readPipelineText(name, folder);
    const formatted = format(createSource(name, text));
    if (formatted === text) continue;
    changed.push(name);
    if (check !== true) writeFileSync(path, formatted);
    if (json !== true) terminal.out(name);
  }
  if (json === true) terminal.out(JSON.stringify({ files: names, changed }));
  const count = `${changed.length} of ${counted(names.length, "file")}`;
  terminal.remark(check === true ? `${count} would change` : `${count} changed`);
  if (check === true && changed.length > 0) quitOnDiagnostics();
}
