/** Tree and model -> the shapes that an editor writes behind names and values. */
import type { Expression, Statement } from "../../grammar/ast.ts";
import { isBlock } from "../1-check/file-scope.ts";
import type { Analysis } from "./analysis.ts";
import { expressionOf, settingShape } from "./expression-hover.ts";
import { isExpressionBlock, ownSettings } from "./expression-names.ts";
import { bodyOf, partsOf, valuesOf } from "./nodes.ts";
import { shapeOf, shapeOfBlock } from "./shapes.ts";

/** Text that is shown at an offset and is not in the file. */
export interface InlayShape {
  readonly offset: number;
  readonly text: string;
}

/** Shapes between two offsets, in order. */
export function inlayShapes(analysis: Analysis, start: number, end: number): readonly InlayShape[] {
  const found: InlayShape[] = [];
  const { scope } = analysis;
  const readValue = (value: Expression): void => {
    const shape =
      value.kind === "member" || value.kind === "call"
        ? shapeOf(analysis, value, scope)
        : undefined;
    if (shape !== undefined) found.push({ offset: value.span.end, text: shape });
    else for (const part of partsOf(value)) readValue(part);
  };
  const read = (statement: Statement): void => {
    if (statement.span.end < start || statement.span.start > end) return;
    if (statement.kind === "block" && statement.name?.kind === "identifier") {
      const { name } = statement;
      const declaration = scope.names.get(name.text);
      const isIt = isBlock(declaration) && declaration.statement === statement;
      const shape = isIt ? shapeOfBlock(analysis, { declaration, via: scope }) : undefined;
      if (shape !== undefined) found.push({ offset: name.span.end, text: shape });
    }
    const objective = expressionOf(analysis, statement);
    if (isExpressionBlock(statement) && objective !== undefined) {
      for (const { name } of ownSettings(statement).values()) {
        const shape = settingShape(objective, name.text);
        if (shape !== undefined) found.push({ offset: name.span.end, text: shape });
      }
      return;
    }
    if (statement.kind === "setting" || statement.kind === "let")
      valuesOf(statement).forEach(readValue);
    bodyOf(statement)?.statements.forEach(read);
  };
  scope.document.statements.forEach(read);
  return found.filter(({ offset }) => start <= offset && offset <= end);
}
