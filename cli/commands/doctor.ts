/** `blipc doctor`: the machine, its driver, and what to type for more speed. */
import type { Command } from "commander";
import type { DoctorReport } from "../../runtime/device/doctor.ts";
import type { Cli } from "../cli.ts";
import { exitCodes } from "../exit-code.ts";
import { Quit } from "../faults.ts";

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
  if (json) cli.terminal.out(JSON.stringify(report, undefined, 2));
  else cli.terminal.out(text(report, cli, inWords));
  if (report.adapter === undefined) throw new Quit(exitCodes.device);
}

function text(report: DoctorReport, cli: Cli, inWords: (bytes: number) => string): string {
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
