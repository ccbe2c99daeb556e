/** Runs the command line as a process of its own. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The repository. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** How a command ended. */
export interface CommandResult {
  readonly code: number | null;
  readonly out: string;
  readonly side: string;
}

/** What the driver prints by itself, in any process that opens a device. */
const driverNoise = /^Warning: max\w+ artificially reduced.*\n/gm;

/** Arguments of Node that start the command line from its sources. */
export function nodeArguments(flags: readonly string[] = []): readonly string[] {
  return [...flags, "--import", import.meta.resolve("tsx"), `${root}cli/main.ts`];
}

/** Runs `blipc …` with piped streams. */
export function blipc(
  commands: readonly string[],
  options: {
    readonly folder?: string;
    readonly flags?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
  } = {},
): CommandResult {
  const result = spawnSync(process.execPath, [...nodeArguments(options.flags), ...commands], {
    cwd: options.folder ?? root,
    encoding: "utf8",
    env: { ...process.env, ...options.environment },
    timeout: 110_000,
  });
  return {
    code: result.status,
    out: result.stdout,
    side: result.stderr.replaceAll(driverNoise, ""),
  };
}
