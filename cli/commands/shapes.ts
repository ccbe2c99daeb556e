/** `blipc shapes DIR`: writes the drawn data set. */
import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import type { Cli } from "../cli.ts";

interface ShapesOptions {
  readonly seed: number;
  readonly pictures?: number;
  readonly evaluation?: number;
  readonly twins?: number;
  readonly documents?: number;
  readonly json?: boolean;
}

/** A whole number from the command line. */
export function wholeNumber(text: string): number {
  const value = Number(text.replaceAll("_", ""));
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError("not a whole number");
  return value;
}

/** Adds the command. */
export function addShapes(program: Command, cli: Cli): void {
  program
    .command("shapes")
    .description("draw the `shapes` data set: PNG pictures with LAVIS annotations")
    .argument("<dir>", "folder to write")
    .option("--seed <n>", "the same seed gives the same files", wholeNumber, 0)
    .option("--pictures <n>", "training pictures (4096)", wholeNumber)
    .option("--evaluation <n>", "pictures of each evaluation list (100)", wholeNumber)
    .option("--twins <n>", "picture-and-twin pairs for an encoder (none)", wholeNumber)
    .option("--documents <n>", "documents for a language model (none)", wholeNumber)
    .option("--json", "print JSON for tools")
    .action((dir: string, options: ShapesOptions) =>
      cli.act(options.json === true, () => shapes(cli, dir, options)),
    );
}

async function shapes(cli: Cli, dir: string, options: ShapesOptions): Promise<void> {
  const { writeShapes } = await import("../../runtime/data/shapes/write.ts");
  const { RunFault } = await import("../../runtime/train/run-fault.ts");
  const { seed, pictures, evaluation, twins, documents } = options;
  const folder = resolve(cli.folder, dir);
  try {
    const outcome = await writeShapes(folder, {
      seed,
      ...(pictures === undefined ? {} : { trainingPictures: pictures }),
      ...(evaluation === undefined ? {} : { evaluationPictures: evaluation }),
      ...(twins === undefined ? {} : { pretrainPairs: twins }),
      ...(documents === undefined ? {} : { documents }),
    });
    if (options.json === true) cli.terminal.out(JSON.stringify({ folder, parts: outcome }));
    else {
      for (const [part, became] of Object.entries(outcome)) {
        cli.terminal.out(
          `${part.padEnd(10)} ${became === "kept" ? "was there already" : "written"}`,
        );
      }
      cli.terminal.remark(`in ${folder}`);
    }
  } catch (thrown) {
    if (thrown instanceof RangeError)
      throw new RunFault("usage", thrown.message, { cause: thrown });
    throw thrown;
  }
}
