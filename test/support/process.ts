/** Runs a TypeScript text as a process of its own, in the repository's root. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** How the process ended. */
export interface ProcessResult {
  /** Undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly output: string;
  readonly errors: string;
}

/** Runs the text as an ES module; imports are relative to the root, `import "./runtime/…"`. */
export function runScript(
  script: string,
  options: {
    /** Added to this process's environment; undefined takes away. */
    readonly environment?: Readonly<Record<string, string | undefined>>;
    readonly flags?: readonly string[];
  } = {},
): ProcessResult {
  const flags = [...(options.flags ?? []), "--import", "tsx", "--input-type=module"];
  const result = spawnSync(process.execPath, [...flags, "--eval", script], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...options.environment },
    timeout: 60_000,
  });
  return { code: result.status ?? undefined, output: result.stdout, errors: result.stderr };
}
