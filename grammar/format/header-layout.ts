/** Statement without its body -> layout. */
import type { Block, Import, Param, Path, Statement, TypeReference } from "../ast.ts";
import { bracketed, expressionLayout } from "./expression-layout.ts";
import { indent, type Layout } from "./layout-document.ts";
import type { TokenCursor } from "./token-cursor.ts";

/** What stands before the body of a statement, or the whole statement when it has none. */
export function headerLayout(statement: Statement, cursor: TokenCursor): Layout {
  switch (statement.kind) {
    case "edition":
      return [cursor.take("blip"), cursor.gap(" "), expressionLayout(statement.version, cursor)];
    case "import":
      return importLayout(statement, cursor);
    case "param":
      return paramLayout(statement, cursor);
    case "let": {
      const name = [cursor.take("let"), cursor.gap(" "), cursor.takeAt(statement.name.span.start)];
      const equals = equalsLayout(cursor);
      return [name, equals, expressionLayout(statement.value, cursor)];
    }
    case "extend":
      return [cursor.take("extend"), cursor.gap(" "), pathLayout(statement.target, cursor)];
    case "assert": {
      const start = [cursor.take("assert"), cursor.gap(" ")];
      const condition = expressionLayout(statement.condition, cursor);
      if (statement.message === undefined) return [start, condition];
      const otherwise = [cursor.gap(" "), cursor.take("else"), cursor.gap(" ")];
      return [start, condition, otherwise, expressionLayout(statement.message, cursor)];
    }
    case "setting": {
      const path = pathLayout(statement.path, cursor);
      const equals = equalsLayout(cursor);
      return [path, equals, expressionLayout(statement.value, cursor)];
    }
    case "block":
      return blockLayout(statement, cursor);
    case "junk":
      cursor.hasFailed = true;
      return "";
  }
}

function equalsLayout(cursor: TokenCursor): Layout {
  const before = cursor.gap(" ");
  const sign = cursor.take("=");
  return [before, sign, indent(cursor.gap(" "))];
}

function importLayout({ from, alias, names }: Import, cursor: TokenCursor): Layout {
  const start = [cursor.take("import"), cursor.gap(" ")];
  if (names !== undefined) {
    const name = (each: (typeof names)[number]) => cursor.takeAt(each.span.start);
    const list = bracketed("{", names, "}", name, cursor);
    const word = [cursor.gap(" "), cursor.take("from"), cursor.gap(" ")];
    return [start, list, word, expressionLayout(from, cursor)];
  }
  const file = expressionLayout(from, cursor);
  const word = [cursor.gap(" "), cursor.take("as"), cursor.gap(" ")];
  return [start, file, word, cursor.takeAt(alias?.span.start ?? Number.NaN)];
}

function paramLayout({ name, type, value, where }: Param, cursor: TokenCursor): Layout {
  const start = [cursor.take("param"), cursor.gap(" "), cursor.takeAt(name.span.start)];
  const colon = [cursor.gap(""), cursor.take(":"), cursor.gap(" ")];
  const parts: Layout[] = [start, colon, typeLayout(type, cursor)];
  if (value !== undefined) parts.push(equalsLayout(cursor), expressionLayout(value, cursor));
  if (where !== undefined) {
    parts.push(cursor.gap(" "), cursor.take("where"), cursor.gap(" "));
    parts.push(expressionLayout(where, cursor));
  }
  return parts;
}

function typeLayout(type: Param["type"], cursor: TokenCursor): Layout {
  if (type.kind === "missing") return expressionLayout(type, cursor);
  const { name, argument, sizes }: TypeReference = type;
  const parts: Layout[] = [cursor.takeAt(name.span.start)];
  if (argument !== undefined) {
    parts.push(cursor.gap(""), cursor.take("<"), cursor.gap(""));
    parts.push(cursor.takeAt(argument.span.start), cursor.gap(""), cursor.take(">"));
  }
  if (sizes !== undefined) {
    parts.push(cursor.gap(""));
    parts.push(bracketed("[", sizes, "]", (size) => expressionLayout(size, cursor), cursor));
  }
  return parts;
}

function pathLayout(path: Path | { readonly kind: "missing" }, cursor: TokenCursor): Layout {
  if (path.kind === "missing") {
    cursor.hasFailed = true;
    return "";
  }
  return path.segments.map((segment, index) => {
    const dot = index === 0 ? "" : [cursor.gap(""), cursor.take("."), cursor.gap("")];
    return [dot, cursor.takeAt(segment.span.start)];
  });
}

function blockLayout(block: Block, cursor: TokenCursor): Layout {
  const parts: Layout[] = [];
  if (block.state !== undefined) parts.push(cursor.take(block.state.state), cursor.gap(" "));
  parts.push(cursor.takeAt(block.blockKind.span.start));
  if (block.name !== undefined) parts.push(cursor.gap(" "), cursor.takeAt(block.name.span.start));
  if (block.variant !== undefined) {
    parts.push(cursor.gap(""), cursor.take(":"), cursor.gap(" "));
    parts.push(cursor.takeAt(block.variant.span.start));
  }
  if (block.source !== undefined) {
    parts.push(equalsLayout(cursor), expressionLayout(block.source, cursor));
  }
  return parts;
}
