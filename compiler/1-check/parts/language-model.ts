/** An `lm` block -> its module. */
import type { OptConfig } from "../../backbones/opt.ts";
import type { BlockDeclaration } from "../file-scope.ts";
import type { BackboneConfig, LmModule } from "../model.ts";
import { readStd } from "./encoder.ts";
import { headsFit, moduleBase, overriddenConfig, readBackbone, readDtype } from "./module-base.ts";
import { namedParts } from "./module-parts.ts";
import type { Parts } from "./parts.ts";

/** Undefined when the backbone is unknown or does not fit. */
export function lmModule(block: BlockDeclaration, parts: Parts): LmModule | undefined {
  const reader = parts.context.reader(block);
  if (reader === undefined) return undefined;
  reader.requireAll();
  const base = moduleBase(block, reader, parts);
  const found = readBackbone(block, "lm", parts);
  if (found === undefined) return undefined;
  const preset = found.config as OptConfig;
  const dropout = reader.number("dropout", preset.dropout);
  const init = reader.init("init", { kind: "normal", std: preset.std });
  const std = readStd(init.value);
  if (std === undefined) reader.notYet("an `init` other than `normal`", init.span);
  const config = overriddenConfig<OptConfig>(reader, "decoder", {
    ...preset,
    dropout: dropout.value,
    std: std ?? preset.std,
  });
  const { width, heads } = config;
  if (!headsFit(reader, "heads", width, heads, preset.heads, found.name.value, parts))
    return undefined;
  return {
    kind: "lm",
    ...base,
    ...namedParts(block, reader, base.state, config.layers, parts),
    backbone: found.name,
    config: config as unknown as BackboneConfig,
    width: config.embeddingWidth,
    vocabulary: config.vocabulary,
    dtype: readDtype(reader, base.state.value),
    dropout,
  };
}
