/** Path in an `extend` → what can be changed there. */
import { type FileScope, isBlock } from "../1-check/file-scope.ts";
import { blockKindOf, type ChosenKind, settingsOfKind } from "./block-settings.ts";
import type { Slot } from "./completion-slot.ts";
import { type Choice, namedChoice, namesDeep } from "./completion-values.ts";
import { fileOf, meaning } from "./names.ts";

/** Names of the file, or what the block has that the target and the path lead to. */
export function overrideChoices(
  { target, path, present }: Extract<Slot, { kind: "override" }>,
  scope: FileScope,
): readonly Choice[] {
  const imported = fileOf(meaning(target[0] ?? "", scope));
  const file = imported ?? scope;
  const [head, child] = [...(imported === undefined ? target : target.slice(1)), ...path];
  if (head === undefined) {
    return namesDeep(file)
      .filter((name) => !present.includes(name))
      .flatMap((name) => {
        const declaration = meaning(name, file)?.declaration;
        const canChange = declaration?.declares === "param" || isBlock(declaration);
        return canChange ? namedChoice(name, file) : [];
      });
  }
  const block = meaning(head, file)?.declaration;
  if (!isBlock(block)) return [];
  const outer = blockKindOf(block.statement);
  if (outer === undefined) return [];
  if (child === undefined) {
    const inner = (outer.kind.children ?? []).map((label): Choice => ({ label, kind: "kind" }));
    return [...settingChoices(outer), ...inner].filter(({ label }) => !present.includes(label));
  }
  const nested = block.statement.body?.statements.find(
    (each) =>
      each.kind === "block" &&
      each.blockKind.kind === "identifier" &&
      each.blockKind.text === child,
  );
  const kind = nested?.kind === "block" ? blockKindOf(nested) : undefined;
  return (kind === undefined ? [] : settingChoices(kind)).filter(
    ({ label }) => !present.includes(label),
  );
}

function settingChoices(of: ChosenKind): readonly Choice[] {
  return [...settingsOfKind(of)].map(([label, { about }]) => ({
    label,
    kind: "setting",
    detail: about,
  }));
}
