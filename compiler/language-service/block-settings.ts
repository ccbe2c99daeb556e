/** Block in a tree -> its kind, its variant, and the settings that may stand in it. */
import type { Block } from "../../grammar/ast.ts";
import { configSettings } from "../1-check/backbone-settings.ts";
import type { BlockKind, SettingDescription, SettingType } from "../1-check/kinds/block-kind.ts";
import { kinds } from "../1-check/kinds/index.ts";

/** A kind with the variant that was chosen, if it is a known one. */
export interface ChosenKind {
  readonly kind: BlockKind;
  readonly variant: string | undefined;
}

/** Kind and variant of a block; undefined when its kind is none. */
export function blockKindOf(block: Block): ChosenKind | undefined {
  const { blockKind, variant } = block;
  const kind = blockKind.kind === "identifier" ? kinds.get(blockKind.text) : undefined;
  if (kind === undefined) return undefined;
  const word = variant?.kind === "identifier" ? variant.text : undefined;
  return { kind, variant: word !== undefined && kind.variants?.[word] ? word : undefined };
}

/** Settings by name, those of the backbone's config behind the block's own. */
export function settingsOfKind({
  kind,
  variant,
}: ChosenKind): ReadonlyMap<string, SettingDescription> {
  const own = Object.entries({
    ...kind.settings,
    ...(variant === undefined ? {} : kind.variants?.[variant]?.settings),
  });
  const { backboneRole } = kind;
  if (backboneRole === undefined) return new Map(own);
  const role = backboneRole === "vision" && variant === "text" ? "text" : backboneRole;
  const config = [...configSettings(role)].map(
    ([name, { type }]) =>
      [name, { type, about: "of the backbone; its own value when left out" }] as const,
  );
  return new Map<string, SettingDescription>([...config, ...own]);
}

/** One setting of a kind. */
export function settingDescription(kind: ChosenKind, name: string): SettingDescription | undefined {
  const others =
    kind.variant === undefined ? undefined : kind.kind.variants?.[kind.variant]?.others;
  return settingsOfKind(kind).get(name) ?? others;
}

/** What a setting takes, in a few words; empty when that depends on more than the setting. */
export function typeWords(type: SettingType): string {
  switch (type.kind) {
    case "number": {
      const rules = [
        type.least === undefined ? "" : `at least ${type.least}`,
        type.above === undefined ? "" : `above ${type.above}`,
        type.most === undefined ? "" : `at most ${type.most}`,
      ].filter((rule) => rule !== "");
      const noun = type.integer ? "a whole number" : "a number";
      const unit = type.unit === undefined ? "" : ` of ${type.unit}`;
      return [`${noun}${unit}`, ...rules].join(", ");
    }
    case "amount":
      return "a number of steps, epochs or samples";
    case "size":
      return "a number of B, KiB, MiB or GiB";
    case "word":
      return `one of ${type.choices.join(", ")}`;
    case "boolean":
      return "true or false";
    case "string":
      return "a string";
    case "numbers":
      return `a list of ${type.count} numbers`;
    case "init":
      return "initial values such as `normal(std: 0.02)`";
    case "cache":
      return "`features`, or `features(dtype: f32)`";
    case "weights":
      return 'a file name such as `"model.safetensors"`, or `random`';
    case "input":
      return "`image[height, width, 3]`, or a text";
    case "image-chain":
      return 'links such as `resize(224) -> random_flip -> normalize("clip")`';
    case "tensor":
      return "an expression over outputs of the model, such as `dot(image, text, over: width)`";
    case "parts":
      return "parts of the module such as `blocks[0..20]` or `[embeddings, blocks[0..20]]`";
    case "wiring":
      return "";
  }
}
