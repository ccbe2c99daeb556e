/** A path of a pipeline -> every place that sets it, weakest first: file, `extend`, `--params`, `--set`. */
import type { Block, Statement } from "../../grammar/ast.ts";
import { didYouMean } from "../../grammar/did-you-mean.ts";
import { parse } from "../../grammar/parse.ts";
import { placeText, type Source, type Span, textOf } from "../../grammar/source.ts";
import { type FileScope, isBlock, lookUp, namesOf } from "./file-scope.ts";
import { loadPipeline, type Resolve } from "./load-files.ts";
import { Sink } from "./sink.ts";

/** One place that sets a value. */
export interface Setter {
  readonly how: "file" | "taken over" | "extend" | "--params" | "--set";
  /** `stage1.blip:6:20` */
  readonly place: string;
  /** As written. */
  readonly text: string;
}

/** All of them, weakest first: the last one is in force. Or the nearest name when there is no such path. */
export type WhyValue =
  | { readonly setters: readonly Setter[] }
  | { readonly unknown: string; readonly near: string | undefined };

/** Where the value of `path` (`batch`, `pretrain.optimizer.lr`) came from; `overrides` as for `check`. */
export function whyValue(
  source: Source,
  overrides: readonly Source[],
  resolve: Resolve,
  path: string,
): WhyValue {
  const root = loadPipeline(source, overrides, resolve, parse, new Sink());
  return inScope(root, path.split("."));
}

function inScope(scope: FileScope, path: readonly string[]): WhyValue {
  const [head = "", ...rest] = path;
  const declaration = lookUp(scope, head);
  if (declaration === undefined) return { unknown: head, near: didYouMean(head, namesOf(scope)) };
  if (declaration.declares === "import" && declaration.target !== undefined)
    return inScope(declaration.target, rest);
  if (declaration.declares === "imported-name" && declaration.target !== undefined)
    return inScope(declaration.target, path);
  if (declaration.declares === "let")
    return { setters: [setter("file", declaration.statement.value.span)] };
  if (declaration.declares !== "param" && !isBlock(declaration))
    return { unknown: head, near: undefined };
  const { scope: home, statement } = declaration;
  const written: Setter[] = [];
  if (declaration.declares === "param") {
    if (declaration.statement.value !== undefined)
      written.push(setter("file", declaration.statement.value.span));
  } else {
    written.push(...inBlock(declaration.statement, home, rest));
  }
  const given = home.overrides
    .filter((each) => each.path.map(({ text }) => text).join(".") === path.join("."))
    .map((each) => {
      const isText = each.span.source.name === "--set";
      const how = isText ? "--set" : each.fromCommandLine ? "--params" : "extend";
      return setter(how, each.value.span);
    });
  const setters = [...written, ...given];
  if (setters.length > 0) return { setters };
  const names =
    statement.kind === "block" ? (statement.body?.statements ?? []).flatMap(settingName) : [];
  return { unknown: rest.at(-1) ?? head, near: didYouMean(rest.at(-1) ?? head, names) };
}

/** Settings of a block below the path, those of the block it takes over first. */
function inBlock(block: Block, scope: FileScope, path: readonly string[]): readonly Setter[] {
  if (path.length === 0)
    return block.source === undefined ? [] : [setter("file", block.source.span)];
  const [name, ...rest] = path;
  const found: Setter[] = [];
  const { source } = block;
  const text = (source === undefined ? "" : textOf(source.span).trim()).replace(
    /\.except\(.*\)$/s,
    "",
  );
  if (/^\w+(\.\w+)*$/.test(text)) {
    const base = inScope(scope, [...text.split("."), ...path]);
    if ("setters" in base)
      found.push(...base.setters.map((each) => ({ ...each, how: "taken over" as const })));
  }
  for (const statement of block.body?.statements ?? []) {
    if (statement.kind === "setting" && textOf(statement.path.span) === path.join("."))
      found.push(setter("file", statement.value.span));
    if (statement.kind === "block" && statement.blockKind.kind === "identifier") {
      if (statement.blockKind.text === name && rest.length > 0)
        found.push(...inBlock(statement, scope, rest));
    }
  }
  return found;
}

function settingName(statement: Statement): readonly string[] {
  if (statement.kind === "setting") return [textOf(statement.path.span)];
  return statement.kind === "block" && statement.blockKind.kind === "identifier"
    ? [statement.blockKind.text]
    : [];
}

function setter(how: Setter["how"], span: Span): Setter {
  return { how, place: placeText(span), text: textOf(span).trim() };
}
