/** A circle of imports -> one message that names every link. */
import type { Import } from "../../grammar/ast.ts";
import type { Note } from "../../grammar/diagnostic.ts";
import { help, note } from "../../grammar/message.ts";
import { importCycle } from "../../grammar/messages/names.ts";
import { positionAt, type Source } from "../../grammar/source.ts";
import type { Sink } from "./sink.ts";

/** A file on the way from the pipeline to an import. */
export interface Link {
  readonly source: Source;
  /** The import that leads to the next file. */
  readonly statement: Import | undefined;
}

/** Says that the last file imports the first one again. */
export function reportCycle(links: readonly Link[], sink: Sink): void {
  const [first, ...others] = links;
  const spanOfLink = (link: Link) => link.statement!.from.span;
  const stem = (name: string) => name.replace(/^.*\//, "").replace(/\.blip$/, "");
  if (first === undefined) return;
  if (others.length === 0) {
    sink.report(
      importCycle,
      { first: first.source.name, second: first.source.name },
      { primary: { span: spanOfLink(first), text: "this is the file itself" } },
    );
    return;
  }
  const next = (index: number) => stem((links[index + 1] ?? first).source.name);
  sink.report(
    importCycle,
    { first: first.source.name, second: others.at(-1)!.source.name },
    {
      primary: {
        span: spanOfLink(first),
        text: `1. ${stem(first.source.name)} needs ${next(0)} …`,
      },
      labels: others.map((link, index) => ({
        span: spanOfLink(link),
        text:
          index === others.length - 1
            ? `${index + 2}. … which needs ${stem(first.source.name)} again`
            : `${index + 2}. … which needs ${next(index + 1)} …`,
      })),
      notes: cycleNotes(first),
    },
  );
}

/** How often the import that closes the circle is used, and what to do about it. */
function cycleNotes({ source, statement }: Link): readonly Note[] {
  const alias = statement?.alias?.kind === "identifier" ? statement.alias.text : undefined;
  const uses =
    alias === undefined || statement === undefined
      ? []
      : [...source.text.matchAll(new RegExp(`\\b${alias}\\.(\\w+)`, "g"))].filter(
          ({ index }) => index > statement.span.end,
        );
  const parts = [...new Set(uses.map((use) => `\`${use[1]}\``))];
  const moved = parts.length === 0 ? "what both need" : parts.join(" and ");
  const third = `move ${moved} to a third file that both import, or delete the unused direction`;
  const [use] = uses;
  if (alias === undefined || use === undefined) return [help(third)];
  const { line } = positionAt(source, use.index);
  const counts = uses.length === 1 ? "once" : `${uses.length} times`;
  const first = uses.length === 1 ? "at" : "first at";
  return [
    note(`${alias} is used ${counts} in ${source.name}, ${first} line ${line}: \`${use[0]}\``),
    help(third),
  ];
}
