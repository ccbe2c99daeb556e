/** `npm run bench`: measures the compiler's kernels on this machine, prints a table and keeps it in RESULTS.md. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { AdapterChoice } from "../runtime/device/find-adapter.ts";
import { openDevice } from "../runtime/device/open-device.ts";
import { blipc } from "./columns/blipc.ts";
import { measure } from "./measure.ts";
import { openPeak } from "./peak/peak.ts";
import { peakLines, type Surroundings, section, table, withSection } from "./report.ts";
import { workloads } from "./workloads.ts";

const usage = `npm run bench -- [--adapter gpu|software|swiftshader] [--quick] [--json] [--only TEXT]
  --adapter  the kind of adapter; the fastest by default
  --quick    small workloads and three rounds; RESULTS.md stays as it is
  --json     prints JSON in place of the table
  --only     workloads whose name contains TEXT; RESULTS.md stays as it is`;

const choices: readonly AdapterChoice[] = ["gpu", "software", "swiftshader"];

const { values } = parseArgs({
  options: {
    adapter: { type: "string" },
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});

const adapter = choices.find((choice) => choice === values.adapter);
if (values.help || (values.adapter !== undefined && adapter === undefined)) {
  console.error(usage);
  process.exit(values.help ? 0 : 2);
}

const device = await openDevice(adapter === undefined ? {} : { adapter });
const peak = await openPeak();
const rounds = values.quick ? 3 : 7;
const works = workloads(values.quick).filter(({ name }) => name.includes(values.only));
const results = await measure([blipc(device)], works, peak, {
  rounds,
  sample: values.quick ? 30 : 100,
  onProgress: (text) => console.error(text),
});
peak.close();

const surroundings: Surroundings = {
  adapter: device.adapter.name,
  driver: device.adapter.driver,
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  threads: peak.threads,
  node: process.versions.node,
  date: new Date().toISOString().slice(0, 10),
  peakMethod: peak.method,
  rounds,
};

if (values.json) {
  console.log(JSON.stringify({ surroundings, ...results }, undefined, 2));
} else {
  console.log(`${surroundings.adapter}, ${surroundings.driver}; ${surroundings.cpu}`);
  for (const text of peakLines(results, surroundings)) console.log(text);
  console.log(`\n${table(results, peak.threads, false)}`);
}

if (!values.quick && values.only === "") {
  const file = new URL("RESULTS.md", import.meta.url);
  const old = existsSync(file) ? readFileSync(file, "utf8") : undefined;
  writeFileSync(file, withSection(old, section(results, surroundings)));
}
device.close();
process.exit(0);
