/** `blipc lock [files]`: pins everything that pipelines read in blip.lock. */
import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import type { Command } from "commander";
import type { NeededFile } from "../../compiler/lock/lock.ts";
import type { Cli } from "../cli.ts";
import { quitOnDiagnostics } from "../cli.ts";
import { counted } from "../counted.ts";
import {
  addPipelineOptions,
  load,
  type PipelineOptions,
  requireModel,
} from "../pipeline-options.ts";

/** Adds the command. */
export function addLock(program: Command, cli: Cli): void {
  const command = program
    .command("lock")
    .description("pin backbones, tokenizers, data, weights and imports in blip.lock")
    .argument("[files...]", "pipelines; without them, all of this folder");
  addPipelineOptions(command).action((files: readonly string[], options: PipelineOptions) =>
    cli.act(options.json === true, () => lock(cli, files, options)),
  );
}

async function lock(cli: Cli, files: readonly string[], options: PipelineOptions): Promise<void> {
  const { pipelineNames } = await import("../pipeline-files.ts");
  const { makeLock } = await import("../../runtime/lock/make-lock.ts");
  const { lockPath } = await import("../../runtime/lock/pin-file.ts");
  const { lockText } = await import("../../compiler/lock/lock.ts");
  const { terminal } = cli;
  const pipelines = [];
  for (const name of pipelineNames(files, cli.folder)) {
    const pipeline = await load(cli, name, options);
    pipelines.push({ ...pipeline, model: await requireModel(cli, pipeline, options) });
  }
  const [first] = pipelines;
  if (first === undefined) {
    const { RunFault } = await import("../../runtime/train/run-fault.ts");
    throw new RunFault("usage", "there is no pipeline in this folder");
  }
  const { lock: made, missing } = makeLock(pipelines, cli.version);
  if (missing.length > 0) await tellMissing(cli, missing, options.json === true);
  const place = lockPath(first.project);
  const text = lockText(made);
  const before = existsSync(place) ? readFileSync(place, "utf8") : undefined;
  const { writeAtomically } = await import("../../runtime/weights/atomic-write.ts");
  if (before !== text) writeAtomically(place, [new TextEncoder().encode(text)]);
  const became = before === text ? "unchanged" : before === undefined ? "written" : "changed";
  const counts = {
    backbones: made.backbones.length,
    tokenizers: made.tokenizers?.length ?? 0,
    data: made.data?.length ?? 0,
    files: made.files.length,
    bytes: made.files.reduce((sum, { size }) => sum + size, 0),
  };
  const file = relative(cli.folder, place);
  if (options.json === true) terminal.out(JSON.stringify({ file, became, ...counts }));
  else {
    const { backbones, tokenizers, data, files, bytes } = counts;
    const pinned = [
      counted(backbones, "backbone"),
      counted(tokenizers, "tokenizer"),
      counted(data, "data set"),
    ].join(", ");
    terminal.out(
      `${file}: ${became} (${pinned}; ${counted(files, "file")}, ${counted(bytes, "byte")})`,
    );
  }
}

/** Files that cannot be pinned, framed where they are named; quits. */
async function tellMissing(
  cli: Cli,
  missing: readonly NeededFile[],
  json: boolean,
): Promise<never> {
  const { help, report } = await import("../../grammar/message.ts");
  const { fileDrifted } = await import("../../grammar/messages/stages.ts");
  const { diagnosticJson, renderAll } = await import("../diagnostics.ts");
  const found = missing.map(({ kind, written, span }) =>
    report(
      fileDrifted,
      { path: written, what: "is not there" },
      {
        primary: { span, text: `no ${kind} to pin` },
        notes: [help("blip.lock is left as it was; bring the file, then lock again")],
      },
    ),
  );
  if (json) cli.terminal.out(JSON.stringify({ diagnostics: found.map(diagnosticJson) }));
  else cli.terminal.side(renderAll(found, cli.terminal.sideColors));
  return quitOnDiagnostics();
}
