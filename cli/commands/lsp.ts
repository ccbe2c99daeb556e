/** `blipc lsp --stdio`: the language server that editors start. */
import type { Command } from "commander";
import type { Cli } from "../cli.ts";

/** Adds the command. */
export function addLsp(program: Command, cli: Cli): void {
  program
    .command("lsp")
    .description("the language server that editors start")
    .option("--stdio", "speak on standard input and output; the only way there is")
    // Clients pass the id of their own process, so that a server does not outlive them.
    .option("--clientProcessId <id>", "the process of the editor")
    .action(() => cli.act(false, () => lsp(cli)));
}

async function lsp(cli: Cli): Promise<void> {
  const { createConnection, ProposedFeatures } = await import("vscode-languageserver/node");
  const { serve } = await import("../lsp/server.ts");
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  serve(connection, cli.folder, cli.version);
  await new Promise<void>((resolve) => process.stdin.once("end", resolve));
}
