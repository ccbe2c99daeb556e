/** Values -> the parts of the pipeline they name: modules, texts, calls of a Q-Former. */
import type { Span } from "../../../grammar/source.ts";
import { reportUnknownName, undeclaredRoot } from "../evaluate.ts";
import { type BlockDeclaration, qualifiedName } from "../file-scope.ts";
import type { BridgeCall, Placed } from "../model.ts";
import type { SettingReader } from "../setting-reader.ts";
import type { Value } from "../value.ts";
import { moduleKinds, type Parts } from "./parts.ts";

/** The block of this pipeline that a value names; texts and data may stay in the file that declares them. */
export function referredBlock(
  value: Value,
  parts: Parts,
  reader: string,
): BlockDeclaration | "reported" | undefined {
  if (value.kind === "missing") return "reported";
  if (value.kind !== "block") return undefined;
  const { block } = value;
  const found = moduleKinds.has(block.kind)
    ? parts.context.localPart(block, reader, value.span)
    : (parts.context.local(block) ?? block);
  if (found === undefined) return "reported";
  parts.referenced.add(found);
  return found;
}

/** The data set that the setting `data` of a block names. */
export function readData(
  reader: SettingReader,
  parts: Parts,
  block: BlockDeclaration,
): Placed<string> | undefined {
  const value = reader.value("data");
  if (value === undefined) return undefined;
  const found = referredBlock(value, parts, block.name);
  if (found === "reported") return undefined;
  if (found?.kind === "data") {
    return { value: partName(found, parts), span: value.span, isDefault: false };
  }
  reader.wrongType("data", "a data set", value);
  return undefined;
}

/** Name of a part in the checked model. */
export function partName(block: BlockDeclaration, parts: Parts): string {
  return parts.context.active.includes(block) ? block.name : qualifiedName(block);
}

/** `bridge(q, caption).cls` taken apart. */
export interface ReadCall {
  readonly call: BridgeCall;
  readonly bridge: BlockDeclaration;
  readonly queries: BlockDeclaration | undefined;
  readonly text: BlockDeclaration | undefined;
  readonly textSpan: Span | undefined;
  /** True when `.cls` stands behind it. */
  readonly firstRow: boolean;
  readonly span: Span;
}

/** A call of a Q-Former; `reported` when a name in it was, undefined when it is none. */
export function readCall(
  value: Value,
  parts: Parts,
  reader: string,
): ReadCall | "reported" | undefined {
  if (value.kind === "missing") return "reported";
  const firstRow = value.kind === "member" && value.name.text === "cls";
  const called = firstRow ? value.of : value;
  if (called.kind !== "call" || called.callee.kind !== "block") return undefined;
  if (called.callee.block.kind !== "qformer") return undefined;
  const bridge = referredBlock(called.callee, parts, reader);
  if (bridge === "reported" || bridge === undefined) return "reported";
  let queries: BlockDeclaration | undefined;
  let text: BlockDeclaration | undefined;
  let textSpan: Span | undefined;
  for (const { value: given } of called.arguments) {
    const unknown = undeclaredRoot(given);
    if (unknown !== undefined) {
      reportUnknownName(unknown, parts.context.sink);
      return "reported";
    }
    const block = referredBlock(given, parts, reader);
    if (block === "reported") return "reported";
    if (block?.kind === "queries" && queries === undefined) queries = block;
    else if (block?.kind === "text" && text === undefined) {
      text = block;
      textSpan = given.span;
    } else return undefined;
  }
  const call: BridgeCall = {
    module: bridge.name,
    queries: queries?.name,
    text: text && partName(text, parts),
  };
  return { call, bridge, queries, text, textSpan, firstRow, span: value.span };
}
