/** `blipc caption IMAGE… --run DIR`: says what is on pictures, with a trained run. */
import type { Command } from "commander";
import type { AdapterChoice } from "../../runtime/device/find-adapter.ts";
import type { Cli } from "../cli.ts";
import { adapterOption, noTuneOption } from "../pipeline-options.ts";
import { tunedTiles } from "../tuned-tiles.ts";
import { wholeNumber } from "./shapes.ts";

interface CaptionOptions {
  readonly run: string;
  readonly batch: number;
  readonly adapter?: AdapterChoice;
  readonly question?: string;
  readonly tune: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addCaption(program: Command, cli: Cli): void {
  program
    .command("caption")
    .description("say what is on pictures, with a trained run")
    .argument("<images...>", "JPEG, PNG or WebP files")
    .requiredOption("--run <dir>", "run folder of a stage with a language model")
    .option("--batch <n>", "pictures at once", wholeNumber, 8)
    .option("--question <text>", "what is asked about each, of a run that answers questions")
    .addOption(adapterOption())
    .addOption(noTuneOption())
    .option("--json", "print JSON for tools")
    .action((images: readonly string[], options: CaptionOptions) =>
      cli.act(options.json === true, () => caption(cli, images, options)),
    );
}

async function caption(
  cli: Cli,
  images: readonly string[],
  options: CaptionOptions,
): Promise<void> {
  const { captionFiles } = await import("../../runtime/evaluate/caption-files.ts");
  const { resolve } = await import("node:path");
  const results = await captionFiles({
    run: resolve(cli.folder, options.run),
    files: images.map((image) => ({ name: image, path: resolve(cli.folder, image) })),
    batch: Math.max(1, options.batch),
    ...(await tunedTiles(cli, options.tune)),
    ...(options.adapter === undefined ? {} : { adapter: options.adapter }),
    ...(options.question === undefined ? {} : { question: options.question }),
  });
  const failed = results.filter((result) => "fault" in result);
  if (options.json === true) cli.terminal.out(JSON.stringify(results));
  else {
    const width = Math.max(...images.map((image) => image.length));
    for (const result of results) {
      if ("caption" in result) cli.terminal.out(`${result.file.padEnd(width)}  ${result.caption}`);
      else cli.terminal.side(result.fault);
    }
  }
  if (failed.length > 0) {
    const { Quit } = await import("../faults.ts");
    const { exitCodes } = await import("../exit-code.ts");
    throw new Quit(exitCodes.usage);
  }
}
