/** Text up to a place -> what may be written there, from the tree around it and the words before it. */
import type { Block } from "../../grammar/ast.ts";
import { lex, tokenSpan } from "../../grammar/lex.ts";
import type { Source } from "../../grammar/source.ts";
import * as t from "../../grammar/tokens.ts";
import { byteUnits } from "../1-check/byte-units.ts";
import type { FileScope } from "../1-check/file-scope.ts";
import { blockKindOf, type ChosenKind } from "./block-settings.ts";
import { bodyOf, type Holder, holdersAt } from "./nodes.ts";

type Token = ReturnType<typeof lex>["tokens"][number];

/** A name with members behind it: `s1.pretrain` of `s1.pretrain.▮`. */
export interface Path {
  readonly names: readonly string[];
  /** True when brackets stand behind the last name: `bridge(caption).▮`. */
  readonly isCalled: boolean;
}

/** One of the slots of the language. */
export type Slot =
  | { readonly kind: "nothing" }
  /** Start of a statement at the top of a file. */
  | { readonly kind: "statement" }
  /** Behind `frozen` or `trainable`: a kind with weights. */
  | { readonly kind: "module-kind" }
  /** Start of a statement in a block. */
  | { readonly kind: "setting"; readonly of: ChosenKind; readonly present: readonly string[] }
  /** Start of a statement in `extend`, behind the names of the path that stand already. */
  | {
      readonly kind: "override";
      readonly target: readonly string[];
      readonly path: readonly string[];
      readonly present: readonly string[];
    }
  | { readonly kind: "variant"; readonly blockKind: string }
  /** Behind `=` of a block; inside of quotes when `isQuoted`. */
  | {
      readonly kind: "source";
      readonly blockKind: string;
      readonly variant: string | undefined;
      readonly isQuoted: boolean;
    }
  | {
      readonly kind: "value";
      readonly of: ChosenKind | undefined;
      readonly setting: string;
      /** The function whose arguments these are, if any. */
      readonly inside: string | undefined;
      readonly isQuoted: boolean;
      /** True at the first argument or item: nothing stands before it. */
      readonly isFirst: boolean;
      /** Name of the argument whose value this is: `dtype` of `features(dtype: ▮)`. */
      readonly argument: string | undefined;
    }
  | {
      readonly kind: "member";
      readonly of: Path;
      readonly isAsserted: boolean;
      /** Kind of the block behind whose `=` it stands, outside of brackets. */
      readonly source: string | undefined;
    }
  | { readonly kind: "unit"; readonly of: ChosenKind | undefined; readonly setting: string }
  | { readonly kind: "type" }
  | { readonly kind: "role" }
  | { readonly kind: "import-path" }
  | { readonly kind: "imported-name"; readonly present: readonly string[] }
  | { readonly kind: "imported-file" }
  | { readonly kind: "word"; readonly words: readonly string[] }
  /** Behind `assert`, in the brackets of that function, if any. */
  | { readonly kind: "asserted"; readonly inside: string | undefined }
  /** Any value: behind `let x =`, in `where`. */
  | { readonly kind: "expression" };

/** A slot with the stretch that what is chosen replaces. */
export interface PlacedSlot {
  readonly slot: Slot;
  readonly start: number;
  readonly end: number;
  /** Statements around the place, outermost first. */
  readonly holders: readonly Holder[];
}

/** The slot at an offset of a file. */
export function slotAt(scope: FileScope, offset: number): PlacedSlot {
  const { source } = scope;
  const holders = holdersAt(scope.document.statements, offset);
  const { tokens, trivia } = lex(source);
  const at = (slot: Slot, start = offset, end = offset): PlacedSlot => ({
    slot,
    start,
    end,
    holders,
  });
  const inComment = trivia.some((token) => {
    const { start, end } = tokenSpan(source, token);
    const isLine = token.tokenType !== t.BlockComment;
    const isComment = token.tokenType !== t.Whitespace;
    return isComment && start < offset && (offset < end || (isLine && offset === end));
  });
  if (inComment) return at({ kind: "nothing" });
  const under = tokens.find((token) => {
    const { start, end } = tokenSpan(source, token);
    return start < offset && offset <= end;
  });
  const isWord = under !== undefined && /^[A-Za-z_]/.test(under.image);
  const isOpenString = under !== undefined && isStringAround(source, under, offset);
  const span = under === undefined ? undefined : tokenSpan(source, under);
  const end = isWord || isOpenString ? span!.start : offset;
  const line = lineBefore(source, tokens, holders, end);
  if (isOpenString) {
    const closed = under.tokenType === t.UnterminatedString ? span!.end : span!.end - 1;
    return at(quotedSlot(line, holders), span!.start + 1, closed);
  }
  const slot = slotOf(line, holders);
  return isWord ? at(slot, span!.start, span!.end) : at(slot);
}

function isStringAround(source: Source, token: Token, offset: number): boolean {
  const { end } = tokenSpan(source, token);
  if (token.tokenType === t.UnterminatedString) return true;
  return token.tokenType === t.StringToken && offset < end && source.text[end - 1] === '"';
}

/** The tokens of the statement that is being written, up to `end`. */
function lineBefore(
  source: Source,
  tokens: readonly Token[],
  holders: readonly Holder[],
  end: number,
): readonly Token[] {
  const holder = holders.at(-1);
  const from = (holder && bodyOf(holder)?.span.start) ?? -1;
  let line: Token[] = [];
  let depth = 0;
  for (const token of tokens) {
    const span = tokenSpan(source, token);
    if (span.end > end) break;
    if (span.start <= from) continue;
    const { tokenType } = token;
    const isImport = line[0]?.tokenType === t.Import;
    if (tokenType === t.Newline) {
      const last = line.at(-1);
      const goesOn =
        depth > 0 ||
        (last !== undefined && (is(last, t.BinaryOperator) || last.tokenType === t.Equals));
      if (!goesOn) line = [];
      continue;
    }
    const opens = tokenType === t.LeftParenthesis || tokenType === t.LeftBracket;
    const closes = tokenType === t.RightParenthesis || tokenType === t.RightBracket;
    if (opens) depth += 1;
    if (closes) depth = Math.max(0, depth - 1);
    const isBrace = tokenType === t.LeftBrace || tokenType === t.RightBrace;
    const isEnd = isBrace || (tokenType === t.Comma && depth === 0);
    if (isEnd && !isImport) {
      line = [];
      depth = 0;
    } else line.push(token);
  }
  return startOfStatement(line);
}

/** The tokens from the last place where only a statement can start: brackets may have been left open. */
function startOfStatement(line: readonly Token[]): readonly Token[] {
  for (let index = line.length - 1; index > 0; index--) {
    const token = line[index]!;
    const startsLine = token.startLine !== line[index - 1]?.endLine;
    const isSetting = is(token, t.Identifier) && line[index + 1]?.tokenType === t.Equals;
    const isKeyword = [t.Param, t.Let, t.Import, t.Extend, t.Assert].includes(token.tokenType);
    if (startsLine && (isSetting || isKeyword)) return line.slice(index);
  }
  return line;
}

function is(token: Token | undefined, type: typeof t.Identifier): boolean {
  return token?.tokenType === type || token?.tokenType.CATEGORIES?.includes(type) === true;
}

function quotedSlot(line: readonly Token[], holders: readonly Holder[]): Slot {
  if (line[0]?.tokenType === t.Import) return { kind: "import-path" };
  const slot = slotOf(line, holders);
  if (slot.kind === "source" || slot.kind === "value") return { ...slot, isQuoted: true };
  return { kind: "nothing" };
}

function slotOf(line: readonly Token[], holders: readonly Holder[]): Slot {
  const first = line[0];
  const last = line.at(-1);
  if (first === undefined || last === undefined) return startSlot(holders);
  if (last.tokenType === t.Dot) return memberSlot(line, holders);
  switch (first.tokenType) {
    case t.Import:
      return importSlot(line);
    case t.Extend:
      return line.length === 1 ? { kind: "imported-file" } : { kind: "nothing" };
    case t.Param:
      return paramSlot(line);
    case t.Blip:
      return { kind: "nothing" };
    case t.Let:
      return isAfterValue(last) || line.length < 3 ? { kind: "nothing" } : { kind: "expression" };
    case t.Assert:
      if (is(last, t.NumberToken) && line.some(({ image }) => image === "memory"))
        return { kind: "word", words: Object.keys(byteUnits) };
      return isAfterValue(last)
        ? { kind: "nothing" }
        : { kind: "asserted", inside: insideOf(line.slice(1)).inside };
    case t.Frozen:
    case t.Trainable:
      if (line.length === 1) return { kind: "module-kind" };
  }
  const equals = line.findIndex(({ tokenType }) => tokenType === t.Equals);
  const isState = first.tokenType === t.Frozen || first.tokenType === t.Trainable;
  const words = isState ? line.slice(1) : line;
  if (equals < 0) {
    if (last.tokenType !== t.Colon) return { kind: "nothing" };
    return { kind: "variant", blockKind: words[0]?.image ?? "" };
  }
  const head = line.slice(isState ? 1 : 0, equals);
  const isHeader = headerKind(head) !== undefined;
  const value = line.slice(equals + 1);
  const place = insideOf(value);
  if (isHeader) {
    const colon = head.findIndex(({ tokenType }) => tokenType === t.Colon);
    const variant = colon < 0 ? undefined : head[colon + 1]?.image;
    if (value.length > 0 && isAfterValue(last)) return { kind: "nothing" };
    if (place.inside === undefined)
      return { kind: "source", blockKind: head[0]!.image, variant, isQuoted: false };
    return { kind: "value", of: undefined, setting: head[0]!.image, ...place, isQuoted: false };
  }
  const setting = head.at(-1)?.image ?? "";
  const of = ownerOf(holders);
  if (is(last, t.NumberToken)) return { kind: "unit", of, setting };
  if (isAfterValue(last)) return { kind: "nothing" };
  return { kind: "value", of, setting, ...place, isQuoted: false };
}

/** True when a whole value stands before the place: only an operator could follow. */
function isAfterValue(last: Token): boolean {
  const ends = [t.Identifier, t.NumberToken, t.StringToken, t.RightParenthesis, t.RightBracket];
  return ends.some((type) => is(last, type)) || ["true", "false", "null"].includes(last.image);
}

/** The innermost function or list that is open at the end of a value. */
function insideOf(value: readonly Token[]): {
  readonly inside: string | undefined;
  readonly isFirst: boolean;
  readonly argument: string | undefined;
} {
  const open: { readonly name: string; readonly at: number }[] = [];
  for (const [index, token] of value.entries()) {
    const { tokenType } = token;
    const before = value[index - 1];
    if (tokenType === t.LeftParenthesis)
      open.push({ name: is(before, t.Identifier) ? before!.image : "", at: index });
    else if (tokenType === t.LeftBracket)
      open.push({ name: is(before, t.Identifier) ? before!.image : "[", at: index });
    else if (tokenType === t.RightParenthesis || tokenType === t.RightBracket) open.pop();
  }
  const last = open.at(-1);
  const isNamed = value.at(-1)?.tokenType === t.Colon;
  return {
    argument: isNamed ? value.at(-2)?.image : undefined,
    inside: last?.name === "" ? undefined : last?.name,
    isFirst: last === undefined ? value.length === 0 : last.at === value.length - 1,
  };
}

function startSlot(holders: readonly Holder[]): Slot {
  const holder = holders.at(-1);
  if (holder === undefined) return { kind: "statement" };
  const present = (bodyOf(holder)?.statements ?? []).flatMap((statement) => {
    if (statement.kind === "setting") {
      return statement.path.segments
        .map((each) => (each.kind === "identifier" ? each.text : ""))
        .join(".");
    }
    if (statement.kind !== "block" || statement.blockKind.kind === "missing") return [];
    return statement.blockKind.text;
  });
  if (holder.kind === "extend") {
    return { kind: "override", target: targetOf(holder), path: [], present };
  }
  const of = ownerOf(holders);
  if (of === undefined) return { kind: "nothing" };
  if (of.kind.kind === "test") return { kind: "word", words: ["assert"] };
  return { kind: "setting", of, present };
}

function targetOf(holder: Extract<Holder, { kind: "extend" }>): readonly string[] {
  const segments = holder.target.kind === "path" ? holder.target.segments : [];
  return segments.flatMap((each) => (each.kind === "identifier" ? [each.text] : []));
}

function ownerOf(holders: readonly Holder[]): ChosenKind | undefined {
  const holder = holders.at(-1);
  return holder?.kind === "block" ? blockKindOf(holder as Block) : undefined;
}

function memberSlot(line: readonly Token[], holders: readonly Holder[]): Slot {
  const names: string[] = [];
  let isCalled = false;
  let at = line.length - 2;
  for (; at >= 0; at--) {
    const token = line[at]!;
    if (token.tokenType === t.RightParenthesis || token.tokenType === t.RightBracket) {
      isCalled ||= names.length === 0;
      let depth = 0;
      for (; at >= 0; at--) {
        const { tokenType } = line[at]!;
        if (tokenType === t.RightParenthesis || tokenType === t.RightBracket) depth += 1;
        if (tokenType === t.LeftParenthesis || tokenType === t.LeftBracket) depth -= 1;
        if (depth === 0) break;
      }
    } else if (is(token, t.Identifier)) {
      names.unshift(token.image);
      if (line[at - 1]?.tokenType !== t.Dot) break;
      at -= 1;
    } else return { kind: "nothing" };
  }
  const holder = holders.at(-1);
  if (at <= 0 && holder?.kind === "extend")
    return { kind: "override", target: targetOf(holder), path: names, present: [] };
  return names.length === 0
    ? { kind: "nothing" }
    : {
        kind: "member",
        of: { names, isCalled },
        isAsserted: line[0]?.tokenType === t.Assert,
        source:
          line[at - 1]?.tokenType === t.Equals ? headerKind(line.slice(0, at - 1)) : undefined,
      };
}

/** The kind of `frozen encoder vision` and the like; undefined of the left side of a setting. */
function headerKind(head: readonly Token[]): string | undefined {
  const isState = head[0]?.tokenType === t.Frozen || head[0]?.tokenType === t.Trainable;
  const [kind, name] = isState ? head.slice(1) : head;
  const isHeader = is(kind, t.Identifier) && name !== undefined && name.tokenType !== t.Dot;
  return isHeader ? kind?.image : undefined;
}

function importSlot(line: readonly Token[]): Slot {
  const last = line.at(-1)!;
  const open = line.findLastIndex(({ tokenType }) => tokenType === t.LeftBrace);
  const close = line.findLastIndex(({ tokenType }) => tokenType === t.RightBrace);
  if (open > close) {
    const present = line
      .slice(open + 1)
      .flatMap((token) => (is(token, t.Identifier) ? [token.image] : []));
    const canFollow = last.tokenType === t.LeftBrace || /^,$/.test(last.image);
    return canFollow ? { kind: "imported-name", present } : { kind: "nothing" };
  }
  if (close >= 0 && close === line.length - 1) return { kind: "word", words: ["from"] };
  if (is(last, t.StringToken) && close < 0) return { kind: "word", words: ["as"] };
  return { kind: "nothing" };
}

function paramSlot(line: readonly Token[]): Slot {
  const last = line.at(-1)!;
  const equals = line.findIndex(({ tokenType }) => tokenType === t.Equals);
  const where = line.findIndex(({ tokenType }) => tokenType === t.Where);
  if (last.tokenType === t.Colon && equals < 0) return { kind: "type" };
  if (last.tokenType === t.Less && equals < 0) return { kind: "role" };
  if (where >= 0) return isAfterValue(last) ? { kind: "nothing" } : { kind: "expression" };
  if (equals < 0) return { kind: "nothing" };
  if (isAfterValue(last)) return { kind: "word", words: ["where"] };
  const role = line.findIndex(({ tokenType }) => tokenType === t.Less);
  return role > 0 && role < equals
    ? {
        kind: "source",
        blockKind: line[role + 1]?.image ?? "",
        variant: undefined,
        isQuoted: false,
      }
    : { kind: "expression" };
}
