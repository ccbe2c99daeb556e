/** Position in an expression objective -> what is said of the word there; the shapes of its settings. */
import type { Setting, Statement } from "../../grammar/ast.ts";
import { type Span, textOf } from "../../grammar/source.ts";
import { shapeText } from "../1-check/expression/axes.ts";
import { functions } from "../1-check/expression/functions.ts";
import { ownParameters, termsIn } from "../1-check/expression/term.ts";
import type { ExpressionObjective } from "../1-check/model.ts";
import type { Analysis } from "./analysis.ts";
import { expressionWords, isExpressionBlock, ownSettings } from "./expression-names.ts";
import { code } from "./hover-block.ts";
import { touches } from "./nodes.ts";

/** The checked objective of a block of this file. */
export function expressionOf(
  analysis: Analysis,
  statement: Statement | undefined,
): ExpressionObjective | undefined {
  if (!isExpressionBlock(statement) || statement.name?.kind !== "identifier") return undefined;
  const found = analysis.model?.objectives.get(statement.name.text);
  return found?.variant === "expression" ? found : undefined;
}

/** The shape of a setting: `f32[batch B, width 64]`; undefined when nothing needs it. */
export function settingShape(objective: ExpressionObjective, name: string): string | undefined {
  const value = objective.values.find((each) => each.name === name);
  return value && shapeText(value.term.type);
}

/** On a function, an axis or a setting; undefined elsewhere. `statements` are those around, outermost first. */
export function expressionHover(
  analysis: Analysis,
  statements: readonly Statement[],
  offset: number,
): { readonly lines: readonly string[]; readonly span: Span } | undefined {
  const [block] = statements;
  if (!isExpressionBlock(block)) return undefined;
  const declared = [...ownSettings(block).values()].find(({ name }) => touches(name.span, offset));
  if (declared !== undefined)
    return {
      lines: settingLines(analysis, block, declared.setting, declared.name.text),
      span: declared.name.span,
    };
  const word = expressionWords(block, analysis.scope).find(({ span }) => touches(span, offset));
  switch (word?.role) {
    case "function": {
      const description = functions.get(word.name);
      const lines = description && [code(description.form), description.about];
      return lines && { lines, span: word.span };
    }
    case "axis":
      return { lines: [`the axis \`${word.name}\``], span: word.span };
    case "setting":
      return {
        lines: settingLines(analysis, block, word.setting, textOf(word.span)),
        span: word.span,
      };
    default:
      return undefined;
  }
}

function settingLines(
  analysis: Analysis,
  block: Statement,
  setting: Setting,
  name: string,
): readonly string[] {
  const objective = expressionOf(analysis, block);
  const value = objective?.values.find((each) => each.name === name);
  const parameters = value === undefined ? [] : termsIn(value.term).flatMap(ownParameters);
  return [
    code(textOf(setting.span)),
    ...(setting.documentation === undefined ? [] : [setting.documentation]),
    ...(value === undefined ? [] : [`gives \`${shapeText(value.term.type)}\``]),
    ...(parameters.length === 0
      ? []
      : [`learns ${parameters.map(({ path }) => `\`${path}\``).join(", ")}`]),
    ...(objective?.metrics.includes(name)
      ? [`the loss does not need it: reported as \`${objective.name}.${name}\``]
      : []),
  ];
}
