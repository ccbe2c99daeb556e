/** What every command gets: the terminal, the folder it runs in, and a way to run an action. */

import { exitCodes } from "./exit-code.ts";
import { Quit, toldFault } from "./faults.ts";
import type { Terminal } from "./terminal.ts";

/** The surroundings of a command. */
export interface Cli {
  readonly terminal: Terminal;
  /** Folder that paths on the command line are relative to. */
  readonly folder: string;
  readonly version: string;
  /** Where commands note the files that they read, for those that watch them. */
  readonly reads?: Set<string>;
  /** Runs an action, tells its fault, sets the exit code. `json`: faults are told as JSON on standard output. */
  act(json: boolean, action: () => Promise<void>): Promise<void>;
}

/** Makes the surroundings. */
export function createCli(terminal: Terminal, folder: string, version: string): Cli {
  return {
    terminal,
    folder,
    version,
    act: async (json, action) => {
      try {
        await action();
      } catch (thrown) {
        terminal.live("");
        if (thrown instanceof Quit) {
          process.exitCode = thrown.code;
          return;
        }
        const { code, kind, message } = toldFault(thrown);
        if (json) terminal.out(JSON.stringify({ error: { kind, message } }));
        else
          terminal.side(
            `${terminal.sideColors.bold(terminal.sideColors.red("error"))}: ${message}`,
          );
        process.exitCode = code;
      }
    },
  };
}

/** Ends a command that found errors in a pipeline. */
export function quitOnDiagnostics(): never {
  throw new Quit(exitCodes.diagnostics);
}
