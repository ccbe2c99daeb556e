/** `blipc explain CODE`: what a message means, with an example that gives it and one that does not. */
import type { Command } from "commander";
import type { Cli } from "../cli.ts";

/** Adds the command. */
export function addExplain(program: Command, cli: Cli): void {
  program
    .command("explain")
    .description("explain a message code, such as BLIP2101")
    .argument("[code]", "the code; without it, all codes are listed")
    .option("--json", "print JSON for tools")
    .action((code: string | undefined, options: { readonly json?: boolean }) =>
      cli.act(options.json === true, () => explain(cli, code, options.json === true)),
    );
}

async function explain(cli: Cli, code: string | undefined, json: boolean): Promise<void> {
  const { findMessage, messages } = await import("../../grammar/messages/index.ts");
  const { terminal } = cli;
  if (code === undefined) {
    if (json) {
      terminal.out(
        JSON.stringify(messages.map(({ code, slug, severity }) => ({ code, slug, severity }))),
      );
      return;
    }
    const width = Math.max(...messages.map(({ slug }) => slug.length));
    for (const { code, slug, severity } of messages) {
      terminal.out(`${code}  ${slug.padEnd(width)}  ${severity}`);
    }
    return;
  }
  const message = findMessage(code);
  if (message === undefined) {
    const { didYouMean } = await import("../../grammar/did-you-mean.ts");
    const { RunFault } = await import("../../runtime/train/run-fault.ts");
    const names = messages.flatMap((each) => [each.code as string, each.slug]);
    const near = didYouMean(code.toUpperCase(), names) ?? didYouMean(code, names);
    const bySlug = messages.find((each) => each.slug === code);
    if (bySlug !== undefined) return explain(cli, bySlug.code, json);
    const hint = near === undefined ? "`blipc explain` lists all codes" : `did you mean ${near}?`;
    throw new RunFault("usage", `there is no message ${code}; ${hint}`);
  }
  const { slug, severity, explanation, failing, working } = message;
  if (json) {
    terminal.out(
      JSON.stringify({ code: message.code, slug, severity, explanation, failing, working }),
    );
    return;
  }
  const { bold, dim } = terminal.colors;
  const indented = (text: string) =>
    text
      .trimEnd()
      .split("\n")
      .map((line) => `    ${line}`.trimEnd())
      .join("\n");
  const sets = (set: readonly string[] | undefined) =>
    (set ?? []).map((each) => `\n    ${dim(`with --set ${each}`)}`).join("");
  terminal.out(
    [
      `${bold(message.code)} ${slug} (${severity})`,
      "",
      wrapped(explanation, 88),
      "",
      "This gives it:",
      "",
      indented(failing.text) + sets(failing.set),
      "",
      "This does not:",
      "",
      indented(working.text) + sets(working.set),
    ].join("\n"),
  );
}

function wrapped(text: string, width: number): string {
  const lines: string[] = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const word of paragraph.split(" ")) {
      if (line !== "" && line.length + 1 + word.length > width) {
        lines.push(line);
        line = word;
      } else line = line === "" ? word : `${line} ${word}`;
    }
    lines.push(line);
  }
  return lines.join("\n");
}
