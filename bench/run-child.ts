/** A script and a request → the line of JSON that the script prints, run in a process of its own. */
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Arguments with which Node runs a TypeScript file, or a file that imports some. */
export function scriptArguments(script: URL): readonly string[] {
  return ["--import", createRequire(import.meta.url).resolve("tsx"), fileURLToPath(script)];
}

/** The script gets the request as JSON in its one argument. Throws with all that it printed when it fails. */
export async function runChild<Answer>(
  script: URL,
  request: object,
  env: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const given = [...scriptArguments(script), JSON.stringify(request)];
  const options = { env: { ...process.env, ...env }, maxBuffer: 1 << 24 };
  const { stdout } = await run(process.execPath, given, options);
  return JSON.parse(stdout) as Answer;
}
