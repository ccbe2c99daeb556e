/** `blipc backbones [--kind K]`: what can be named behind `=`. */
import { type Command, Option } from "commander";
import type { Cli } from "../cli.ts";

interface BackbonesOptions {
  readonly kind?: string;
  readonly json?: boolean;
}

/** Kinds of blocks that take a backbone. */
const kinds = ["encoder", "text", "qformer", "lm"] as const;

/** Adds the command. */
export function addBackbones(program: Command, cli: Cli): void {
  program
    .command("backbones")
    .description("list the backbones that a pipeline can name")
    .addOption(new Option("--kind <kind>", "only those of this kind").choices(kinds))
    .option("--json", "print JSON for tools")
    .action((options: BackbonesOptions) =>
      cli.act(options.json === true, () => list(cli, options)),
    );
}

async function list(cli: Cli, { kind, json }: BackbonesOptions): Promise<void> {
  const { backboneList } = await import("../../compiler/1-check/backbone-list.ts");
  const found = backboneList().filter((each) => kind === undefined || each.kind === kind);
  if (json === true) {
    cli.terminal.out(JSON.stringify(found));
    return;
  }
  const column = (pick: (each: (typeof found)[number]) => string) =>
    Math.max(...found.map((each) => pick(each).length));
  const [kindWidth, names, sizes] = [
    column((each) => each.kind),
    column((each) => each.name),
    column((each) => each.size),
  ];
  for (const { kind: word, name, size, source, license } of found) {
    const cells = [word.padEnd(kindWidth), name.padEnd(names), size.padEnd(sizes), source, license];
    cli.terminal.out(cells.join("  "));
  }
}
