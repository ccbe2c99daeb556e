/** Options that every command on a pipeline takes, and the pipeline they lead to. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import type { CheckedModel, CheckedStage } from "../compiler/1-check/model.ts";
import { hasErrors } from "../grammar/diagnostic.ts";
import type { LoadedPipeline } from "../runtime/train/load-pipeline.ts";
import type { Cli } from "./cli.ts";
import { quitOnDiagnostics } from "./cli.ts";

/** The options. */
export interface PipelineOptions {
  readonly set: readonly string[];
  readonly params: readonly string[];
  readonly allow: readonly string[];
  readonly json?: boolean;
  readonly frozenLock?: boolean;
}

const collect = (value: string, before: readonly string[]) => [...before, value];

/** Adds `--set`, `--params`, `--allow` and `--json`. */
export function addPipelineOptions(command: Command): Command {
  return command
    .option("--set <path=value>", "change a setting; may be repeated", collect, [])
    .option("--params <file>", "a file of `path = value` lines; may be repeated", collect, [])
    .option("--allow <dir>", "a folder outside of the project that may be read", collect, [])
    .option("--json", "print JSON for tools");
}

/** Adds `--frozen-lock`. */
export function addFrozenLock(command: Command): Command {
  return command.option("--frozen-lock", "fail when anything differs from blip.lock");
}

/** Adds `--watch`. */
export function addWatch(command: Command): Command {
  return command.option("--watch", "again each time one of the files changes, until Ctrl-C");
}

/** `--adapter`. */
export function adapterOption(): Option {
  const kinds = ["gpu", "software", "swiftshader"];
  return new Option("--adapter <kind>", "which adapter to take").choices(kinds);
}

/** `--no-tune`. */
export function noTuneOption(): Option {
  return new Option("--no-tune", "leave out what `blipc tune` measured on this adapter");
}

/** `pipelines/stage1.blip#pretrain` → file and stage. */
export function splitStage(argument: string): {
  readonly file: string;
  readonly stage: string | undefined;
} {
  const at = argument.lastIndexOf("#");
  if (at < 0) return { file: argument, stage: undefined };
  return { file: argument.slice(0, at), stage: argument.slice(at + 1) };
}

/** Reads and checks a pipeline; with `--frozen-lock` against blip.lock, as deep as `depth` says. Throws `RunFault` for a file that cannot be read. */
export async function load(
  cli: Cli,
  file: string,
  options: PipelineOptions,
  folders: { readonly runs?: string; readonly madeData?: string } = {},
  depth: "lock" | "files" = "lock",
): Promise<LoadedPipeline> {
  const { loadPipeline } = await import("../runtime/train/load-pipeline.ts");
  const note = (name: string) => cli.reads?.add(resolve(cli.folder, name));
  for (const name of [file, ...options.params]) note(name);
  const pipeline = loadPipeline({
    base: cli.folder,
    file,
    sets: options.set,
    parameterFiles: options.params,
    allowed: options.allow,
    ...folders,
  });
  for (const name of pipeline.sources.keys()) note(name);
  return options.frozenLock === true ? frozen(cli, pipeline, depth) : withLockLints(pipeline);
}

/** A pipeline with the warnings that its project's lock gives rise to; without a lock nothing more is loaded. */
async function withLockLints(pipeline: LoadedPipeline): Promise<LoadedPipeline> {
  const [root = pipeline.project.base] = pipeline.project.roots;
  if (!existsSync(join(root, "blip.lock"))) return pipeline;
  const { lockLints } = await import("../runtime/lock/frozen-lock.ts");
  return { ...pipeline, diagnostics: [...pipeline.diagnostics, ...lockLints(pipeline)] };
}

/** A pipeline with what differs from its lock among its messages. */
async function frozen(
  cli: Cli,
  pipeline: LoadedPipeline,
  depth: "lock" | "files",
): Promise<LoadedPipeline> {
  const { frozenLockFaults } = await import("../runtime/lock/frozen-lock.ts");
  const { lockPath } = await import("../runtime/lock/pin-file.ts");
  cli.reads?.add(lockPath(pipeline.project));
  const drift = frozenLockFaults(pipeline, depth);
  return { ...pipeline, diagnostics: [...pipeline.diagnostics, ...drift] };
}

/** The model of a pipeline without errors; otherwise tells them and quits with the code of diagnostics. */
export async function requireModel(
  cli: Cli,
  pipeline: LoadedPipeline,
  options: PipelineOptions,
): Promise<CheckedModel> {
  const { diagnostics, model } = pipeline;
  if (model !== undefined && !hasErrors(diagnostics)) return model;
  const { diagnosticJson, renderAll, summary } = await import("./diagnostics.ts");
  if (options.json === true) {
    cli.terminal.out(JSON.stringify({ diagnostics: diagnostics.map(diagnosticJson) }));
  } else {
    cli.terminal.side(renderAll(diagnostics, cli.terminal.sideColors));
    cli.terminal.side(`${summary(diagnostics)} in ${pipeline.source.name}`);
  }
  return quitOnDiagnostics();
}

/** The stage of that name, or the only one. Throws `RunFault` naming those there are. */
export async function chooseStage(
  model: CheckedModel,
  name: string | undefined,
): Promise<CheckedStage> {
  const stages = [...model.stages.values()];
  const found =
    name === undefined ? (stages.length === 1 ? stages[0] : undefined) : model.stages.get(name);
  if (found !== undefined) return found;
  const { RunFault } = await import("../runtime/train/run-fault.ts");
  const names = stages.map((stage) => stage.name);
  if (names.length === 0) throw new RunFault("usage", `${model.file} has no stage`);
  if (name === undefined) {
    throw new RunFault(
      "usage",
      `${model.file} has ${names.length} stages: say which, for example ${model.file}#${names[0]} (${names.join(", ")})`,
    );
  }
  throw new RunFault("usage", `${model.file} has no stage \`${name}\`; it has ${names.join(", ")}`);
}
