/** `npm run bench`: measures this compiler and its peers in one run, prints a table and keeps it in RESULTS.md. */
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import type { AdapterChoice } from "../runtime/device/find-adapter.ts";
import { openDevice } from "../runtime/device/open-device.ts";
import { blipc, stageRequest } from "./columns/blipc.ts";
import { openPeers } from "./columns/peers.ts";
import { verdicts } from "./goals.ts";
import { hostCosts } from "./host/host-costs.ts";
import { keepSection } from "./keep-section.ts";
import { featureGain } from "./kept-features/kept-features.ts";
import { measure } from "./measure.ts";
import { openPeak } from "./peak/peak.ts";
import {
  peakLines,
  plainTable,
  rowLines,
  type Surroundings,
  section,
  verdictLines,
} from "./report.ts";
import { coldAndWarm } from "./start-up/start-up.ts";
import { middle, smallMiddle, workloads } from "./workloads.ts";

const usage = `npm run bench -- [--adapter gpu|software|swiftshader] [--quick] [--only NAME] [--peers NAME] [--label TEXT]
                   [--json]
  --adapter  the kind of adapter; the fastest by default
  --quick    small workloads and two rounds; RESULTS.md stays as it is
  --only     workloads whose name contains NAME, or: start-up, host, features, growth, real-size; RESULTS.md stays as it is
  --peers    columns whose name contains NAME beside ours; \`none\` for ours alone; RESULTS.md stays as it is
  --label    stands behind the adapter in the title of the section, so that runs of several machines stand beside each other
  --json     prints JSON in place of the table
Peers are installed by \`npm ci --prefix bench\`; those that are not there are named with why.`;

const choices: readonly AdapterChoice[] = ["gpu", "software", "swiftshader"];

const { values } = parseArgs({
  options: {
    adapter: { type: "string" },
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    only: { type: "string", default: "" },
    peers: { type: "string", default: "" },
    label: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});

const adapter = choices.find((choice) => choice === values.adapter);
if (values.help || (values.adapter !== undefined && adapter === undefined)) {
  console.error(usage);
  process.exit(values.help ? 0 : 2);
}

const { quick: isQuick, only, peers: wantedPeers } = values;
const started = performance.now();
const onProgress = (text: string) => {
  const seconds = Math.round((performance.now() - started) / 1000);
  console.error(`[${String(seconds).padStart(4)} s] ${text}`);
};

if (only === "growth") {
  const { measureGrowth } = await import("./growth/growth.ts");
  await measureGrowth({ adapter, isQuick, onProgress });
  process.exit(0);
}
if (only === "real-size") {
  const { measureRealSize } = await import("./real-size/real-size.ts");
  await measureRealSize({ adapter, isQuick, onProgress });
  process.exit(0);
}

const adapterOption = adapter === undefined ? {} : { adapter };
const device = await openDevice(adapterOption);
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const works = workloads(isQuick).filter(({ name }) => name.includes(only));
const isWanted = (name: string) =>
  works.length > 0 && wantedPeers !== "none" && name.includes(wantedPeers);
const { columns: peers, absent } = await openPeers(adapter, isWanted, onProgress);
const columns = [blipc(device, version), ...peers];
const peak = await openPeak();
const results = await measure(columns, works, peak, {
  rounds: isQuick ? 2 : 7,
  sample: isQuick ? 5 : 60,
  budget: isQuick ? 500 : 4000,
  onProgress,
});
peak.close();
for (const column of peers) column.close();

const sizes = isQuick ? smallMiddle : { ...middle, batch: 2 };
const wants = (name: string) => only === "" || only === name;
if (wants("host")) onProgress("what the host costs");
const host = wants("host") ? await hostCosts(device) : undefined;
if (wants("features")) onProgress("epochs from kept features");
const features = wants("features")
  ? await featureGain(device, stageRequest(1, isQuick ? smallMiddle : middle), isQuick ? 2 : 5)
  : undefined;
if (wants("start-up")) onProgress("first step with an empty and with a filled shader cache");
const start = wants("start-up")
  ? await coldAndWarm({ ...stageRequest(1, sizes), ...adapterOption })
  : undefined;

const measured = {
  results,
  ...(host === undefined ? {} : { host }),
  ...(start === undefined ? {} : { start }),
  ...(features === undefined ? {} : { features }),
};
const surroundings: Surroundings = {
  adapter: device.adapter.name,
  label: values.label,
  driver: device.adapter.driver,
  cpu: cpus()[0]?.model.trim() ?? "unknown",
  node: process.versions.node,
  date: new Date().toISOString().slice(0, 10),
  seconds: (performance.now() - started) / 1000,
  columns: columns.map(({ name, version: own }) => ({ name, version: own })),
  absent,
};

if (values.json) {
  console.log(JSON.stringify({ surroundings, ...measured }, undefined, 2));
} else {
  console.log(`${surroundings.adapter}, ${surroundings.driver}; ${surroundings.cpu}`);
  for (const text of peakLines(results.peak)) console.log(text);
  for (const { name, why } of absent) console.log(`not measured: ${name}: ${why}`);
  console.log(`\n${plainTable(results.rows.flatMap((row) => rowLines(row, results.peak)))}\n`);
  const judged = verdicts(measured).filter(({ isMet }) => isMet !== undefined || only === "");
  for (const line of verdictLines(judged)) console.log(line.join("  |  "));
}

if (!isQuick && only === "" && wantedPeers === "") {
  keepSection(section(measured, surroundings));
}
device.close();
process.exit(0);
