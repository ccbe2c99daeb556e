/** What a tree of the right shape may still not hold: editions elsewhere, blocks in `extend`. */
import type { Statement } from "./ast.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { help, report } from "./message.ts";
import { misplacedEdition, settingsOnly, unknownEdition } from "./messages/syntax.ts";

/** Editions of the language that this compiler reads. */
export const knownEditions: readonly number[] = [1];

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
        found.push(report(unknownEdition, facts, { primary: { span: version.span, text } }));
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
