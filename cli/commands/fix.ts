/** `blipc fix [files]`: makes the changes that messages offer and that are safe. */
import { writeFileSync } from "node:fs";
import type { Command } from "commander";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Cli } from "../cli.ts";
import { load } from "../pipeline-options.ts";

interface FixOptions {
  readonly dryRun?: boolean;
  readonly edition?: string;
  readonly json?: boolean;
}

/** A fix may lead to the next message; nobody needs more turns than these. */
const mostTurns = 10;

/** Adds the command. */
export function addFix(program: Command, cli: Cli): void {
  program
    .command("fix")
    .description("make the safe changes that messages offer; without files, all of this folder")
    .argument("[files...]", "pipelines")
    .option("--dry-run", "say what would change, change nothing")
    .option("--edition <number>", "the edition of the language to write")
    .option("--json", "print JSON for tools")
    .action((files: readonly string[], options: FixOptions) =>
      cli.act(options.json === true, () => fixFiles(cli, files, options)),
    );
}

async function fixFiles(cli: Cli, files: readonly string[], options: FixOptions): Promise<void> {
  await requireEdition(options.edition);
  const { pipelineNames, readPipelineText } = await import("../pipeline-files.ts");
  const { positionAt } = await import("../../grammar/source.ts");
  const { terminal, folder } = cli;
  const isJson = options.json === true;
  const told = [];
  for (const name of pipelineNames(files, folder)) {
    const { path, text: before } = await readPipelineText(name, folder);
    const migrated =
      options.edition === undefined
        ? before
        : await migratedText(before, name, Number(options.edition));
    if (migrated !== before && !isJson)
      terminal.out(`${name}: written in edition ${options.edition}`);
    const { text, answered } = await fixedText(cli, name, before, migrated);
    if (text !== before && options.dryRun !== true) writeFileSync(path, text);
    const fixes = answered.map(({ code, fixes: offered, primary }) => ({
      ...positionAt(primary.span.source, primary.span.start),
      code,
      title: offered.find(({ safe }) => safe)?.title ?? "",
    }));
    told.push({ file: name, isChanged: text !== before, fixes });
    if (isJson) continue;
    for (const { line, column, code, title } of fixes)
      terminal.out(`${name}:${line}:${column}: ${title} (${code})`);
    if (text === before) terminal.remark(`${name}: nothing to fix`);
  }
  if (isJson) terminal.out(JSON.stringify({ files: told }));
}

/** The file after all turns, checked anew after each; imported files stay as they are. */
async function fixedText(
  cli: Cli,
  name: string,
  before: string,
  migrated: string,
): Promise<{ readonly text: string; readonly answered: readonly Diagnostic[] }> {
  const { applyEdits, safeFixes } = await import("../../grammar/apply-edits.ts");
  const { reloadPipeline } = await import("../../runtime/train/load-pipeline.ts");
  const answered: Diagnostic[] = [];
  let text = migrated;
  let pipeline = await load(cli, name, { set: [], params: [], allow: [] });
  const reload = () => {
    const { source, sources, project } = pipeline;
    const texts = [...sources.values()].map((each) =>
      each.name === source.name ? { name: each.name, text } : each,
    );
    pipeline = reloadPipeline(texts, source.name, [], project);
  };
  if (migrated !== before) reload();
  for (let turn = 0; turn < mostTurns; turn++) {
    const { source, diagnostics } = pipeline;
    const fixes = safeFixes(diagnostics, source);
    if (fixes.edits.length === 0) break;
    text = applyEdits(text, fixes.edits);
    answered.push(...fixes.answered);
    reload();
  }
  return { text, answered };
}

/** The file in another edition, one edition after the other. */
async function migratedText(before: string, name: string, target: number): Promise<string> {
  const { applyEdits } = await import("../../grammar/apply-edits.ts");
  const { migrationEdits } = await import("../../grammar/editions.ts");
  const { parse } = await import("../../grammar/parse.ts");
  const { createSource } = await import("../../grammar/source.ts");
  for (let text = before; ; ) {
    const source = createSource(name, text);
    const edits = migrationEdits(source, parse(source).document, target);
    if (edits.length === 0) return text;
    text = applyEdits(text, edits);
  }
}

async function requireEdition(edition: string | undefined): Promise<void> {
  const { knownEditions } = await import("../../grammar/editions.ts");
  if (edition === undefined || knownEditions.includes(Number(edition))) return;
  const { RunFault } = await import("../../runtime/train/run-fault.ts");
  const known = knownEditions.join(", ");
  throw new RunFault("usage", `this compiler knows no edition ${edition}; it knows ${known}`);
}
