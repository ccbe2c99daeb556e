/** What a tree of the right shape may still not hold: editions elsewhere, blocks in `extend`. */
import type { Statement } from "./ast.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { knownEditions, newestEdition } from "./editions.ts";
import { help, report } from "./message.ts";
import { misplacedEdition, settingsOnly, unknownEdition } from "./messages/syntax.ts";

/** Messages about the place of statements in a file. */
export function documentDiagnostics(statements: readonly Statement[]): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  visit(statements, true, false, found);
  return found;
}

function visit(
  statements: readonly Statement[],
  topLevel: boolean,
  inExtend: boolean,
  found: Diagnostic[],
): void {
  for (const [index, statement] of statements.entries()) {
    if (statement.kind === "edition") {
      const { span, version } = statement;
      if (!topLevel || index > 0) {
        const notes = [help("move this line to the top of the file, or delete it")];
        found.push(report(misplacedEdition, {}, { primary: { span, text: "" }, notes }));
      } else if (version.kind === "number" && !knownEditions.includes(version.value)) {
        const facts = { edition: version.raw, known: knownEditions };
        const text = "not known to this compiler";
        const isNewer = version.value > newestEdition;
        const newer = isNewer ? ", or read it with a newer compiler" : "";
        const notes = [help(`write \`blip ${newestEdition}\`${newer}`)];
        found.push(report(unknownEdition, facts, { primary: { span: version.span, text }, notes }));
      }
    } else if (inExtend && statement.kind !== "setting" && statement.kind !== "junk") {
      const span = statement.kind === "block" ? statement.header : statement.span;
      const facts = { found: statement.kind === "block" ? "blocks" : `\`${statement.kind}\`` };
      const notes = [help("change a setting by its path: `pretrain.optimizer.lr = 2e-4`")];
      found.push(report(settingsOnly, facts, { primary: { span, text: "" }, notes }));
    }
    if ("body" in statement && statement.body?.kind === "body") {
      visit(statement.body.statements, false, statement.kind === "extend", found);
    }
  }
}
