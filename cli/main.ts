#!/usr/bin/env node
/** Arguments → a command. */
import { readFileSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { createCli } from "./cli.ts";
import { addBackbones } from "./commands/backbones.ts";
import { addCaption } from "./commands/caption.ts";
import { addCheck } from "./commands/check.ts";
import { addCompile } from "./commands/compile.ts";
import { addCompletion } from "./commands/completion.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addExplain } from "./commands/explain.ts";
import { addFix } from "./commands/fix.ts";
import { addFmt } from "./commands/fmt.ts";
import { addGraph } from "./commands/graph.ts";
import { addInit } from "./commands/init.ts";
import { addLock } from "./commands/lock.ts";
import { addLsp } from "./commands/lsp.ts";
import { addPlan } from "./commands/plan.ts";
import { addRun } from "./commands/run.ts";
import { addShapes } from "./commands/shapes.ts";
import { addTest } from "./commands/test.ts";
import { addTune } from "./commands/tune.ts";
import { exitCodes } from "./exit-code.ts";
import { openTerminal } from "./terminal.ts";

/** The version in package.json, which lies above both the sources and the built files. */
function packageVersion(): string {
  for (const place of ["../package.json", "../../package.json"]) {
    try {
      const text = readFileSync(new URL(place, import.meta.url), "utf8");
      const { name, version } = JSON.parse(text) as {
        readonly name: string;
        readonly version: string;
      };
      if (name === "blipc") return version;
    } catch {
      // The other place is tried next.
    }
  }
  return "unknown";
}

async function main(): Promise<void> {
  // A reader such as `head` may close its end at any time.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exitCodes.fine);
    throw error;
  });
  const version = packageVersion();
  const cli = createCli(openTerminal(), process.cwd(), version);
  const program = new Command("blipc")
    .description("Train vision-language models from one small declarative file.")
    .version(version)
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeErr: (text) => cli.terminal.side(text.trimEnd()),
    });
  for (const add of [
    addInit,
    addCheck,
    addPlan,
    addGraph,
    addTest,
    addBackbones,
    addLock,
    addCompile,
    addRun,
    addCaption,
    addDoctor,
    addTune,
    addExplain,
    addFix,
    addFmt,
    addLsp,
    addShapes,
    addCompletion,
  ]) {
    add(program, cli);
  }
  for (const command of program.commands) command.exitOverride();
  try {
    await program.parseAsync();
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) throw thrown;
    process.exitCode = thrown.exitCode === 0 ? exitCodes.fine : exitCodes.usage;
  }
}

await main();
