/** Document -> one line a statement, expressions in prefix form; for golden tests and `explain`. */
import type { Block, Document, Expression, Statement } from "./ast.ts";
import { expressionText, nameText, pathText, typeText } from "./expression-text.ts";

/** The tree as text, with a line end after each line; positions are left out. */
export function printAst(document: Document): string {
  return `${["document", ...statementLines(document.statements, "  ")].join("\n")}\n`;
}

function statementLines(statements: readonly Statement[], indent: string): readonly string[] {
  return statements.flatMap((statement) => {
    const documentation = (statement.documentation ?? "")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => `${indent}/// ${line}`);
    const body =
      "body" in statement && statement.body?.kind === "body"
        ? statementLines(statement.body.statements, `${indent}  `)
        : [];
    return [...documentation, `${indent}${statementLine(statement)}`, ...body];
  });
}

function statementLine(statement: Statement): string {
  switch (statement.kind) {
    case "edition":
      return `edition ${prefixText(statement.version)}`;
    case "import": {
      const names = statement.names?.map(nameText).join(", ");
      const alias = statement.alias === undefined ? "" : ` as ${nameText(statement.alias)}`;
      return `import ${prefixText(statement.from)}${names === undefined ? alias : ` { ${names} }`}`;
    }
    case "param": {
      const type = statement.type.kind === "type" ? typeText(statement.type) : "…";
      const value = optional(" = ", statement.value);
      const where = optional(" where ", statement.where);
      return `param ${nameText(statement.name)}: ${type}${value}${where}`;
    }
    case "let":
      return `let ${nameText(statement.name)} = ${prefixText(statement.value)}`;
    case "extend":
      return `extend ${statement.target.kind === "path" ? pathText(statement.target) : "…"}`;
    case "assert":
      return `assert ${prefixText(statement.condition)}${optional(" else ", statement.message)}`;
    case "setting":
      return `setting ${pathText(statement.path)} = ${prefixText(statement.value)}`;
    case "block":
      return blockLine(statement);
    case "junk":
      return `junk ${JSON.stringify(statement.text)}`;
  }
}

function blockLine(block: Block): string {
  const state = block.state === undefined ? "" : `${block.state.state} `;
  const name =
    block.name === undefined
      ? ""
      : ` ${block.name.kind === "string" ? expressionText(block.name) : block.name.text}`;
  const variant = block.variant === undefined ? "" : ` : ${nameText(block.variant)}`;
  const open = block.body === undefined ? "" : " { }";
  return `block ${state}${nameText(block.blockKind)}${name}${variant}${optional(" = ", block.source)}${open}`;
}

function optional(lead: string, expression: Expression | undefined): string {
  return expression === undefined ? "" : `${lead}${prefixText(expression)}`;
}

/** An expression with its structure visible: `(+ a (call f b))`. */
export function prefixText(expression: Expression): string {
  switch (expression.kind) {
    case "list":
      return `(${["list", ...expression.items.map(prefixText)].join(" ")})`;
    case "group":
      return `(group ${prefixText(expression.inner)})`;
    case "member":
      return `(. ${prefixText(expression.object)} ${nameText(expression.name)})`;
    case "call": {
      const values = expression.arguments.map(({ name, value }) =>
        name === undefined ? prefixText(value) : `${name.text}: ${prefixText(value)}`,
      );
      return `(${["call", prefixText(expression.callee), ...values].join(" ")})`;
    }
    case "index": {
      const ranges = expression.ranges.map(({ start, end }) =>
        end === undefined ? prefixText(start) : `(.. ${prefixText(start)} ${prefixText(end)})`,
      );
      return `(${["index", prefixText(expression.object), ...ranges].join(" ")})`;
    }
    case "unary":
      return `(${expression.operator} ${prefixText(expression.operand)})`;
    case "binary":
      return `(${expression.operator} ${prefixText(expression.left)} ${prefixText(expression.right)})`;
    default:
      return expressionText(expression);
  }
}
