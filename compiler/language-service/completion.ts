/** Position in a text -> what can be written there. */

import { type Span, spanOf } from "../../grammar/source.ts";
import { roleNames } from "../1-check/backbone-roles.ts";
import { byteUnits } from "../1-check/byte-units.ts";
import { type FileScope, isBlock } from "../1-check/file-scope.ts";
import type { BlockKind } from "../1-check/kinds/block-kind.ts";
import { kinds } from "../1-check/kinds/index.ts";
import { moduleKinds } from "../1-check/parts/parts.ts";
import { standardFiles } from "../1-check/standard-library.ts";
import { type ChosenKind, settingsOfKind, typeWords } from "./block-settings.ts";
import { overrideChoices } from "./completion-overrides.ts";
import { type Slot, slotAt } from "./completion-slot.ts";
import {
  assertedValues,
  blocksInReach,
  type Choice,
  functionArguments,
  leftOut,
  metricsOf,
  namedChoice,
  namesDeep,
  plainNames,
  sourcesOf,
  valuesOfType,
} from "./completion-values.ts";
import { expressionChoices } from "./expression-completion.ts";
import { isExpressionBlock } from "./expression-names.ts";
import { fileOf, type Meant, meaning } from "./names.ts";
import { touches } from "./nodes.ts";

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
  const found = choicesOf(slot, scope, files, offset);
  const own = ownName(scope, offset);
  // A block is not made of itself, and a stage does not start from itself.
  const isOwn = ({ label }: Choice) => label === own || label.startsWith(`${own}.`);
  const choices =
    slot.kind === "source" || slot.kind === "value" ? found.filter((each) => !isOwn(each)) : found;
  return { choices, span: spanOf(scope.source, start, end) };
}

/** Name of the block at the top of the file that the offset is in. */
function ownName(scope: FileScope, offset: number): string | undefined {
  const statement = scope.document.statements.find(({ span }) => touches(span, offset));
  return statement?.kind === "block" && statement.name?.kind === "identifier"
    ? statement.name.text
    : undefined;
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
      return overrideChoices(slot, scope);
    case "variant":
      return variants(slot.blockKind);
    case "source":
      return sourcesOf(slot.blockKind, slot.variant, slot.isQuoted, scope);
    case "value":
      return values(slot, scope);
    case "member":
      return [
        ...members(slot, scope),
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
  const source = kind.hasSource ? ` = \${3}` : "";
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
  if (inside === "[" && setting === "data")
    return blocksInReach(scope, ["data"]).map(({ text }) => ({ label: text, kind: "name" }));
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
  if (name === "rate") {
    const modules = isFirst ? blocksInReach(scope, [...moduleKinds]) : [];
    return modules
      .filter(({ block }) => block.statement.state?.state === "trainable")
      .map(({ text, block }): Choice => ({ label: text, kind: "name", detail: block.kind }));
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
  lm: ["embed", "tokenizer"],
  stage: ["last", "best"],
};

/** Kinds of blocks that can stand behind `=` of a kind. */
const taken: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...[...kinds.keys()].map((kind) => [kind, [kind]] as const),
  ["text", ["text", "lm"]],
  ["adapter", ["adapter", "qformer"]],
]);

const called: Readonly<Record<string, readonly string[]>> = { qformer: ["cls"] };

function members(
  { of: { names, isCalled }, source }: Extract<Slot, { kind: "member" }>,
  scope: FileScope,
): readonly Choice[] {
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
  if (file !== undefined) {
    const fits = taken.get(source ?? "");
    return namesDeep(file).flatMap((name) => {
      const declaration = meaning(name, file)?.declaration;
      const isOther =
        fits !== undefined && isBlock(declaration) && !fits.includes(declaration.kind);
      return isOther ? [] : namedChoice(name, file);
    });
  }
  const block = meant?.declaration;
  if (!isBlock(block)) return [];
  const isCheckpoint = block.kind === "stage" && ["last", "best"].includes(left.join());
  if (left.length > 0 && !isCheckpoint) return [];
  const words = isCheckpoint
    ? ["except"]
    : isCalled
      ? (called[block.kind] ?? [])
      : [
          ...(outputs[block.kind] ?? metricsOf(block)),
          ...(isOfFile && kinds.get(block.kind)?.hasWeights ? ["except"] : []),
        ];
  return words.map((label) => ({ label, kind: "value", detail: `of ${block.kind} ${block.name}` }));
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
  const file = scope.imports.get(statement);
  if (file === undefined) return [];
  return namesDeep(file)
    .filter((name) => !present.includes(name))
    .flatMap((name) => namedChoice(name, file));
}
