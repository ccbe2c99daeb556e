/** An action that reads files → the action again, each time one of them changes, until Ctrl-C. */
import { type FSWatcher, watch } from "node:fs";
import { dirname, join } from "node:path";
import type { Cli } from "./cli.ts";
import { counted } from "./counted.ts";
import { exitCodes } from "./exit-code.ts";

/** Milliseconds of quiet before the action runs again: editors write a file in several steps. */
const quiet = 100;

/**
 * Runs `action` now and after every change of a file that it read (`reads` of the command line it gets). A fault is told
 * and waited out. Ends with 130 at Ctrl-C. The screen is cleared where standard output is a terminal.
 */
export async function watchFiles(
  cli: Cli,
  json: boolean,
  action: (cli: Cli) => Promise<void>,
): Promise<void> {
  const reads = new Set<string>();
  const watchers = new Map<string, FSWatcher>();
  let change: () => void = () => {};
  let timer: NodeJS.Timeout | undefined;
  const onChange = (folder: string, name: string | null) => {
    if (name !== null && !name.endsWith(".blip") && !reads.has(join(folder, name))) return;
    clearTimeout(timer);
    timer = setTimeout(() => change(), quiet);
  };
  const listen = () => {
    for (const folder of new Set([...reads].map((path) => dirname(path)))) {
      if (watchers.has(folder)) continue;
      try {
        const watcher = watch(folder, (_, name) => onChange(folder, name));
        watcher.on("error", () => watchers.delete(folder));
        watchers.set(folder, watcher);
      } catch {
        // A folder that is not there cannot be watched; the action tells what is missing.
      }
    }
  };
  let isEnded = false;
  const ended = new Promise<void>((resolve) => {
    process.once("SIGINT", () => {
      isEnded = true;
      resolve();
      change();
    });
  });
  while (!isEnded) {
    const changed = new Promise<void>((resolve) => {
      change = resolve;
    });
    if (process.stdout.isTTY === true) process.stdout.write("\u001b[2J\u001b[3J\u001b[H");
    // Listening begins before the action, so that nothing that happens during it is lost.
    listen();
    await cli.act(json, () => action({ ...cli, reads }));
    listen();
    cli.terminal.remark(`watching ${counted(reads.size, "file")}; Ctrl-C ends`);
    await Promise.race([changed, ended]);
  }
  clearTimeout(timer);
  for (const watcher of watchers.values()) watcher.close();
  process.exitCode = exitCodes.interrupted;
}
