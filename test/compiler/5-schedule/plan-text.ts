/** Plan → text: a line a kernel with what it reads, what it writes and where that stands. */
import type { PlannedKernel } from "../../../compiler/5-schedule/kernel.ts";
import { temporaries } from "../../../compiler/5-schedule/memory.ts";
import type { Plan } from "../../../compiler/5-schedule/plan.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { typeText } from "../../../compiler/ir/tensor-type.ts";

/** `rows  fold head  x -> t0 f32[4] @0`; `t0` is a tensor of the plan, `@0` its slot, `path :=` an update in place. */
export function planText({ graph, kernels, slots }: Plan): string {
  const names = new Map<Node, string>();
  const nameOf = (node: Node): string => {
    if (node.op === "input") return node.attributes.name;
    if (node.op === "parameter") return node.attributes.path;
    if (node.op === "constant") return `constant ${typeText(node.type)}`;
    if (!names.has(node)) names.set(node, `t${names.size}`);
    return names.get(node)!;
  };
  const lines = kernels.map((planned) => {
    const reads = [...planned.reads].map(nameOf).join(", ");
    const writes = [...planned.writes].map(
      (node) => `${nameOf(node)} ${typeText(node.type)} @${slots.of.get(node)}`,
    );
    const kept = [...planned.overwrites].map((node) => `${nameOf(node)} :=`);
    const used = temporaries(planned).map((each) => `(@${slots.of.get(each)})`);
    return `${planned.kernel.kind.padEnd(7)} ${planned.label}: ${reads} -> ${[...writes, ...kept, ...used].join(", ")}`;
  });
  const outputs = [...graph.outputs].map(([name, node]) => `${name} = ${nameOf(node)}`);
  const bytes = slots.bytes.map((size, i) => `@${i} ${size}`).join(", ");
  return `${[...lines, ...outputs, `slots: ${bytes === "" ? "none" : bytes}`].join("\n")}\n`;
}

/** How many kernels of each kind: `matmul 1, rows 2`. */
export function kinds(kernels: readonly PlannedKernel[]): string {
  const counts = new Map<string, number>();
  for (const { kernel } of kernels) counts.set(kernel.kind, (counts.get(kernel.kind) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `${kind} ${count}`)
    .join(", ");
}
