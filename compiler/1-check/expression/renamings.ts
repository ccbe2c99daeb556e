/** Settings of a block -> the axes that `rename` makes in them, and where. */
import type { Call, Expression } from "../../../grammar/ast.ts";
import type { Entry } from "../block-view.ts";
import type { FileScope } from "../file-scope.ts";

/** A call of `rename` that makes an axis. */
export interface Renaming {
  /** The setting in which it stands. */
  readonly setting: string;
  readonly call: Call;
  readonly scope: FileScope;
}

/** By the new name; the first call wins. */
export function renamings(entries: ReadonlyMap<string, Entry>): ReadonlyMap<string, Renaming> {
  const found = new Map<string, Renaming>();
  for (const [setting, { expression, scope }] of entries) {
    for (const call of callsIn(expression)) {
      if (call.callee.kind !== "name" || call.callee.text !== "rename") continue;
      for (const { name, value } of call.arguments) {
        if (name === undefined || value.kind !== "name" || found.has(value.text)) continue;
        found.set(value.text, { setting, call, scope });
      }
    }
  }
  return found;
}

function callsIn(expression: Expression): readonly Call[] {
  switch (expression.kind) {
    case "call":
      return [expression, ...expression.arguments.flatMap(({ value }) => callsIn(value))];
    case "group":
      return callsIn(expression.inner);
    case "unary":
      return callsIn(expression.operand);
    case "binary":
      return [...callsIn(expression.left), ...callsIn(expression.right)];
    default:
      return [];
  }
}
