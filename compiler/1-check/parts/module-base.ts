/** What every module has: state, weights, where it comes from, and a config with fields set in the pipeline. */
import { help } from "../../../grammar/message.ts";
import { missingSetting } from "../../../grammar/messages/names.ts";
import { headsDivide } from "../../../grammar/messages/types.ts";
import { textOf } from "../../../grammar/source.ts";
import type { Backbone, Role } from "../../backbones/index.ts";
import { findBackbone, type RoleName, registeredName } from "../backbone-roles.ts";
import { configSettings } from "../backbone-settings.ts";
import { titleSpan } from "../block-view.ts";
import type { BlockDeclaration } from "../file-scope.ts";
import type { CheckedModule, ModuleState, Placed, WeightSource } from "../model.ts";
import type { SettingReader } from "../setting-reader.ts";
import { moduleKinds, type Parts } from "./parts.ts";

type Base = Pick<CheckedModule, "name" | "header" | "state" | "weights" | "origin" | "prefix">;

/** Name, state, weights and prefix of a module. */
export function moduleBase(block: BlockDeclaration, reader: SettingReader, parts: Parts): Base {
  const { context } = parts;
  const source = block.statement.source;
  const bases = context.chain(block);
  return {
    name: block.name,
    header: titleSpan(block.statement),
    state: context.state(block),
    weights: weightsOf(block, reader, parts),
    origin:
      bases.length > 1 && source !== undefined ? textOf(source.span) : originText(block, parts),
    prefix: isFirst(block, parts) ? "" : `${block.name}.`,
  };
}

function originText(block: BlockDeclaration, parts: Parts): string {
  const source = parts.context.source(block);
  return source?.kind === "string" ? source.value : "new";
}

function weightsOf(
  block: BlockDeclaration,
  reader: SettingReader,
  parts: Parts,
): Placed<WeightSource> {
  const entry = reader.view.entries.get("weights");
  const written = "weights" in reader.view.description.settings ? reader.weights() : undefined;
  if (written?.value.kind === "file") {
    const base = entry?.scope.source.name ?? block.scope.source.name;
    return { ...written, value: { kind: "file", path: written.value.path, base } };
  }
  if (written?.value.kind === "random") return { ...written, value: { kind: "random" } };
  const root = parts.context.chain(block).at(-1) ?? block;
  const source = parts.context.source(root);
  return reader.default<WeightSource>(
    source?.kind === "string" ? { kind: "published", name: source.value } : { kind: "random" },
  );
}

/** The first module of its kind keeps the published names; a text tower yields to a Q-Former. */
function isFirst(block: BlockDeclaration, parts: Parts): boolean {
  const group = groupOf(block);
  const rivals = parts.context.active.filter(
    (each) => moduleKinds.has(each.kind) && groupOf(each) === group,
  );
  const first = rivals.find((each) => each.kind === "qformer") ?? rivals[0];
  return first === block || block.kind === "queries";
}

function groupOf(block: BlockDeclaration): string {
  const { variant } = block.statement;
  const isText = variant?.kind === "identifier" && variant.text === "text";
  return block.kind === "encoder" && isText ? "qformer" : block.kind;
}

/** The backbone behind `=`, through every module that this one takes over. */
export function readBackbone(
  block: BlockDeclaration,
  role: RoleName,
  parts: Parts,
): { readonly name: Placed<string>; readonly config: Backbone["config"] } | undefined {
  const { context } = parts;
  const root = context.chain(block).at(-1) ?? block;
  const source = context.source(root);
  const header = titleSpan(block.statement);
  if (source === undefined) {
    context.sink.report(
      missingSetting,
      { owner: `${block.kind} \`${block.name}\``, name: '= "…"' },
      { primary: { span: header, text: "which backbone?" } },
    );
    return undefined;
  }
  if (source.kind !== "string") {
    const reader = context.reader(block);
    reader?.wrongType(block.name, "the name of a backbone, or a part of an import", source);
    return undefined;
  }
  const found = findBackbone(
    role,
    source.value,
    source.origin,
    { span: block.statement.blockKind.span, text: "" },
    context.sink,
  );
  if (found === undefined) return undefined;
  const value = registeredName(role, source.value);
  return { name: { value, span: source.origin, isDefault: false }, config: found.config };
}

/** The config with the fields that the block sets. */
export function overriddenConfig<C extends object>(
  reader: SettingReader,
  role: Role,
  config: C,
): C {
  const changed = { ...config } as Record<string, unknown>;
  for (const [name, { field, type }] of configSettings(role)) {
    if (!reader.has(name) || !(field in config)) continue;
    const now = changed[field];
    if (type.kind === "number") changed[field] = reader.number(name, now as number).value;
    else if (type.kind === "boolean") changed[field] = reader.boolean(name, now as boolean).value;
    else changed[field] = reader.word(name, now as string).value;
  }
  return changed as C;
}

/** Reports heads that do not divide the width, with heads that do. */
export function headsFit(
  reader: SettingReader,
  name: string,
  width: number,
  heads: number,
  usual: number,
  backbone: string,
  parts: Parts,
): boolean {
  if (width % heads === 0) return true;
  const span = reader.view.entries.get(name)?.expression.span ?? reader.view.header;
  const fitting = Array.from({ length: Math.min(width, 4 * heads) }, (_, i) => i + 1).filter(
    (count) => width % count === 0,
  );
  const fewer = fitting.filter((count) => count < heads).slice(-1);
  const near = [...fewer, ...fitting.filter((count) => count > heads).slice(0, 2)];
  const texts = near.map(
    (count) =>
      `${count} (${width / count} each${count === usual ? `, the value of ${backbone}` : ""})`,
  );
  parts.context.sink.report(
    headsDivide,
    { width, heads },
    {
      primary: { span, text: `${width} / ${heads} = ${Number((width / heads).toFixed(3))}` },
      notes: [help(`use ${texts.slice(0, -1).join(", ")} or ${texts.at(-1)}`)],
    },
  );
  return false;
}

/** Number format of stored weights; what is trained is stored in f32. */
export function readDtype(reader: SettingReader, state: ModuleState): Placed<"f16" | "f32"> {
  const dtype = reader.word<"f16" | "f32">("dtype", "f32");
  if (dtype.value === "f16" && state === "trainable")
    reader.notYet("training of weights stored in f16", dtype.span);
  return dtype;
}
