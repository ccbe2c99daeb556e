/** `npm run demo`: both stages on drawn shapes, measured beside the reference, in one report. */
import { mkdirSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { AdapterChoice } from "../runtime/device/find-adapter.ts";
import { loadPipeline } from "../runtime/train/load-pipeline.ts";
import { openDataset } from "../runtime/train/open-data.ts";
import { RunFault } from "../runtime/train/run-fault.ts";
import { writeAtomically } from "../runtime/weights/atomic-write.ts";
import { createCli } from "./cli.ts";
import { type DemoEvaluation, evaluateDemo } from "./demo-evaluation.ts";
import { type DemoFacts, demoReport } from "./demo-report.ts";
import { demoRows } from "./demo-table.ts";
import { duration } from "./progress-printer.ts";
import { openTerminal, type Terminal } from "./terminal.ts";
import { plainRun, type RunOptions, trainPipeline } from "./train-pipeline.ts";

const cli = createCli(openTerminal(), process.cwd(), "source");
const usage = `npm run demo -- [--adapter gpu|software|swiftshader] [--steps N] [--set1 PATH=VALUE] [--set2 PATH=VALUE] [--out DIR]
For measuring and for trying out; the demo itself needs none of them.
  --adapter  the kind of adapter; the fastest by default
  --steps    stop each stage at this step
  --set1     change a setting of stage 1; --set2 of stage 2; may be repeated
  --out      run folder (runs/demo)`;
const given = options();
const folder = given.out;
const adapter = given.adapter as AdapterChoice | undefined;
const shared: RunOptions = {
  ...plainRun,
  ...(adapter === undefined ? {} : { adapter }),
  ...(given.steps === undefined ? {} : { steps: Number(given.steps) }),
};
const stages = [
  {
    title: "stage 1: align pictures and text",
    file: "pipelines/shapes/stage1.blip",
    out: `${folder}/stage1`,
  },
  {
    title: "stage 2: teach a frozen language model to see",
    file: "pipelines/shapes/stage2.blip",
    out: `${folder}/stage2`,
  },
] as const;

await cli.act(false, demo);

function options() {
  try {
    const { values } = parseArgs({
      options: {
        adapter: { type: "string" },
        steps: { type: "string" },
        set1: { type: "string", multiple: true },
        set2: { type: "string", multiple: true },
        out: { type: "string", default: "runs/demo" },
        help: { type: "boolean", default: false },
      },
    });
    if (!values.help) return values;
    console.log(usage);
    process.exit(0);
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown;
    console.error(`${thrown.message}\n\n${usage}`);
    process.exit(2);
  }
}

async function demo(): Promise<void> {
  const { terminal } = cli;
  const started = performance.now();
  const at = (path: string) => resolve(cli.folder, path);
  rmSync(at(`${folder}/stage1`), { recursive: true, force: true });
  rmSync(at(`${folder}/stage2`), { recursive: true, force: true });
  mkdirSync(at(folder), { recursive: true });
  const data = `${folder}/data`;
  const times: Record<string, number> = {};
  heading(terminal, "data");
  times["drawing"] = await drawData(terminal, data);
  for (const [index, stage] of stages.entries()) {
    heading(terminal, stage.title);
    const from = index === 0 ? {} : { from: stages[0].out };
    const outcome = await trainPipeline(cli, stage.file, {
      ...shared,
      set: (index === 0 ? given.set1 : given.set2) ?? [],
      out: stage.out,
      data,
      ...from,
    });
    times[stage.title] = outcome.seconds;
  }
  heading(terminal, "what was learned");
  const evaluating = performance.now();
  const evaluation = await evaluateDemo(
    at(stages[0].out),
    at(stages[1].out),
    at(data),
    adapter,
    (text) => terminal.live(`${text} …`),
  );
  terminal.live("");
  times["measuring"] = (performance.now() - evaluating) / 1000;
  const seconds = (performance.now() - started) / 1000;
  printTable(terminal, evaluation);
  const facts: DemoFacts = {
    adapter: evaluation.adapter,
    seconds,
    times,
    files: stages.map(({ file }) => file),
    folders: stages.map(({ out }) => at(out)),
    base: cli.folder,
  };
  const page = join(at(folder), "report.html");
  writeAtomically(page, [new TextEncoder().encode(await demoReport(evaluation, facts))]);
  const parts = Object.entries(times).map(
    ([name, time]) => `${name.split(":")[0]} ${duration(time)}`,
  );
  terminal.out(
    `took        ${duration(seconds)} (${parts.join(", ")}) on ${evaluation.adapter.name}`,
  );
  terminal.out(`report      ${relative(cli.folder, page)}`);
}

/** Draws the data set of stage 1, or finds it drawn. Gives the seconds it took. */
async function drawData(terminal: Terminal, madeData: string): Promise<number> {
  const started = performance.now();
  const { model, project } = loadPipeline({
    base: cli.folder,
    file: stages[0].file,
    sets: [],
    madeData,
  });
  const data = [...(model?.data.values() ?? [])][0];
  if (data === undefined) throw new RunFault("usage", `${stages[0].file} cannot be read`);
  const { dataset } = await openDataset(data, project);
  const seconds = (performance.now() - started) / 1000;
  terminal.out(
    `${dataset.length} training pictures of 48 x 48 and three lists of 100 in ${madeData} (${duration(seconds)})`,
  );
  return seconds;
}

function heading(terminal: Terminal, text: string): void {
  terminal.out(`\n${terminal.colors.bold(text)}`);
}

function printTable(terminal: Terminal, evaluation: DemoEvaluation): void {
  const rows = demoRows(evaluation);
  const width = Math.max(...rows.map(({ name }) => name.length));
  const second = Math.max(8, ...rows.map(({ measured }) => measured.length));
  const { bold, green, yellow } = terminal.colors;
  terminal.out(bold(`${"".padEnd(width)}  ${"this run".padStart(second)}   reference (3 seeds)`));
  for (const { name, measured, reference, isGood } of rows) {
    const mark = isGood === undefined ? "" : isGood ? green("  ok") : yellow("  outside");
    terminal.out(`${name.padEnd(width)}  ${measured.padStart(second)}   ${reference}${mark}`);
  }
  terminal.out("");
}
