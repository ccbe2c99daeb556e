/** `blipc init [dir]`: a new project from a template. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { type Command, Option } from "commander";
import type { Cli } from "../cli.ts";
import {
  firstPipeline,
  type TemplateFile,
  type TemplateName,
  templateFiles,
  templateNames,
} from "../templates.ts";

interface InitOptions {
  readonly template?: TemplateName;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** What is written when nobody says what and nobody can be asked. */
const usualTemplate: TemplateName = "minimal";

/** Adds the command. */
export function addInit(program: Command, cli: Cli): void {
  program
    .command("init")
    .description("start a project; asks what for at a terminal")
    .argument("[dir]", "folder to write into; this one when absent")
    .addOption(
      new Option("--template <name>", `what to write (${usualTemplate})`).choices(templateNames),
    )
    .option("--yes", "ask nothing")
    .option("--json", "print JSON for tools")
    .action((dir: string | undefined, options: InitOptions) =>
      cli.act(options.json === true, () => init(cli, dir, options)),
    );
}

async function init(cli: Cli, dir: string | undefined, options: InitOptions): Promise<void> {
  const isTalk =
    process.stdin.isTTY === true &&
    process.stdout.isTTY === true &&
    options.template === undefined &&
    options.yes !== true &&
    options.json !== true;
  const { template, folder: asked } = isTalk
    ? await (await import("../init-questions.ts")).askForProject(dir)
    : { template: options.template ?? usualTemplate, folder: dir ?? "." };
  const folder = resolve(cli.folder, asked);
  const isThere = ({ path }: TemplateFile) => existsSync(join(folder, path));
  const files = templateFiles(template).filter((file) => !file.isExtra || !isThere(file));
  await refuseToOverwrite(folder, files.filter(isThere));
  for (const { path, content } of files) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    // `wx`: never over a file that came into being meanwhile.
    writeFileSync(target, content, { flag: "wx" });
  }
  const { terminal } = cli;
  const first = join(relative(cli.folder, folder), firstPipeline(template)).replaceAll("\\", "/");
  if (options.json === true) {
    terminal.out(JSON.stringify({ folder, template, files: files.map(({ path }) => path) }));
    return;
  }
  for (const { path } of files) terminal.out(join(relative(cli.folder, folder), path));
  terminal.remark(`next: blipc plan ${first}`);
}

/** Throws `RunFault` naming the files that stand in the way; nothing was written then. */
async function refuseToOverwrite(folder: string, files: readonly TemplateFile[]): Promise<void> {
  if (files.length === 0) return;
  const { RunFault } = await import("../../runtime/train/run-fault.ts");
  const verb = files.length === 1 ? "is" : "are";
  const names = files.map(({ path }) => path).join(", ");
  throw new RunFault(
    "usage",
    `${names} ${verb} there already in ${folder}; nothing was written. Name another folder: blipc init DIR`,
  );
}
