/** Graph → text, one node a line: what golden tests, `graph --level op` and messages show. */
import { type Node, reachable } from "./node.ts";
import { typeText } from "./tensor-type.ts";

/** `%12: f32[2,5,8] = add(%9, %11)  # vision.embeddings`. Numbers are local to the text. */
export function printNodes(roots: ReadonlyMap<string, Node>): string {
  const nodes = reachable(roots.values());
  const numbers = new Map(nodes.map((node, i) => [node, i]));
  const lines = nodes.map(
    (node) => `%${numbers.get(node)}: ${nodeText(node, (input) => `%${numbers.get(input)}`)}`,
  );
  for (const [name, root] of roots) lines.push(`${name} = %${numbers.get(root)}`);
  return `${lines.join("\n")}\n`;
}

/** One node, its inputs named by `name`. */
export function nodeText(
  node: Node,
  name: (input: Node) => string = (input) => `%${input.id}`,
): string {
  const attributes = Object.entries(node.attributes)
    .filter(([key]) => key !== "shape" && key !== "dtype")
    .map(([key, value]) => `${key}=${attributeText(value)}`);
  const operands = [...(node.inputs as readonly Node[]).map(name), ...attributes].join(", ");
  const origin = node.origin.path === "" ? "" : `  # ${node.origin.path}`;
  return `${typeText(node.type)} = ${node.op}(${operands})${origin}`;
}

function attributeText(value: unknown): string {
  if (Array.isArray(value))
    return value.length > 8
      ? `[${value.slice(0, 8).join(" ")} …${value.length}]`
      : `[${value.join(" ")}]`;
  return typeof value === "string" ? value : JSON.stringify(value);
}
