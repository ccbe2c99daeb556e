/** An `encoder` block -> its module: backbone, picture size, config. */
import { help } from "../../../grammar/message.ts";
import { cacheOfTrainable } from "../../../grammar/messages/freezing.ts";
import { notYet } from "../../../grammar/messages/names.ts";
import { imagePatches } from "../../../grammar/messages/types.ts";
import { textOf } from "../../../grammar/source.ts";
import type { BertConfig } from "../../backbones/bert.ts";
import type { VitConfig } from "../../backbones/vit.ts";
import type { BlockDeclaration } from "../file-scope.ts";
import type { BackboneConfig, EncoderModule, Placed, TextEncoderModule } from "../model.ts";
import { isCommandLine } from "../params.ts";
import type { SettingReader } from "../setting-reader.ts";
import type { Value } from "../value.ts";
import { headsFit, moduleBase, overriddenConfig, readBackbone, readDtype } from "./module-base.ts";
import { namedParts } from "./module-parts.ts";
import type { Parts } from "./parts.ts";
import { partName, referredBlock } from "./references.ts";

/** Undefined when something in the block was reported that leaves it without a meaning. */
export function encoderModule(
  block: BlockDeclaration,
  parts: Parts,
): EncoderModule | TextEncoderModule | undefined {
  const reader = parts.context.reader(block);
  if (reader === undefined) return undefined;
  reader.requireAll();
  return reader.view.variant?.text === "text"
    ? textEncoder(block, reader, parts)
    : imageEncoder(block, reader, parts);
}

function imageEncoder(
  block: BlockDeclaration,
  reader: SettingReader,
  parts: Parts,
): EncoderModule | undefined {
  const base = moduleBase(block, reader, parts);
  const found = readBackbone(block, "encoder", parts);
  if (found === undefined) return undefined;
  const preset = found.config as VitConfig;
  const imageSize = readImageSize(reader, preset, parts);
  const config = overriddenConfig<VitConfig>(reader, "vision", {
    ...preset,
    imageSize: imageSize.value,
  });
  const fits = patchesFit(imageSize, config, preset.imageSize, found.name.value, parts);
  if (!headsFit(reader, "heads", config.width, config.heads, preset.heads, found.name.value, parts))
    return undefined;
  if (!fits) return undefined;
  return {
    kind: "encoder",
    ...base,
    ...namedParts(block, reader, base.state, config.layers, parts),
    backbone: found.name,
    config: config as unknown as BackboneConfig,
    imageSize,
    patchSize: config.patchSize,
    tokens: (config.imageSize / config.patchSize) ** 2 + 1,
    width: config.width,
    pool: reader.word<"cls" | "mean">("pool", "cls"),
    dtype: readDtype(reader, base.state.value),
    cache: readCache(reader, base, parts),
  };
}

/** Features are kept of what does not change: an encoder that trains has none. */
function readCache(
  reader: SettingReader,
  { name, state }: Pick<EncoderModule, "name" | "state">,
  parts: Parts,
): EncoderModule["cache"] {
  const cache = reader.cache("cache");
  if (cache.value === undefined || state.value === "frozen") return cache;
  parts.context.sink.report(
    cacheOfTrainable,
    { name },
    {
      primary: { span: cache.span, text: "kept features would be those of older weights" },
      labels: [{ span: state.span, text: "its weights change with every step" }],
      notes: [help("write `frozen` in front of it, or leave `cache` out")],
    },
  );
  return reader.default(undefined);
}

function readImageSize(reader: SettingReader, preset: VitConfig, parts: Parts): Placed<number> {
  const value = reader.value("input");
  if (value === undefined) return reader.default(preset.imageSize);
  const wanted = "a picture such as `image[224, 224, 3]`";
  if (
    value.kind !== "index" ||
    value.of.kind !== "word" ||
    value.of.text !== "image" ||
    value.ranged
  ) {
    reader.wrongType("input", wanted, value, ["image"], meantPicture(value));
    return reader.default(preset.imageSize);
  }
  const [height, width, channels] = value.items;
  for (const item of value.items) {
    if (item.kind !== "number") reader.wrongType("input", wanted, item);
  }
  if (value.items.some((item) => item.kind !== "number") || reader.isBroken)
    return reader.default(preset.imageSize);
  if (
    value.items.length !== 3 ||
    height?.kind !== "number" ||
    width?.kind !== "number" ||
    channels?.kind !== "number"
  ) {
    reader.wrongType("input", wanted, value);
    return reader.default(preset.imageSize);
  }
  if (height.value !== width.value || channels.value !== preset.channels) {
    parts.context.sink.report(
      notYet,
      { what: `a picture that is not square with ${preset.channels} channels` },
      { primary: { span: value.span, text: "" } },
    );
    return reader.default(preset.imageSize);
  }
  if (!Number.isInteger(height.value) || height.value < 1) {
    reader.outOfRange("input", "a whole number of pixels", height.value, height.origin);
    return reader.default(preset.imageSize);
  }
  return reader.placed(height.value, height);
}

/** `image[48, 48, 3]` for a call or a bare list of these numbers. */
function meantPicture(value: Value): string | undefined {
  const numbers =
    value.kind === "list"
      ? value.items
      : value.kind === "call"
        ? value.arguments.map(({ value: argument }) => argument)
        : [];
  if (numbers.length !== 3) return undefined;
  return `image[${numbers.map(({ span }) => textOf(span)).join(", ")}]`;
}

function patchesFit(
  size: Placed<number>,
  config: VitConfig,
  usual: number,
  backbone: string,
  parts: Parts,
): boolean {
  const patch = config.patchSize;
  const rest = size.value % patch;
  if (rest === 0) return true;
  const below = size.value - rest;
  const above = below + patch;
  const tokens = (side: number) => (side / patch) ** 2 + 1;
  const sizes = below === 0 ? [above] : [below, above];
  const costOf = (side: number) =>
    towerCost(config, tokens(side)) / towerCost(config, tokens(usual));
  const textOfSize = (side: number) => {
    const cost = side === usual ? "" : `, ${costOf(side).toFixed(2)}x the compute of the tower`;
    return `${side} (${tokens(side)} tokens${cost})`;
  };
  const rule = parts.context.params.takeBrokenRule(size.span);
  parts.context.sink.report(
    imagePatches,
    { size: size.value, patch, backbone },
    {
      primary: { span: size.span, text: isCommandLine(size.span) ? "from the command line" : "" },
      labels:
        rule === undefined
          ? []
          : [{ span: rule, text: `this rule fails: ${size.value} % ${patch} = ${rest}` }],
      notes: [help(`nearest sizes: ${sizes.map(textOfSize).join(" and ")}`)],
    },
  );
  return false;
}

/** Multiply-adds of one layer over `tokens`: four projections, two of the MLP, two products of attention. */
function towerCost({ width, mlpWidth }: VitConfig, tokens: number): number {
  return tokens * (4 * width * width + 2 * width * mlpWidth) + 2 * tokens * tokens * width;
}

function textEncoder(
  block: BlockDeclaration,
  reader: SettingReader,
  parts: Parts,
): TextEncoderModule | undefined {
  const base = moduleBase(block, reader, parts);
  const found = readBackbone(block, "text", parts);
  const input = reader.value("input");
  if (!reader.has("input")) reader.missing("input");
  if (found === undefined || input === undefined) return undefined;
  const text = referredBlock(input, parts, block.name);
  if (text === "reported") return undefined;
  if (text?.kind !== "text") {
    reader.wrongType("input", "a text, because it is a text encoder", input);
    return undefined;
  }
  const preset = found.config as BertConfig;
  const init = reader.init("init", { kind: "normal", std: preset.std });
  if (reader.has("cache")) reader.notYet("`cache` of a text encoder", reader.spanOf("cache"));
  const std = readStd(init.value);
  if (std === undefined) reader.notYet("an `init` other than `normal`", init.span);
  const config = overriddenConfig<BertConfig>(reader, "text", {
    ...preset,
    std: std ?? preset.std,
  });
  return {
    kind: "text-encoder",
    ...base,
    ...namedParts(block, reader, base.state, config.layers, parts),
    backbone: found.name,
    config: config as unknown as BackboneConfig,
    width: config.width,
    text: { value: partName(text, parts), span: input.span, isDefault: false },
    pool: reader.word<"cls" | "mean">("pool", "cls"),
    init,
  };
}

/** Standard deviation of `normal(std: …)`. */
export function readStd(init: {
  readonly kind: string;
  readonly std?: number;
}): number | undefined {
  return init.kind === "normal" ? init.std : undefined;
}
