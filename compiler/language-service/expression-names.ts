/** An expression objective -> what each of its words is: a setting of its own, a function, an axis, or a name of the file. */
import type { Block, Expression, Identifier, Setting, Statement } from "../../grammar/ast.ts";
import type { Span } from "../../grammar/source.ts";
import { functions } from "../1-check/expression/functions.ts";
import { type FileScope, lookUp } from "../1-check/file-scope.ts";
import { bodyOf, partsOf } from "./nodes.ts";

/** A word of an expression. */
export type ExpressionWord =
  | { readonly role: "setting"; readonly span: Span; readonly setting: Setting }
  | { readonly role: "function"; readonly span: Span; readonly name: string }
  | { readonly role: "axis"; readonly span: Span; readonly name: string }
  /** What the file declares, or nothing does: a whole value such as `s1.bridge`. */
  | { readonly role: "outer"; readonly span: Span; readonly value: Expression };

/** A setting of an expression objective, by its only name. */
export interface OwnSetting {
  readonly name: Identifier;
  readonly setting: Setting;
}

/** True for `objective x: expression { … }`. */
export function isExpressionBlock(statement: Statement | undefined): statement is Block {
  if (statement?.kind !== "block") return false;
  const { blockKind, variant } = statement;
  const isObjective = blockKind.kind === "identifier" && blockKind.text === "objective";
  return isObjective && variant?.kind === "identifier" && variant.text === "expression";
}

/** The settings by name; of two with one name the first. */
export function ownSettings(block: Block): ReadonlyMap<string, OwnSetting> {
  const found = new Map<string, OwnSetting>();
  for (const setting of bodyOf(block)?.statements ?? []) {
    if (setting.kind !== "setting") continue;
    const [name, ...rest] = setting.path.segments;
    if (name?.kind !== "identifier" || rest.length > 0 || found.has(name.text)) continue;
    found.set(name.text, { name, setting });
  }
  return found;
}

/** Every word of the values of a block. */
export function expressionWords(block: Block, scope: FileScope): readonly ExpressionWord[] {
  const own = ownSettings(block);
  const found: ExpressionWord[] = [];
  const axis = (value: Expression) => {
    for (const each of value.kind === "list" ? value.items : [value]) {
      if (each.kind === "name") found.push({ role: "axis", span: each.span, name: each.text });
    }
  };
  const read = (value: Expression): void => {
    const { span } = value;
    if (value.kind === "name") {
      const setting = own.get(value.text)?.setting;
      found.push(setting ? { role: "setting", span, setting } : { role: "outer", span, value });
      return;
    }
    if (value.kind === "member") {
      found.push({ role: "outer", span, value });
      return;
    }
    if (value.kind !== "call") {
      for (const part of partsOf(value)) read(part);
      return;
    }
    const { callee } = value;
    const description =
      callee.kind === "name" && lookUp(scope, callee.text) === undefined
        ? functions.get(callee.text)
        : undefined;
    if (callee.kind !== "name" || description === undefined) {
      found.push({ role: "outer", span, value });
      return;
    }
    found.push({ role: "function", span: callee.span, name: callee.text });
    const hasRenames = description.arguments.some(({ takes }) => takes === "renames");
    for (const [index, { name, value: given }] of value.arguments.entries()) {
      const takes =
        name === undefined
          ? description.arguments[index]?.takes
          : description.arguments.find((each) => each.name === name.text)?.takes;
      const isRename = hasRenames && name !== undefined && takes === undefined;
      if (isRename) found.push({ role: "axis", span: name.span, name: name.text });
      if (isRename || takes === "axis" || takes === "axes") axis(given);
      else read(given);
    }
  };
  for (const { setting } of own.values()) read(setting.value);
  return found;
}
