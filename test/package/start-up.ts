/**
 * `npm run bench:check`: packs, unpacks elsewhere, and times `blipc check` of a pipeline of 60 lines as a whole process
 * beside `node -e 0`, in turns. Processor time stays the same when the machine does something else; the clock does not.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, unpack } from "./unpack.ts";

const turns = 25;
const mostMilliseconds = 150;
const pipeline = "pipelines/blip2/stage1.blip";

/** What one process took, in milliseconds. */
interface Took {
  readonly clock: number;
  readonly processor: number;
}

/** Runs Node in a folder; the process itself tells its processor time when it ends. */
function run(parameters: readonly string[], folder: string): Took {
  const start = performance.now();
  const told = spawnSync(process.execPath, ["--require", "./tell.cjs", ...parameters], {
    cwd: folder,
    encoding: "utf8",
  });
  const clock = performance.now() - start;
  const processor = Number(/processor (\d+)/.exec(told.stderr)?.[1]) / 1000;
  if (told.status !== 0 || Number.isNaN(processor)) {
    throw new Error(`${parameters.join(" ")} ended with ${told.status}: ${told.stderr}`);
  }
  return { clock, processor };
}

const tell = `process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  require("node:fs").writeSync(2, "processor " + (user + system));
});\n`;

/** Packs the package into a folder; gives the command's path there. Its dependencies are those of the clone. */
function commandIn(folder: string): string {
  const { home } = unpack(folder);
  symlinkSync(join(root, "node_modules"), join(home, "node_modules"), "dir");
  const manifest = readFileSync(join(home, "package.json"), "utf8");
  const { bin } = JSON.parse(manifest) as { readonly bin: { readonly blipc: string } };
  return join("package", bin.blipc);
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

const folder = mkdtempSync(join(tmpdir(), "blipc-start-"));
try {
  const command = commandIn(folder);
  writeFileSync(join(folder, "tell.cjs"), tell);
  const check = [command, "check", join("package", pipeline)];
  run(["-e", "0"], folder);
  run(check, folder);
  const empty: Took[] = [];
  const checks: Took[] = [];
  for (let turn = 0; turn < turns; turn++) {
    empty.push(run(["-e", "0"], folder));
    checks.push(run(check, folder));
  }
  const lines = readFileSync(join(root, pipeline), "utf8").trimEnd().split("\n").length;
  const row = (name: string, of: (took: Took) => number) => {
    const [a, b] = [median(checks.map(of)), median(empty.map(of))];
    const least = Math.min(...checks.map(of));
    return `${name}   check ${a.toFixed(0)} ms (least ${least.toFixed(0)})   node -e 0 ${b.toFixed(0)} ms   ratio ${(a / b).toFixed(2)}`;
  };
  console.log(`blipc check of ${lines} lines, Node ${process.versions.node}, median of ${turns}`);
  console.log(row("clock    ", ({ clock }) => clock));
  console.log(row("processor", ({ processor }) => processor));
  const least = Math.min(...checks.map(({ clock }) => clock));
  console.log(
    `under ${mostMilliseconds} ms: ${least < mostMilliseconds ? "yes" : "not on this machine"}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
