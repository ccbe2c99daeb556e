/** Fields of a backbone's config as settings of its block, in snake_case. */
import { type Backbone, backbones, configChoices, type Role } from "../backbones/index.ts";
import type { SettingType } from "./kinds/block-kind.ts";

/** A field of a config that a pipeline may set. */
export interface ConfigSetting {
  readonly field: string;
  readonly type: SettingType;
}

/** Fields that have a setting of their own, or follow from the wiring. */
const reserved = new Set([
  "imageSize",
  "queries",
  "crossEvery",
  "embedding",
  "temperature",
  "std",
  "queryStd",
  "dropout",
  "attentionDropout",
  "heads",
  "naming",
]);

const known = new Map<Role, ReadonlyMap<string, ConfigSetting>>();

/** Settings by name: `mlp_width`, `layers`. */
export function configSettings(role: Role): ReadonlyMap<string, ConfigSetting> {
  const made = known.get(role);
  if (made !== undefined) return made;
  const settings = new Map<string, ConfigSetting>();
  for (const { config } of backbones[role].values() as Iterable<Backbone>) {
    for (const [field, value] of Object.entries(config)) {
      const isOwn = reserved.has(field) && !(field === "heads" && role !== "bridge");
      if (!isOwn) settings.set(snake(field), { field, type: typeOf(field, value) });
    }
  }
  known.set(role, settings);
  return settings;
}

function snake(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function typeOf(field: string, value: unknown): SettingType {
  if (typeof value === "boolean") return { kind: "boolean" };
  if (typeof value === "string") return { kind: "word", choices: configChoices.get(field) ?? [] };
  const isSmall = /epsilon|std|dropout/i.test(field);
  return isSmall ? { kind: "number", least: 0 } : { kind: "number", integer: true, least: 0 };
}
