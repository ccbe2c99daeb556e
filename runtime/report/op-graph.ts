/** Tensor graph → boxes and arrows, one box an op. */
import type { Node } from "../../compiler/ir/node.ts";
import { reachable } from "../../compiler/ir/node.ts";
import { typeText } from "../../compiler/ir/tensor-type.ts";
import type { GraphPart, PictureGraph } from "./module-graph.ts";

/** All nodes that `outputs` need. `trainable`: paths of the parameters that are trained. */
export function opGraph(
  name: string,
  outputs: ReadonlyMap<string, Node>,
  trainable: ReadonlySet<string>,
): PictureGraph {
  const nodes = reachable(outputs.values());
  const idOf = (node: Node) => `%${node.id}`;
  const parts = nodes.map((node): GraphPart => {
    const origin = node.origin.path === "" ? [] : [node.origin.path];
    return {
      id: idOf(node),
      kind: kindOf(node, trainable),
      title: `${idOf(node)} ${node.op}${named(node)}`,
      lines: [typeText(node.type), ...origin],
    };
  });
  const ends = [...outputs].map(([output]): GraphPart => {
    return { id: `out ${output}`, kind: "objective", title: output, lines: [] };
  });
  const flows = nodes.flatMap((node) =>
    (node.inputs as readonly Node[]).map((input, index) => ({
      from: idOf(input),
      to: idOf(node),
      label: node.inputs.length > 1 ? String(index) : "",
    })),
  );
  const last = [...outputs].map(([output, node]) => ({
    from: idOf(node),
    to: `out ${output}`,
    label: "",
  }));
  return { name, parts: [...parts, ...ends], flows: [...flows, ...last] };
}

function kindOf(node: Node, trainable: ReadonlySet<string>): GraphPart["kind"] {
  if (node.op === "parameter") {
    return trainable.has(node.attributes.path) ? "trainable" : "frozen";
  }
  return node.op === "input" ? "data" : "text";
}

function named(node: Node): string {
  if (node.op === "parameter") return ` ${node.attributes.path}`;
  return node.op === "input" ? ` ${node.attributes.name}` : "";
}
