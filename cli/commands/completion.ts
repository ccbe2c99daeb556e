/** `blipc completion SHELL`: a script that completes commands, options and pipelines. */
import { Argument, type Command } from "commander";
import type { Cli } from "../cli.ts";
import { type CommandFacts, completionScript, type Shell, shells } from "../completion.ts";

/** Adds the command. */
export function addCompletion(program: Command, cli: Cli): void {
  program
    .command("completion")
    .description("print a script that completes blipc in a shell")
    .addArgument(new Argument("<shell>", "which one").choices(shells))
    .action((shell: Shell) =>
      cli.act(false, async () => {
        process.stdout.write(completionScript(shell, factsOf(program)));
      }),
    );
}

/** The table that the parser itself holds, so that no command and no option can be forgotten. */
export function factsOf(program: Command): readonly CommandFacts[] {
  return program.commands.map((command): CommandFacts => {
    const names = command.registeredArguments.map((argument) => argument.name());
    const isPipeline = names.some((name) => /^file(s|\[#stage\])?$/.test(name));
    return {
      name: command.name(),
      description: command.description(),
      options: command.options.flatMap(({ long, description, required, optional, argChoices }) =>
        typeof long === "string"
          ? [{ long, description, values: required || optional ? (argChoices ?? []) : undefined }]
          : [],
      ),
      arguments: isPipeline ? "pipelines" : names.length > 0 ? "paths" : "none",
    };
  });
}
