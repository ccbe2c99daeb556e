/** Tree -> the outline of a file. */
import type { Block, Statement } from "../../grammar/ast.ts";
import { joinSpans, type Span, textOf } from "../../grammar/source.ts";
import { bodyOf } from "./nodes.ts";

/** A line of the outline. */
export interface DocumentSymbol {
  readonly name: string;
  /** What it is: `encoder`, `param int`, `setting`. */
  readonly detail: string;
  readonly kind:
    | "module"
    | "data"
    | "objective"
    | "stage"
    | "test"
    | "param"
    | "let"
    | "import"
    | "setting"
    | "block";
  readonly span: Span;
  /** The name itself; lies in `span`. */
  readonly nameSpan: Span;
  readonly children: readonly DocumentSymbol[];
}

/** The outline of the statements; what has no name is left out. */
export function documentSymbols(statements: readonly Statement[]): readonly DocumentSymbol[] {
  return statements.flatMap((statement) => symbolOf(statement) ?? []);
}

function symbolOf(statement: Statement): DocumentSymbol | undefined {
  const { span } = statement;
  const children = documentSymbols(bodyOf(statement)?.statements ?? []);
  switch (statement.kind) {
    case "import": {
      const { from, alias } = statement;
      const name = alias?.kind === "identifier" ? alias : from;
      if (name.kind === "missing") return undefined;
      const detail = from.kind === "string" ? `import ${from.value}` : "import";
      return {
        name: name.kind === "identifier" ? name.text : name.value || "import",
        detail,
        kind: "import",
        span,
        nameSpan: name.span,
        children,
      };
    }
    case "param":
    case "let": {
      const { name } = statement;
      if (name.kind === "missing") return undefined;
      const type = statement.kind === "param" ? ` ${textOf(statement.type.span)}` : "";
      const detail = `${statement.kind}${type}`;
      return { name: name.text, detail, kind: statement.kind, span, nameSpan: name.span, children };
    }
    case "setting": {
      const name = textOf(statement.path.span);
      const nameSpan = statement.path.span;
      const value = textOf(statement.value.span).replace(/\s+/g, " ").slice(0, 40);
      return name === ""
        ? undefined
        : { name, detail: value, kind: "setting", span, nameSpan, children };
    }
    case "block":
      return blockSymbol(statement, children);
    case "extend": {
      const nameSpan = statement.target.span;
      const name = textOf(nameSpan) || "extend";
      return {
        name,
        detail: "extend",
        kind: "block",
        span: around(span, nameSpan),
        nameSpan,
        children,
      };
    }
    default:
      return undefined;
  }
}

function blockSymbol(
  block: Block,
  children: readonly DocumentSymbol[],
): DocumentSymbol | undefined {
  const { blockKind, name, variant, state, span } = block;
  if (blockKind.kind === "missing") return undefined;
  const text = name?.kind === "string" ? name.value : name?.text;
  const words = [state?.state, blockKind.text, variant && textOf(variant.span)];
  return {
    name: text || blockKind.text,
    detail: words.filter((word) => word !== undefined && word !== "").join(" "),
    kind: kindOf(blockKind.text),
    span,
    nameSpan: (name ?? blockKind).span,
    children,
  };
}

function kindOf(word: string): DocumentSymbol["kind"] {
  switch (word) {
    case "encoder":
    case "queries":
    case "qformer":
    case "adapter":
    case "lm":
      return "module";
    case "text":
    case "data":
      return "data";
    case "objective":
    case "stage":
    case "test":
      return word;
    default:
      return "block";
  }
}

function around(span: Span, inner: Span): Span {
  return joinSpans(span, inner);
}
