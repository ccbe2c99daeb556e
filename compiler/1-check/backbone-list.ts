/** The registry of backbones as a list for people. */
import { backbones } from "../backbones/index.ts";
import type { RoleName } from "./backbone-roles.ts";

/** One registered backbone. */
export interface ListedBackbone {
  /** Kind of the block that takes it. */
  readonly kind: RoleName;
  readonly name: string;
  /** `39 layers, width 1408`. */
  readonly size: string;
  readonly source: string;
  readonly license: string;
}

/** All of them by kind. */
export function backboneList(): readonly ListedBackbone[] {
  const roles = [
    ["encoder", backbones.vision],
    ["text", backbones.text],
    ["qformer", backbones.bridge],
    ["lm", backbones.decoder],
  ] as const;
  return roles.flatMap(([kind, table]) =>
    [...table].map(([name, { config, published }]) => ({
      kind,
      name,
      size: `${config.layers} layers, width ${config.width}`,
      source: published.source,
      license: published.license,
    })),
  );
}
