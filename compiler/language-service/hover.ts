/** Position in a text -> what an editor shows there, as markdown. */
import type { Block, Expression, Setting, Statement } from "../../grammar/ast.ts";
import { type Span, textOf } from "../../grammar/source.ts";
import { isBlock } from "../1-check/file-scope.ts";
import { kinds } from "../1-check/kinds/index.ts";
import { backbones } from "../backbones/index.ts";
import type { Analysis } from "./analysis.ts";
import { blockKindOf, settingDescription, typeWords } from "./block-settings.ts";
import { expressionHover } from "./expression-hover.ts";
import { blockLines, code, originText, placeText } from "./hover-block.ts";
import { type Meant, occurrenceAt } from "./names.ts";
import { partsOf, statementsAt, touches, valuesOf } from "./nodes.ts";
import { placedSetting } from "./placed-setting.ts";
import { shapeOf } from "./shapes.ts";

/** What is said, and of which stretch. */
export interface Hover {
  readonly markdown: string;
  readonly span: Span;
}

/** What can be said of the place; undefined where there is nothing. */
export function hoverAt(analysis: Analysis, offset: number): Hover | undefined {
  const statements = statementsAt(analysis.scope.document.statements, offset);
  const inner = statements.at(-1);
  const found =
    expressionHover(analysis, statements, offset) ??
    memberHover(analysis, inner, offset) ??
    nameHover(analysis, offset) ??
    keywordHover(inner, offset) ??
    settingHover(analysis, statements, offset) ??
    backboneHover(inner, offset);
  return found && { markdown: found.lines.join("\n\n"), span: found.span };
}

interface Found {
  readonly lines: readonly string[];
  readonly span: Span;
}

function nameHover(analysis: Analysis, offset: number): Found | undefined {
  const occurrence = occurrenceAt(analysis.scope, offset);
  return occurrence && { lines: declarationLines(analysis, occurrence), span: occurrence.span };
}

function declarationLines(analysis: Analysis, meant: Meant): readonly string[] {
  const { declaration, via } = meant;
  if (isBlock(declaration)) return blockLines(analysis, { declaration, via });
  switch (declaration.declares) {
    case "param": {
      const { statement, name } = declaration;
      const placed = analysis.modelOf(via)?.parameters.get(name);
      const value = placed && JSON.stringify(placed.value);
      const isOwn = via.source.name !== analysis.source.name || analysis.isCurrent;
      return [
        code(textOf(statement.span)),
        ...(statement.documentation === undefined ? [] : [statement.documentation]),
        ...(placed === undefined ? [] : [`is \`${value}\`, ${originText(placed, isOwn)}`]),
        `changed by \`--set ${name}=…\` or by \`extend\``,
      ];
    }
    case "let":
      return [code(textOf(declaration.statement.span)), placeText(declaration.identifier.span)];
    case "import": {
      const { target, statement } = declaration;
      const names = target === undefined ? "not found" : [...target.names.keys()].join(", ");
      return [code(textOf(statement.span)), `declares ${names}`];
    }
    default:
      return [code(declaration.name)];
  }
}

/** `vision.patches`, `bridge(caption).cls`: the shape of the innermost value that has one of its own. */
function memberHover(
  analysis: Analysis,
  statement: Statement | undefined,
  offset: number,
): Found | undefined {
  const values = statement === undefined ? [] : valuesOf(statement);
  const visit = (value: Expression): Found | undefined => {
    if (!touches(value.span, offset)) return undefined;
    for (const part of partsOf(value)) {
      const found = visit(part);
      if (found !== undefined) return found;
    }
    const isOnName = value.kind === "member" && touches(value.name.span, offset);
    if (!isOnName || occurrenceAt(analysis.scope, offset) !== undefined) return undefined;
    const shape = shapeOf(analysis, value, analysis.scope);
    return shape === undefined
      ? undefined
      : { lines: [code(textOf(value.span)), `gives \`${shape}\``], span: value.span };
  };
  for (const value of values) {
    const found = visit(value);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The kind of a block, or its variant. */
function keywordHover(statement: Statement | undefined, offset: number): Found | undefined {
  if (statement?.kind !== "block") return undefined;
  const { blockKind, variant } = statement;
  const kind = blockKind.kind === "identifier" ? kinds.get(blockKind.text) : undefined;
  if (kind === undefined) return undefined;
  if (variant?.kind === "identifier" && touches(variant.span, offset)) {
    const known = kind.variants?.[variant.text];
    const settings = Object.entries({ ...kind.settings, ...known?.settings });
    const lines = settings.map(([name, { about }]) => `- \`${name}\`: ${about}`);
    return known && { lines: [known.about, lines.join("\n")], span: variant.span };
  }
  if (!touches(blockKind.span, offset)) return undefined;
  const settings = Object.entries(kind.settings).map(
    ([name, { about }]) => `- \`${name}\`: ${about}`,
  );
  const variants = Object.entries(kind.variants ?? {}).map(
    ([name, { about }]) => `- \`: ${name}\`: ${about}`,
  );
  const weights = kind.hasWeights ? ["has weights: `frozen` or `trainable` must be said"] : [];
  return {
    lines: [`**${kind.kind}**`, ...weights, [...variants, ...settings].join("\n")],
    span: blockKind.span,
  };
}

/** The name of a setting: what it takes, its value and where that came from. */
function settingHover(
  analysis: Analysis,
  statements: readonly Statement[],
  offset: number,
): Found | undefined {
  const setting = statements.at(-1);
  if (setting?.kind !== "setting") return undefined;
  const name = setting.path.segments.at(-1);
  const isOnName = setting.path.segments.some(({ span }) => touches(span, offset));
  if (name?.kind !== "identifier" || !isOnName) return undefined;
  const blocks = statements.filter((each): each is Block => each.kind === "block");
  const lines = settingLines(analysis, setting, name.text, blocks);
  return lines.length === 0 ? undefined : { lines, span: setting.path.span };
}

function settingLines(
  analysis: Analysis,
  setting: Setting,
  name: string,
  blocks: readonly Block[],
): readonly string[] {
  const owner = blocks.at(-1);
  const kind = owner && blockKindOf(owner);
  const described = kind && settingDescription(kind, name);
  const placed = analysis.model && placedSetting(analysis.model, blocks, name);
  const shape = shapeOf(analysis, setting.value, analysis.scope);
  return [
    ...(described === undefined
      ? []
      : [`\`${name}\`: ${described.about}`, typeWords(described.type)]),
    ...(shape === undefined ? [] : [`\`${shape}\``]),
    ...(placed === undefined
      ? []
      : [`is \`${valueText(placed.value)}\`, ${originText(placed, analysis.isCurrent)}`]),
  ].filter((line) => line !== "");
}

function valueText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
}

/** The name of a backbone in quotes. */
function backboneHover(statement: Statement | undefined, offset: number): Found | undefined {
  const values = statement === undefined ? [] : valuesOf(statement);
  const text = values.find((each) => each.kind === "string" && touches(each.span, offset));
  if (text?.kind !== "string") return undefined;
  for (const [role, table] of Object.entries(backbones)) {
    const found = table.get(text.value) ?? table.get(text.value.replace(/^[^/]+\//, ""));
    if (found === undefined) continue;
    const { source, license } = found.published;
    const config = Object.entries(found.config).map(([name, value]) => `${name} ${String(value)}`);
    return {
      lines: [`**${text.value}** (${role})`, `${source}; ${license}`, config.join(", ")],
      span: text.span,
    };
  }
  return undefined;
}
