/** `blipc doctor`: the machine, its driver, and what to type for more speed. */
import type { Command } from "commander";
import type { DoctorReport } from "../../runtime/device/doctor.ts";
import type { AdapterReport } from "../../runtime/device/open-device.ts";
import type { Cli } from "../cli.ts";
import { exitCodes } from "../exit-code.ts";
import { Quit } from "../faults.ts";
import { userCacheFolder } from "../user-cache.ts";

/** Adds the command. */
export function addDoctor(program: Command, cli: Cli): void {
  program
    .command("doctor")
    .description(
      "explain this machine: driver, limits, f16, subgroups, what to install for more speed",
    )
    .option("--json", "print JSON for tools")
    .action((options: { readonly json?: boolean }) =>
      cli.act(options.json === true, () => doctor(cli, options.json === true)),
    );
}

async function doctor(cli: Cli, json: boolean): Promise<void> {
  const { examine } = await import("../../runtime/device/doctor.ts");
  const { inWords } = await import("../../runtime/device/errors.ts");
  const report = await examine();
  const tuning = report.adapter && (await tuningOf(report.adapter, cli.version));
  if (json) cli.terminal.out(JSON.stringify({ ...report, tuning }, undefined, 2));
  else cli.terminal.out(text(report, tuning, cli, inWords));
  if (report.adapter === undefined) throw new Quit(exitCodes.device);
}

/** What `blipc tune` left of the adapter. */
interface TuningFacts {
  readonly file: string;
  /** ISO 8601; undefined where there is none that counts. */
  readonly measured: string | undefined;
  readonly kinds: number;
  readonly faster: number;
  readonly fault: string | undefined;
}

async function tuningOf(adapter: AdapterReport, version: string): Promise<TuningFacts> {
  const { readTuning } = await import("../../runtime/tune/tuning-file.ts");
  const { file, tuning, fault } = readTuning(userCacheFolder(), adapter, version);
  const faster = Object.keys(tuning?.tiles ?? {}).length;
  return { file, measured: tuning?.measured, kinds: tuning?.kinds.length ?? 0, faster, fault };
}

/** In one sentence, with its age. */
function tuningText({ measured, kinds, faster, fault }: TuningFacts): string {
  if (fault !== undefined) return `${fault}; left out`;
  if (measured === undefined) return "none; `blipc tune` measures products for a minute";
  const days = Math.floor((Date.now() - Date.parse(measured)) / 86_400_000);
  const age = days <= 0 ? "today" : days === 1 ? "yesterday" : `${days} days ago`;
  return `of ${age}: ${kinds} kinds of products, ${faster} of them faster by another tile`;
}

function text(
  report: DoctorReport,
  tuning: TuningFacts | undefined,
  cli: Cli,
  inWords: (bytes: number) => string,
): string {
  const { bold, green, red } = cli.terminal.colors;
  const { adapter, loader, limits } = report;
  const yes = (is: boolean) => (is ? green("yes") : "no");
  const row = (name: string, value: string) => `  ${name.padEnd(12)} ${value}`;
  const lines = [
    bold("machine"),
    row("node", `${report.node} on ${report.platform}`),
    row("processor", `${report.cpus} cores, ${inWords(report.memory)} memory`),
    row("loader", `${loader.found}${loader.path === undefined ? "" : ` (${loader.path})`}`),
    row(
      "drivers",
      report.driverFiles.length === 0
        ? "none installed"
        : report.driverFiles.join("\n               "),
    ),
  ];
  if (report.driverSetting !== undefined)
    lines.push(row("setting", `VK_DRIVER_FILES=${report.driverSetting}`));
  lines.push(
    row(
      "SwiftShader",
      report.swiftShader ? "its package is installed" : "its package is not installed",
    ),
    "",
  );
  if (adapter === undefined) {
    lines.push(bold(red("no adapter")), `  ${report.failure ?? ""}`);
  } else {
    const lanes =
      adapter.subgroupMinSize === adapter.subgroupMaxSize
        ? `${adapter.subgroupMinSize} lanes`
        : `${adapter.subgroupMinSize} to ${adapter.subgroupMaxSize} lanes`;
    lines.push(
      bold("adapter"),
      row("name", adapter.name),
      row("driver", adapter.driver),
      row("kind", `${adapter.kind}. ${adapter.why}`),
      row("speed", report.speed),
      row("f16", yes(report.f16)),
      row("tuning", tuning === undefined ? "none" : tuningText(tuning)),
      row("subgroups", report.subgroups ? `${yes(true)}, ${lanes}` : "no"),
      row(
        "largest",
        `buffer ${inWords(limits["maxBufferSize"] ?? 0)}, binding ${inWords(limits["maxStorageBufferBindingSize"] ?? 0)}, ${limits["maxStorageBuffersPerShaderStage"] ?? 0} tensors a kernel`,
      ),
    );
  }
  if (report.hints.length > 0) lines.push("", ...report.hints.map((hint) => `  ${hint}`));
  if (report.advice.length > 0) {
    lines.push("", bold(adapter === undefined ? "to make it work" : "to make it faster"));
    for (const { why, type } of report.advice) lines.push(`  ${why}`, `    ${bold(type)}`);
  }
  return lines.join("\n");
}
