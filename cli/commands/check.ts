/** `blipc check [files]`: all diagnostics of pipelines. */
import { type Command, Option } from "commander";
import { hasErrors } from "../../grammar/diagnostic.ts";
import { type Cli, quitOnDiagnostics } from "../cli.ts";
import { counted } from "../counted.ts";
import { type Format, formats, shownDiagnostics } from "../formats/formats.ts";
import {
  addFrozenLock,
  addPipelineOptions,
  addWatch,
  load,
  type PipelineOptions,
} from "../pipeline-options.ts";

interface CheckOptions extends PipelineOptions {
  readonly deny?: "warnings";
  readonly format?: Format;
  readonly watch?: boolean;
}

/** Adds the command. */
export function addCheck(program: Command, cli: Cli): void {
  const command = program
    .command("check")
    .description("say everything that is wrong with pipelines")
    .argument("<files...>", "pipelines")
    .addOption(
      new Option("--format <format>", "how messages are printed").choices(formats).default("text"),
    )
    .addOption(
      new Option("--deny <what>", "`warnings`: warnings count as errors").choices(["warnings"]),
    );
  addWatch(addFrozenLock(addPipelineOptions(command))).action(
    async (files: readonly string[], options: CheckOptions) => {
      const json = formatOf(options) === "json";
      if (options.watch !== true) return cli.act(json, () => check(cli, files, options));
      const { watchFiles } = await import("../watch.ts");
      return watchFiles(cli, json, (watching) => check(watching, files, options));
    },
  );
}

/** `--json` says the same as `--format json`. */
function formatOf({ json, format }: CheckOptions): Format {
  return json === true ? "json" : (format ?? "text");
}

async function check(cli: Cli, files: readonly string[], options: CheckOptions): Promise<void> {
  const { diagnosticJson, renderAll, summary } = await import("../diagnostics.ts");
  const { terminal } = cli;
  const pipelines = [];
  for (const file of files) pipelines.push(await load(cli, file, options));
  const diagnostics = pipelines.flatMap(({ diagnostics: own, information }) => [
    ...own,
    ...information,
  ]);
  const { shown, hidden } = shownDiagnostics(diagnostics);
  switch (formatOf(options)) {
    case "json": {
      const checked = pipelines.map(({ source }) => source.name);
      const more = hidden === 0 ? {} : { hidden };
      terminal.out(
        JSON.stringify({ files: checked, diagnostics: shown.map(diagnosticJson), ...more }),
      );
      break;
    }
    case "sarif": {
      const { sarifLog } = await import("../formats/sarif.ts");
      terminal.out(JSON.stringify(sarifLog(shown, cli.version), undefined, 2));
      break;
    }
    case "github": {
      const { githubAnnotations } = await import("../formats/github.ts");
      for (const annotation of githubAnnotations(shown)) terminal.out(annotation);
      break;
    }
    case "text":
      for (const { source, diagnostics: own, information, model } of pipelines) {
        const visible = [...own, ...information].filter((each) => shown.includes(each));
        if (visible.length > 0) terminal.out(renderAll(visible, terminal.colors));
        const found = summary(own);
        const size =
          model === undefined
            ? ""
            : ` (${counted(model.modules.size, "module")}, ${counted(model.objectives.size, "objective")}, ${counted(model.stages.size, "stage")})`;
        terminal.out(
          found === "" ? `${source.name}: no problems${size}` : `${source.name}: ${found}`,
        );
      }
      if (hidden > 0) terminal.out(`${counted(hidden, "more message")} not shown`);
  }
  const hasWarnings = diagnostics.some(({ severity }) => severity === "warning");
  if (hasErrors(diagnostics) || (options.deny === "warnings" && hasWarnings)) quitOnDiagnostics();
}
