/** A place in an expression -> functions, settings of the block, outputs of the model, or axes. */
import type { Statement } from "../../grammar/ast.ts";
import { functions } from "../1-check/expression/functions.ts";
import type { FileScope } from "../1-check/file-scope.ts";
import { blocksInReach, type Choice, plainNames } from "./completion-values.ts";
import { expressionWords, isExpressionBlock, ownSettings } from "./expression-names.ts";

/** Axes that every output has. */
const common = ["batch", "queries", "tokens", "patches", "width"];

/** Choices in a setting of an expression objective; `inside` is the function whose arguments these are. */
export function expressionChoices(
  block: Statement | undefined,
  setting: string,
  inside: string | undefined,
  before: string,
  scope: FileScope,
): readonly Choice[] {
  if (!isExpressionBlock(block)) return [];
  const argument = /(\w+)\s*:\s*(?:\[[\w\s,]*)?$/.exec(before)?.[1];
  const known = functions.get(inside ?? "")?.arguments ?? [];
  const named = known.find(({ name }) => name === argument);
  const isFirst = /[(,]\s*$/.test(before);
  const takesAxis = known.some(({ takes, isNamed }) => takes === "axis" && !isNamed);
  const isRename = argument !== undefined && known.some(({ takes }) => takes === "renames");
  const isAxis = named?.takes === "axis" || named?.takes === "axes";
  if (isAxis || takesAxis || isRename) {
    const made = expressionWords(block, scope).flatMap((word) =>
      word.role === "axis" ? [word.name] : [],
    );
    return [...new Set([...common, ...made])].map((label) => ({
      label,
      kind: "value",
      detail: "axis",
    }));
  }
  const own = [...ownSettings(block).keys()].filter((name) => name !== setting);
  const options = isFirst ? known.filter(({ isNamed }) => isNamed) : [];
  return [
    ...options
      .filter(({ takes }) => takes !== "renames")
      .map(({ name }): Choice => ({ label: `${name}:`, kind: "setting", insert: `${name}: ` })),
    ...own.map((label): Choice => ({ label, kind: "name", detail: "of this objective" })),
    ...blocksInReach(scope, ["qformer"]).map(
      ({ text }): Choice => ({
        label: text,
        kind: "function",
        detail: "qformer",
        insert: `${text}($0)`,
        isSnippet: true,
      }),
    ),
    ...blocksInReach(scope, ["encoder", "adapter", "text"]).map(
      ({ text, block: each }): Choice => ({ label: text, kind: "name", detail: each.kind }),
    ),
    ...[...functions].map(
      ([label, { about }]): Choice => ({
        label,
        kind: "function",
        detail: about,
        insert: `${label}($0)`,
        isSnippet: true,
      }),
    ),
    ...plainNames(scope),
  ];
}
