/** A part of a model, or a value that refers to one -> the shape of what it gives. */
import type { Expression } from "../../grammar/ast.ts";
import type { FileScope } from "../1-check/file-scope.ts";
import type { CheckedModule, QFormerModule } from "../1-check/model.ts";
import type { Analysis } from "./analysis.ts";
import { blockMeantBy, type Meant } from "./names.ts";

/** What a block gives under a name; the empty name is the block itself. */
export interface Output {
  readonly name: string;
  /** `f16[B, 257, 1408]`; B is the free batch size. */
  readonly shape: string;
}

/** Everything that a module gives. */
export function outputsOf(module: CheckedModule): readonly Output[] {
  switch (module.kind) {
    case "encoder": {
      const { dtype, tokens, width } = module;
      return [
        { name: "patches", shape: `${dtype.value}[B, ${tokens}, ${width}]` },
        { name: "cls", shape: `${dtype.value}[B, ${width}]` },
      ];
    }
    case "text-encoder":
      return [{ name: "cls", shape: `f32[B, ${module.width}]` }];
    case "queries":
      return [{ name: "", shape: `f32[${module.count.value}, ${module.width.value}]` }];
    case "qformer":
      return [];
    case "adapter":
      return [{ name: "", shape: `f32[${module.inputWidth}, ${module.outputWidth}]` }];
    case "lm": {
      const { dtype, vocabulary, width } = module;
      return [
        { name: "embed", shape: `${dtype.value}[${vocabulary}, ${width}]` },
        { name: "logits", shape: `f32[B, L, ${vocabulary}]` },
      ];
    }
  }
}

/** The checked module that a block became, in the file through which it was reached. */
export function moduleOf(analysis: Analysis, meant: Meant): CheckedModule | undefined {
  return analysis.modelOf(meant.via)?.modules.get(meant.declaration.name);
}

/** The shape of what a block gives by its bare name: `f32[32, 768]`, `tokens[B, 32]`. */
export function shapeOfBlock(analysis: Analysis, meant: Meant): string | undefined {
  const text = analysis.modelOf(meant.via)?.texts.get(meant.declaration.name);
  if (text !== undefined) return `tokens[B, ${text.maxLength.value}]`;
  const module = moduleOf(analysis, meant);
  const outputs = module === undefined ? [] : outputsOf(module);
  return outputs.find(({ name }) => name === "")?.shape;
}

/** The shape of a value; undefined when it has none or is not understood. */
export function shapeOf(
  analysis: Analysis,
  expression: Expression,
  scope: FileScope,
): string | undefined {
  if (expression.kind === "group") return shapeOf(analysis, expression.inner, scope);
  const block = blockMeantBy(expression, scope);
  if (block !== undefined) return shapeOfBlock(analysis, block);
  if (expression.kind === "call") return shapeOfCall(analysis, expression, scope, false);
  if (expression.kind !== "member" || expression.name.kind === "missing") return undefined;
  const { object, name } = expression;
  if (object.kind === "call") return shapeOfCall(analysis, object, scope, name.text === "cls");
  const owner = blockMeantBy(object, scope);
  const module = owner && moduleOf(analysis, owner);
  if (module === undefined) return undefined;
  return outputsOf(module).find((output) => output.name === name.text)?.shape;
}

function shapeOfCall(
  analysis: Analysis,
  call: Extract<Expression, { kind: "call" }>,
  scope: FileScope,
  firstRow: boolean,
): string | undefined {
  const callee = blockMeantBy(call.callee, scope);
  const bridge = callee && moduleOf(analysis, callee);
  if (bridge?.kind !== "qformer") return undefined;
  const rows = call.arguments.map(({ value }) => rowsOf(analysis, value, scope));
  if (rows.length === 0 || rows.includes(undefined)) return undefined;
  return bridgeShape(bridge, firstRow ? undefined : rows.reduce((sum, row) => sum! + row!, 0));
}

/** Rows that an input adds: tokens of a text, queries. */
function rowsOf(analysis: Analysis, value: Expression, scope: FileScope): number | undefined {
  const meant = blockMeantBy(value, scope);
  if (meant === undefined) return undefined;
  const text = analysis.modelOf(meant.via)?.texts.get(meant.declaration.name);
  if (text !== undefined) return text.maxLength.value;
  const module = moduleOf(analysis, meant);
  return module?.kind === "queries" ? module.count.value : undefined;
}

function bridgeShape({ width }: QFormerModule, rows: number | undefined): string {
  return rows === undefined ? `f32[B, ${width}]` : `f32[B, ${rows}, ${width}]`;
}
