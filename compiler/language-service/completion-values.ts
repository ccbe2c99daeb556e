/** Setting, or source of a block -> the values that fit there. */

import { roleNames } from "../1-check/backbone-roles.ts";
import { type BlockDeclaration, type FileScope, isBlock } from "../1-check/file-scope.ts";
import type { BlockKind, SettingType } from "../1-check/kinds/block-kind.ts";
import { ownMetrics } from "../1-check/own-metrics.ts";
import { moduleKinds } from "../1-check/parts/parts.ts";
import { backbones, type Role } from "../backbones/index.ts";
import { meaning } from "./names.ts";

/** Something that can be chosen. */
export interface Choice {
  readonly label: string;
  readonly kind:
    | "keyword"
    | "kind"
    | "variant"
    | "setting"
    | "value"
    | "function"
    | "unit"
    | "name"
    | "file"
    | "type";
  /** What stands beside the label. */
  readonly detail?: string;
  /** What is written instead of the label. */
  readonly insert?: string;
  /** True when `insert` marks the places to fill in: `${1:name}`, `$0`. */
  readonly isSnippet?: boolean;
}

/** A name that is in reach, as it would be written: `q`, `s1.q`. */
interface Named {
  readonly text: string;
  readonly block: BlockDeclaration;
}

/** Blocks in reach, own ones first, then those of imports; in the order of the wanted kinds. */
export function blocksInReach(scope: FileScope, wanted: readonly string[]): readonly Named[] {
  const own: Named[] = [];
  const imported: Named[] = [];
  for (const name of scope.names.keys()) {
    const meant = meaning(name, scope);
    if (meant === undefined) continue;
    const { declaration } = meant;
    if (isBlock(declaration) && wanted.includes(declaration.kind))
      own.push({ text: name, block: declaration });
    if (declaration.declares !== "import" || declaration.target === undefined) continue;
    for (const inner of namesDeep(declaration.target)) {
      const block = meaning(inner, declaration.target)?.declaration;
      if (isBlock(block) && wanted.includes(block.kind))
        imported.push({ text: `${name}.${inner}`, block });
    }
  }
  const byKind = (left: Named, right: Named) =>
    wanted.indexOf(left.block.kind) - wanted.indexOf(right.block.kind);
  return [...own.sort(byKind), ...imported.sort(byKind)];
}

/** Names of a file and of the files that it extends. */
export function namesDeep(scope: FileScope): readonly string[] {
  return [...new Set([...scope.names.keys(), ...scope.extended.flatMap(namesDeep)])];
}

/** A name of a file with what it is. */
export function namedChoice(name: string, scope: FileScope): readonly Choice[] {
  const declaration = meaning(name, scope)?.declaration;
  if (declaration === undefined) return [];
  const detail = isBlock(declaration) ? declaration.kind : declaration.declares;
  return [{ label: name, kind: "name", detail }];
}

/** What an objective measures; of one that is written out, its settings: some of them are metrics. */
export function metricsOf(block: BlockDeclaration): readonly string[] {
  const variant = variantOf(block);
  if (variant === undefined) return [];
  if (variant !== "expression") return isMeasured(variant) ? ownMetrics[variant] : [];
  const names = (block.statement.body?.statements ?? []).flatMap((each) => {
    const [name] = each.kind === "setting" ? each.path.segments : [];
    return name?.kind === "identifier" && name.text !== "loss" ? [name.text] : [];
  });
  const ofContrast = names.includes("similarity") ? ownMetrics.contrastive : [];
  return [...new Set([...names, ...ofContrast])];
}

function isMeasured(name: string): name is keyof typeof ownMetrics {
  return Object.hasOwn(ownMetrics, name);
}

/** Params and lets in reach. */
export function plainNames(scope: FileScope): readonly Choice[] {
  return [...scope.names.values()].flatMap((declaration): readonly Choice[] => {
    const { declares, name } = declaration;
    if (declares === "param" || declares === "let")
      return [{ label: name, kind: "name", detail: declares }];
    return declares === "import" ? [{ label: name, kind: "file", detail: "import" }] : [];
  });
}

const call = (label: string, insert: string, detail: string): Choice => ({
  label,
  kind: "function",
  detail,
  insert,
  isSnippet: true,
});
const value = (label: string, detail?: string): Choice => ({
  label,
  kind: "value",
  ...(detail === undefined ? {} : { detail }),
});
const blockChoice = ({ text, block }: Named, member = ""): Choice => ({
  label: `${text}${member}`,
  kind: "name",
  detail: block.kind,
});

const imageChain: readonly Choice[] = [
  call("resize", `resize(\${1:224})`, "to squares of this side"),
  call(
    "random_resized_crop",
    `random_resized_crop(\${1:224}, scale: [\${2:0.5}, \${3:1.0}])`,
    "a random part, resized",
  ),
  value("random_flip", "mirrors every second picture"),
  call("normalize", 'normalize("clip")', "mean 0, deviation 1"),
];
const inits: readonly Choice[] = [
  call("normal", `normal(std: \${1:0.02})`, "normal distribution"),
  call("truncated_normal", `truncated_normal(std: \${1:0.02})`, "without its tails"),
  call("uniform", `uniform(bound: \${1:0.02})`, "between -bound and bound"),
  value("zeros"),
  value("ones"),
];
const learned = call("learned", `learned(\${1:0.07})`, "a scalar that is trained");

/** Arguments of the functions of the language. */
export const functionArguments: ReadonlyMap<string, readonly string[]> = new Map([
  ["normal", ["std"]],
  ["truncated_normal", ["std"]],
  ["uniform", ["bound"]],
  ["hard", ["from"]],
  ["features", ["dtype"]],
  ["random_resized_crop", ["scale"]],
  ["shapes", ["seed", "pictures", "twins"]],
  ["documents", ["seed", "count"]],
  ["mix", ["weights"]],
]);

/** Parts of a module. */
const parts: readonly Choice[] = [
  call("blocks", `blocks[\${1:0}..\${2:2}]`, "the end is not among them"),
  value("embeddings", "what stands before the blocks"),
];

/** What `.except(…)` leaves out: parts of a module, or whole modules and heads of a checkpoint. */
export function leftOut(setting: string, scope: FileScope): readonly Choice[] {
  if (setting !== "from") return [...parts, value("cross", "what takes the width of the patches")];
  const kinds = [...moduleKinds, "objective"];
  return [...scope.names.values()].flatMap((declaration) =>
    isBlock(declaration) && kinds.includes(declaration.kind)
      ? [value(declaration.name, declaration.kind)]
      : [],
  );
}

/** What an assert can ask for. */
export function assertedValues(inside: string | undefined, scope: FileScope): readonly Choice[] {
  const own = (kinds: readonly string[]) =>
    blocksInReach(scope, kinds)
      .filter(({ text }) => !text.includes("."))
      .map((each) => blockChoice(each));
  switch (inside) {
    case "params":
      return [value("trainable"), value("frozen"), ...own([...moduleKinds, "objective"])];
    case "memory":
    case "flops":
      return own(["stage"]);
    default:
      return [
        call("params", `params(\${1:trainable})`, "how many weights"),
        call("memory", `memory(\${1:stage})`, "bytes of a stage"),
        call("flops", `flops(\${1:stage})`, "operations of a step"),
        ...own([...moduleKinds]),
        ...plainNames(scope),
      ];
  }
}

/** Values of a setting by its type. */
export function valuesOfType(
  type: SettingType,
  owner: BlockKind,
  setting: string,
  scope: FileScope,
): readonly Choice[] {
  switch (type.kind) {
    case "word":
      return type.choices.map((choice) => value(choice));
    case "boolean":
      return [value("true"), value("false")];
    case "number":
    case "amount":
    case "size":
    case "string":
    case "numbers":
      return plainNames(scope);
    case "tensor":
      return [];
    case "init":
      return inits;
    case "cache":
      return [value("features", "stored as f16"), value("features(dtype: f32)", "exact")];
    case "weights":
      return [value("random", "fresh values")];
    case "input":
      return [
        call("image", `image[\${1:224}, \${1:224}, 3]`, "height, width, channels"),
        ...blocksInReach(scope, ["text"]).map((each) => blockChoice(each)),
      ];
    case "image-chain":
      return imageChain;
    case "parts":
      return parts;
    case "wiring":
      return wiring(owner.kind, setting, scope);
  }
}

function wiring(kind: string, setting: string, scope: FileScope): readonly Choice[] {
  const blocks = (kinds: readonly string[], member = "") =>
    blocksInReach(scope, kinds).map((each) => blockChoice(each, member));
  switch (`${kind}.${setting}`) {
    case "qformer.self":
      return blocks(["queries", "text"]);
    case "qformer.drop":
      return blocks(["text"]);
    case "qformer.cross":
      return blocks(["encoder"], ".patches");
    case "objective.image":
      return [...bridgeCalls(scope, ["queries"]), ...blocks(["encoder"], ".cls")];
    case "objective.text":
      return [...bridgeCalls(scope, ["text"], ".cls"), ...blocks(["encoder"], ".cls")];
    case "objective.pair":
      return bridgeCalls(scope, ["queries", "text"]);
    case "objective.given":
      return bridgeCalls(scope, ["queries"]);
    case "objective.temperature":
    case "objective.logit_scale":
      return [learned, ...plainNames(scope)];
    case "objective.negatives":
      return [
        ...blocksInReach(scope, ["objective"])
          .filter(({ block }) => variantOf(block) === "contrastive")
          .map(({ text }) => value(`hard(from: ${text})`, "by the similarities of that objective")),
        value("random", "all others are as likely"),
      ];
    case "objective.predict":
      return blocks(["text"]);
    case "objective.model":
      return blocks(["lm"]);
    case "objective.prefix":
      return blocks(["adapter"]);
    case "stage.minimize":
      return blocks(["objective"]);
    case "stage.whole":
      return blocksInReach(scope, ["objective"])
        .filter(({ block }) => /^(contrastive|expression)$/.test(variantOf(block) ?? ""))
        .map((each) => blockChoice(each));
    case "stage.data":
    case "validate.data":
      return blocks(["data"]);
    case "stage.from":
      return [...blocks(["stage"], ".last"), ...blocks(["stage"], ".best")];
    case "save.keep":
      return [
        call("last", `last(\${1:2})`, "the newest ones"),
        value("all"),
        value("best(loss)", "by the weighted sum"),
        ...blocksInReach(scope, ["objective"]).map(({ text }) =>
          value(`best(${text})`, "by its metric"),
        ),
      ];
    default:
      return [];
  }
}

function bridgeCalls(scope: FileScope, inputs: readonly string[], end = ""): readonly Choice[] {
  const [queries] = blocksInReach(scope, ["queries"]);
  const [text] = blocksInReach(scope, ["text"]);
  const given = inputs.map((kind) => (kind === "queries" ? queries : text)?.text);
  if (given.includes(undefined)) return [];
  return blocksInReach(scope, ["qformer"]).map(({ text: bridge }) =>
    value(`${bridge}(${given.join(", ")})${end}`, "qformer"),
  );
}

function variantOf({ statement: { variant } }: BlockDeclaration): string | undefined {
  return variant?.kind === "identifier" ? variant.text : undefined;
}

const roles: Readonly<Record<string, Role>> = {
  encoder: "vision",
  qformer: "bridge",
  lm: "decoder",
  text: "bridge",
};

/** What may stand behind `=` of a block: names of backbones, sources of records, blocks to take over. */
export function sourcesOf(
  blockKind: string,
  variant: string | undefined,
  isQuoted: boolean,
  scope: FileScope,
): readonly Choice[] {
  const role = blockKind === "encoder" && variant === "text" ? "bridge" : roles[blockKind];
  const names = role === undefined ? [] : [...backbones[role].keys()];
  const published = names.map((name): Choice => {
    const found = backbones[role!].get(name);
    const insert = isQuoted ? name : `"${name}"`;
    return { label: insert, kind: "value", ...(found && { detail: found.published.source }) };
  });
  if (isQuoted) return published;
  if (blockKind === "data") {
    return [
      call("captions", `captions("\${1:annotations.json}")`, "pictures with sentences"),
      call("vqa", `vqa("\${1:questions.json}")`, "pictures with questions and answers"),
      call("shards", `shards("\${1:pairs.tar}")`, "archives of pictures with sentences"),
      call("folder", `folder("\${1:pictures}")`, "pictures, a text beside each"),
      call("table", `table("\${1:pairs.parquet}")`, "rows of pictures with sentences"),
      call("shapes", `shapes(seed: \${1:1})`, "drawn pictures with sentences"),
      call("documents", `documents(seed: \${1:1})`, "written sentences"),
      call("mix", `mix([\${1}])`, "records of several data sets, by their shares"),
      ...blocksInReach(scope, ["data"]).map((each) => blockChoice(each)),
    ];
  }
  if (blockKind === "adapter") {
    const targets = blocksInReach(scope, ["lm"]);
    return bridgeCalls(scope, ["queries"]).flatMap(({ label }) =>
      targets.map(({ text }) => value(`${label} -> ${text}.embed`, "both widths are inferred")),
    );
  }
  const tokenizers = blockKind === "text" ? blocksInReach(scope, ["lm"]) : [];
  const isRole = roleNames.includes(blockKind as (typeof roleNames)[number]);
  return [
    ...published,
    ...blocksInReach(scope, [blockKind]).map((each) => blockChoice(each)),
    ...tokenizers.map((each) => blockChoice(each, ".tokenizer")),
    ...(isRole ? plainNames(scope) : []),
  ];
}
