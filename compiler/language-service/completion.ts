/** Position in a text -> what can be written there. */

import { type Span, spanOf } from "../../grammar/source.ts";
import { roleNames } from "../1-check/backbone-roles.ts";
import { byteUnits } from "../1-check/byte-units.ts";
import { type FileScope, isBlock } from "../1-check/file-scope.ts";
import type { BlockKind } from "../1-check/kinds/block-kind.ts";
import { kinds } from "../1-check/kinds/index.ts";
import { standardFiles } from "../1-check/standard-library.ts";
import { blockKindOf, type ChosenKind, settingsOfKind, typeWords } from "./block-settings.ts";
import { type Slot, slotAt } from "./completion-slot.ts";
import {
  assertedValues,
  blocksInReach,
  type Choice,
  functionArguments,
  leftOut,
  namesDeep,
  plainNames,
  sourcesOf,
  valuesOfType,
} from "./completion-values.ts";
import { expressionChoices } from "./expression-completion.ts";
import { isExpressionBlock } from "./expression-names.ts";
import { fileOf, type Meant, meaning } from "./names.ts";

export type { Choice } from "./completion-values.ts";

/** What can be chosen, and the stretch that the choice replaces. */
export interface Completion {
  readonly choices: readonly Choice[];
  readonly span: Span;
}

/** Choices at an offset; `files` gives the paths that an import could name. Never throws, whatever the text. */
export function completionsAt(
  scope: FileScope,
  offset: number,
  files: () => readonly string[] = () => [],
): Completion {
  const { slot, start, end, holders } = slotAt(scope, offset);
  if (slot.kind === "value" && !slot.isQuoted && isExpressionBlock(holders.at(-1))) {
    const before = scope.source.text.slice(0, start);
    const choices = expressionChoices(holders.at(-1), slot.setting, slot.inside, before, scope);
    return { choices, span: spanOf(scope.source, start, end) };
  }
  return { choices: choicesOf(slot, scope, files, offset), span: spanOf(scope.source, start, end) };
}

function choicesOf(
  slot: Slot,
  scope: FileScope,
  files: () => readonly string[],
  offset: number,
): readonly Choice[] {
  switch (slot.kind) {
    case "nothing":
      return [];
    case "statement":
      return statements(scope);
    case "module-kind":
      return [...kinds.values()]
        .filter(({ hasWeights }) => hasWeights)
        .map((kind) => header(kind, ""));
    case "setting":
      return settings(slot.of, slot.present);
    case "override":
      return overrides(slot, scope);
    case "variant":
      return variants(slot.blockKind);
    case "source":
      return sourcesOf(slot.blockKind, slot.variant, slot.isQuoted, scope);
    case "value":
      return values(slot, scope);
    case "member":
      return [
        ...members(slot.of.names, slot.of.isCalled, scope),
        ...(slot.isAsserted ? [{ label: "shape", kind: "value" as const }] : []),
      ];
    case "unit":
      return units(slot);
    case "type":
      return [
        ...["int", "float", "string", "bool"].map((label): Choice => ({ label, kind: "type" })),
        ...roleNames.map((role): Choice => ({ label: `backbone<${role}>`, kind: "type" })),
      ];
    case "role":
      return roleNames.map((label) => ({ label, kind: "type" }));
    case "import-path":
      return [...files(), ...standardFiles].map((label) => ({ label, kind: "file" }));
    case "imported-name":
      return importedNames(scope, slot.present, offset);
    case "imported-file":
      return [...scope.names.values()].flatMap((declaration) =>
        declaration.declares === "import"
          ? [{ label: declaration.name, kind: "file" as const }]
          : [],
      );
    case "word":
      return slot.words.map((label) => ({ label, kind: "keyword" }));
    case "asserted":
      return assertedValues(slot.inside, scope);
    case "expression":
      return [
        ...plainNames(scope),
        ...blocksInReach(scope, [...kinds.keys()]).map(
          ({ text, block }): Choice => ({
            label: text,
            kind: "name",
            detail: block.kind,
          }),
        ),
      ];
  }
}

function statements(scope: FileScope): readonly Choice[] {
  const word = (label: string, insert: string): Choice => ({
    label,
    kind: "keyword",
    insert,
    isSnippet: true,
  });
  const hasEdition = scope.document.statements.some(({ kind }) => kind === "edition");
  const top = [...kinds.values()].filter(({ isNamed }) => isNamed);
  return [
    ...(hasEdition ? [] : [word("blip", "blip 1")]),
    word("import", `import "\${1:./file.blip}" as \${2:name}`),
    word("param", `param \${1:name}: \${2:int} = \${3:1}`),
    word("let", `let \${1:name} = $0`),
    word("extend", `extend \${1:base} {\n  $0\n}`),
    ...top.flatMap((kind) =>
      kind.hasWeights ? [header(kind, "frozen "), header(kind, "trainable ")] : [header(kind, "")],
    ),
  ];
}

function header(kind: BlockKind, state: string): Choice {
  const variant = Object.keys(kind.variants ?? {})[0];
  const colon = kind.variantNeeded && variant !== undefined ? `: \${2:${variant}}` : "";
  const hasSource =
    kind.backboneRole !== undefined || ["text", "data", "adapter"].includes(kind.kind);
  const source = hasSource ? ` = \${3}` : "";
  return {
    label: `${state}${kind.kind}`,
    kind: "kind",
    detail: kind.noun,
    insert: `${state}${kind.kind} \${1:name}${colon}${source} {\n  $0\n}`,
    isSnippet: true,
  };
}

function settings(of: ChosenKind, present: readonly string[]): readonly Choice[] {
  const own = [...settingsOfKind(of)].filter(([name]) => !present.includes(name));
  const children = (of.kind.children ?? []).filter((word) => !present.includes(word));
  return [
    ...own.map(([name, { about, type, required }]): Choice => {
      const words = typeWords(type);
      const detail = `${required ? "needed: " : ""}${about}${words === "" ? "" : `; ${words}`}`;
      return { label: name, kind: "setting", detail, insert: `${name} = ` };
    }),
    ...children.map((word): Choice => {
      const kind = kinds.get(word);
      const variant = Object.keys(kind?.variants ?? {})[0];
      const insert =
        variant === undefined ? `${word} {\n  $0\n}` : `${word}: \${1:${variant}} {\n  $0\n}`;
      return {
        label: word,
        kind: "kind",
        insert,
        isSnippet: true,
        ...(kind && { detail: kind.noun }),
      };
    }),
  ];
}

function variants(blockKind: string): readonly Choice[] {
  return Object.entries(kinds.get(blockKind)?.variants ?? {}).map(([label, { about }]) => ({
    label,
    kind: "variant",
    detail: about,
  }));
}

function values(slot: Extract<Slot, { kind: "value" }>, scope: FileScope): readonly Choice[] {
  const { inside, of, setting, isQuoted, isFirst, argument } = slot;
  if (isQuoted) return inside === "normalize" ? [{ label: "clip", kind: "value" }] : [];
  const type = of && settingsOfKind(of).get(setting)?.type;
  if (inside === "except") return leftOut(setting, scope);
  if (inside === "features" && argument === "dtype") {
    return ["f16", "f32"].map((label) => ({ label, kind: "value" }));
  }
  if (inside !== undefined && inside !== "[") return argumentsOf(inside, isFirst, scope);
  if (of === undefined || type === undefined) return plainNames(scope);
  const imports = [...scope.names.values()].filter(({ declares }) => declares === "import");
  const files = imports.map(
    ({ name }): Choice => ({ label: name, kind: "file", detail: "import" }),
  );
  const choices = valuesOfType(type, of.kind, setting, scope);
  return type.kind === "wiring" ? [...choices, ...files] : choices;
}

function argumentsOf(name: string, isFirst: boolean, scope: FileScope): readonly Choice[] {
  const named = (functionArguments.get(name) ?? []).map(
    (argument): Choice => ({ label: `${argument}:`, kind: "setting", insert: `${argument}: ` }),
  );
  const bridge = meaning(name, scope)?.declaration;
  if (isBlock(bridge)) {
    const inputs = blocksInReach(scope, isFirst ? ["queries", "text"] : ["text"]);
    return inputs.map(({ text, block }) => ({ label: text, kind: "name", detail: block.kind }));
  }
  const objectives = name === "hard" || name === "best" ? blocksInReach(scope, ["objective"]) : [];
  return [
    ...named,
    ...objectives.map(({ text }): Choice => ({ label: text, kind: "name", detail: "objective" })),
    ...(objectives.length > 0 ? [] : plainNames(scope)),
  ];
}

const outputs: Readonly<Record<string, readonly string[]>> = {
  encoder: ["patches", "cls"],
  lm: ["embed", "tokenizer", "logits"],
  stage: ["last", "best"],
  objective: ["accuracy"],
};

const called: Readonly<Record<string, readonly string[]>> = { qformer: ["cls"] };

function members(names: readonly string[], isCalled: boolean, scope: FileScope): readonly Choice[] {
  const [first = "", ...rest] = names;
  let meant: Meant | undefined = meaning(first, scope);
  const isOfFile = fileOf(meant) !== undefined;
  let left = rest;
  while (left.length > 0) {
    const file = fileOf(meant);
    if (file === undefined) break;
    meant = meaning(left[0]!, file);
    left = left.slice(1);
  }
  const file = fileOf(meant);
  if (file !== undefined) return namesDeep(file).flatMap((name) => namedChoice(name, file));
  const block = meant?.declaration;
  if (!isBlock(block)) return [];
  const isCheckpoint = block.kind === "stage" && ["last", "best"].includes(left.join());
  if (left.length > 0 && !isCheckpoint) return [];
  const words = isCheckpoint
    ? ["except"]
    : isCalled
      ? (called[block.kind] ?? [])
      : [
          ...(outputs[block.kind] ?? []),
          ...(isOfFile && kinds.get(block.kind)?.hasWeights ? ["except"] : []),
        ];
  return words.map((label) => ({ label, kind: "value", detail: `of ${block.kind} ${block.name}` }));
}

function namedChoice(name: string, scope: FileScope): readonly Choice[] {
  const declaration = meaning(name, scope)?.declaration;
  if (declaration === undefined) return [];
  const detail = isBlock(declaration) ? declaration.kind : declaration.declares;
  return [{ label: name, kind: "name", detail }];
}

function units({ of, setting }: Extract<Slot, { kind: "unit" }>): readonly Choice[] {
  const type = of && settingsOfKind(of).get(setting)?.type;
  if (type?.kind === "amount") {
    return ["steps", "epochs", "samples"].map((label) => ({ label, kind: "unit" }));
  }
  if (type?.kind === "size") {
    return Object.keys(byteUnits).map((label) => ({ label, kind: "unit" }));
  }
  return type?.kind === "number" && type.unit !== undefined
    ? [{ label: type.unit, kind: "unit" }]
    : [];
}

function importedNames(
  scope: FileScope,
  present: readonly string[],
  offset: number,
): readonly Choice[] {
  const statement = scope.document.statements.find(
    ({ kind, span }) => kind === "import" && span.start <= offset && offset <= span.end,
  );
  if (statement?.kind !== "import" || statement.from.kind === "missing") return [];
  const target = [...scope.names.values()].find(
    (declaration) =>
      declaration.declares === "imported-name" &&
      declaration.target !== undefined &&
      statement.span.start <= declaration.identifier.span.start &&
      declaration.identifier.span.end <= statement.span.end,
  );
  const file = target?.declares === "imported-name" ? target.target : undefined;
  if (file === undefined) return [];
  return namesDeep(file)
    .filter((name) => !present.includes(name))
    .flatMap((name) => namedChoice(name, file));
}

function overrides(
  { target, path, present }: Extract<Slot, { kind: "override" }>,
  scope: FileScope,
): readonly Choice[] {
  const file = fileOf(meaning(target[0] ?? "", scope));
  if (file === undefined) return [];
  const [head, child] = path;
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
    return [...settingChoices(outer), ...inner];
  }
  const nested = block.statement.body?.statements.find(
    (each) =>
      each.kind === "block" &&
      each.blockKind.kind === "identifier" &&
      each.blockKind.text === child,
  );
  const kind = nested?.kind === "block" ? blockKindOf(nested) : undefined;
  return kind === undefined ? [] : settingChoices(kind);
}

function settingChoices(of: ChosenKind): readonly Choice[] {
  return [...settingsOfKind(of)].map(([label, { about }]) => ({
    label,
    kind: "setting",
    detail: about,
  }));
}
