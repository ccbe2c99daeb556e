/** `queries` and `qformer` blocks -> their modules; widths unify over the shared self-attention. */
import { help } from "../../../grammar/message.ts";
import { crossWidth, queriesWidth } from "../../../grammar/messages/types.ts";
import { type Span, textOf } from "../../../grammar/source.ts";
import { backbone } from "../../backbones/index.ts";
import type { QformerConfig } from "../../backbones/qformer.ts";
import type { BlockDeclaration } from "../file-scope.ts";
import type {
  BackboneConfig,
  EncoderModule,
  Placed,
  QFormerModule,
  QueriesModule,
} from "../model.ts";
import type { SettingReader } from "../setting-reader.ts";
import { readStd } from "./encoder.ts";
import { headsFit, moduleBase, overriddenConfig, readBackbone } from "./module-base.ts";
import { namedParts } from "./module-parts.ts";
import type { Parts } from "./parts.ts";
import { partName, referredBlock } from "./references.ts";

/** Width and initial values are those of the Q-Former that reads the queries, unless they are written. */
export function queriesModule(block: BlockDeclaration, parts: Parts): QueriesModule | undefined {
  const reader = parts.context.reader(block);
  if (reader === undefined) return undefined;
  reader.requireAll();
  const preset = readerPreset(block, parts);
  const init = reader.init("init", { kind: "normal", std: preset?.queryStd ?? 0.02 });
  if (readStd(init.value) === undefined) reader.notYet("an `init` other than `normal`", init.span);
  const base = moduleBase(block, reader, parts);
  const text = init.value.kind === "normal" ? `normal(std: ${init.value.std})` : init.value.kind;
  return {
    kind: "queries",
    ...base,
    ...namedParts(block, reader, base.state, 0, parts),
    origin: base.origin === "new" ? text : base.origin,
    count: reader.number("count", 1),
    width: reader.number("width", preset?.width ?? 1),
    init,
  };
}

/** Config of the first Q-Former of the pipeline, which fixes what queries leave out. */
function readerPreset(block: BlockDeclaration, parts: Parts): QformerConfig | undefined {
  const { context } = parts;
  const bridge = context.active.find((each) => each.kind === "qformer");
  const root = bridge && (context.chain(bridge).at(-1) ?? bridge);
  const source = root && context.source(root);
  if (source?.kind !== "string" || block.kind !== "queries") return undefined;
  const preset = backbone("bridge", source.value)?.config;
  const width = bridge && context.reader(bridge);
  if (preset === undefined || width === undefined) return preset;
  const init = width.has("init") ? width.init("init", { kind: "zeros" }).value : undefined;
  const config = overriddenConfig<QformerConfig>(width, "bridge", preset);
  return { ...config, std: (init && readStd(init)) ?? config.std };
}

/** Undefined when a part that it is wired to is. */
export function qformerModule(block: BlockDeclaration, parts: Parts): QFormerModule | undefined {
  const reader = parts.context.reader(block);
  if (reader === undefined) return undefined;
  reader.requireAll();
  const base = moduleBase(block, reader, parts);
  const found = readBackbone(block, "qformer", parts);
  const self = readSelf(block, reader, parts);
  const vision = readCross(reader, parts, block.name);
  if (found === undefined) return undefined;
  const preset = found.config as QformerConfig;
  const every = reader.number("every", preset.crossEvery);
  const heads = reader.number("heads", preset.heads);
  const dropout = reader.number("dropout", preset.dropout);
  const init = reader.init("init", { kind: "normal", std: preset.std });
  const std = readStd(init.value);
  if (std === undefined) reader.notYet("an `init` other than `normal`", init.span);
  const [firstQueries, ...moreQueries] = self?.queries ?? [];
  const [text, ...moreTexts] = self?.texts ?? [];
  const queries = firstQueries && parts.module(firstQueries.block);
  const count = queries?.kind === "queries" ? queries.count.value : 0;
  const config = overriddenConfig<QformerConfig>(reader, "bridge", {
    ...preset,
    queries: count,
    queryStd: (queries?.kind === "queries" && readStd(queries.init.value)) || preset.queryStd,
    crossEvery: every.value,
    heads: heads.value,
    dropout: dropout.value,
    attentionDropout: dropout.value,
    std: std ?? preset.std,
  });
  const name = found.name.value;
  const fits = headsFit(reader, "heads", config.width, heads.value, preset.heads, name, parts);
  if (self === undefined || vision === undefined || !fits) return undefined;
  for (const entry of self.queries) {
    const set = parts.module(entry.block);
    if (set?.kind === "queries" && !queriesFit(set, entry.span, config.width, block, parts))
      return undefined;
  }
  const named = namedParts(block, reader, base.state, config.layers, parts);
  const isCrossNew = named.except.some(({ kind }) => kind === "cross");
  if (!isCrossNew && !trainedWidthFits(block, vision.module, vision.span, parts)) return undefined;
  return {
    kind: "qformer",
    ...base,
    ...named,
    backbone: found.name,
    config: config as unknown as BackboneConfig,
    width: config.width,
    queries: firstQueries && placedName(firstQueries, parts),
    moreQueries: moreQueries.map((entry) => placedName(entry, parts)),
    text: text && placedName(text, parts),
    moreTexts: moreTexts.map((entry) => placedName(entry, parts)),
    cross: { value: vision.module.name, span: vision.span, isDefault: false },
    crossWidth: vision.module.width,
    every,
    heads,
    dropout,
    init,
  };
}

interface SelfEntry {
  readonly block: BlockDeclaration;
  readonly span: Span;
}

function placedName({ block, span }: SelfEntry, parts: Parts): Placed<string> {
  return { value: partName(block, parts), span, isDefault: false };
}

function readSelf(
  block: BlockDeclaration,
  reader: SettingReader,
  parts: Parts,
): { readonly queries: readonly SelfEntry[]; readonly texts: readonly SelfEntry[] } | undefined {
  const dropped = readDrop(reader, parts);
  const value = reader.value("self");
  if (value === undefined) return undefined;
  if (value.kind !== "list") {
    reader.wrongType("self", "a list such as `[q, caption]`", value);
    return undefined;
  }
  const found: SelfEntry[] = [];
  for (const item of value.items) {
    if (item.kind === "block" && dropped.includes(item.block)) continue;
    const named = referredBlock(item, parts, block.name);
    if (named === "reported") {
      reader.isBroken = true;
    } else if (named?.kind !== "queries" && named?.kind !== "text") {
      reader.wrongType("self", "queries and text", item);
    } else if (found.some((entry) => entry.block === named)) {
      reader.wrongType("self", "each of its parts once", item);
    } else {
      found.push({ block: named, span: item.span });
    }
  }
  const of = (kind: string) => found.filter((entry) => entry.block.kind === kind);
  return reader.isBroken ? undefined : { queries: of("queries"), texts: of("text") };
}

function readDrop(reader: SettingReader, parts: Parts): readonly BlockDeclaration[] {
  const value = reader.value("drop");
  if (value === undefined) return [];
  if (value.kind !== "list") {
    reader.wrongType("drop", "a list such as `[s1.caption]`", value);
    return [];
  }
  const dropped: BlockDeclaration[] = [];
  for (const item of value.items) {
    if (item.kind === "block") {
      dropped.push(...parts.context.chain(item.block));
    } else {
      reader.wrongType("drop", "parts of `self`", item);
    }
  }
  return dropped;
}

function readCross(
  reader: SettingReader,
  parts: Parts,
  name: string,
): { readonly module: EncoderModule; readonly span: Span } | undefined {
  const value = reader.value("cross");
  if (value === undefined) return undefined;
  const of = value.kind === "member" && value.name.text === "patches" ? value.of : undefined;
  if (of?.kind === "word") {
    reader.unknownName(of);
    return undefined;
  }
  const found = of && referredBlock(of, parts, name);
  if (found === "reported") return undefined;
  if (found?.kind !== "encoder") {
    const wanted = "the patches of an encoder, such as `vision.patches`";
    const encoder = value.kind === "member" ? value.of : value;
    const meant =
      encoder.kind === "block" && encoder.block.kind === "encoder"
        ? `${textOf(encoder.span)}.patches`
        : undefined;
    reader.wrongType("cross", wanted, value, undefined, meant);
    return undefined;
  }
  const module = parts.module(found);
  return module?.kind === "encoder" ? { module, span: value.span } : undefined;
}

function queriesFit(
  queries: QueriesModule,
  use: Span,
  wanted: number,
  block: BlockDeclaration,
  parts: Parts,
): boolean {
  const width = queries.width.value;
  if (width === wanted || queries.width.isDefault) return true;
  parts.context.sink.report(
    queriesWidth,
    { queries: queries.name, width, bridge: block.name, wanted },
    {
      primary: { span: use, text: `shared self-attention needs f32[_, ${wanted}]` },
      labels: [
        {
          span: queries.width.span,
          text: `${queries.name}: f32[${queries.count.value}, ${width}]`,
        },
      ],
      notes: [
        help(
          `delete \`width\` and let it be inferred (${wanted}), or choose a ${width}-wide init for ${block.name}`,
        ),
      ],
    },
  );
  return false;
}

/** Weights taken over from another file fix the width of the patches they were trained for. */
function trainedWidthFits(
  block: BlockDeclaration,
  vision: EncoderModule,
  use: Span,
  parts: Parts,
): boolean {
  const { context } = parts;
  const base = context.chain(block)[1];
  const trained = base && context.reader(base)?.value("cross");
  const tower =
    trained?.kind === "member" && trained.of.kind === "block" ? trained.of.block : undefined;
  const module = tower && parts.module(tower);
  if (module?.kind !== "encoder" || module.width === vision.width) return true;
  context.sink.report(
    crossWidth,
    { bridge: block.name, trained: module.width, vision: vision.name, width: vision.width },
    {
      primary: {
        span: vision.backbone.span,
        text: `patches: f32[B, ${vision.tokens}, ${vision.width}]`,
      },
      labels: [
        {
          span: block.statement.source?.span ?? use,
          text: `its weights accept f32[B, _, ${module.width}]`,
        },
      ],
      notes: [
        {
          kind: "why",
          text: "a checkpoint fixes the shape of its weights; swapping the tower changes what they must accept",
        },
        help(
          `keep the tower of \`${module.name}\` (${module.backbone.value}), or train stage 1 again with the new one`,
        ),
      ],
    },
  );
  return false;
}
