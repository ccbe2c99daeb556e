/** Boxes and arrows → Graphviz dot, Mermaid, or SVG. */
import type { PartKind, PictureGraph } from "./module-graph.ts";

const fills: Readonly<Record<PartKind, string>> = {
  data: "#f1f5f9",
  text: "#f1f5f9",
  frozen: "#dbeafe",
  trainable: "#fed7aa",
  objective: "#dcfce7",
  stage: "#ede9fe",
};

const strokes: Readonly<Record<PartKind, string>> = {
  data: "#64748b",
  text: "#64748b",
  frozen: "#2563eb",
  trainable: "#ea580c",
  objective: "#16a34a",
  stage: "#7c3aed",
};

/** Graphviz text. */
export function dotOf(graph: PictureGraph): string {
  const ids = new Map(graph.parts.map(({ id }, index) => [id, `n${index}`]));
  const parts = graph.parts.map(({ id, kind, title, lines }) => {
    const label = [title, ...lines]
      .filter((line) => line !== "")
      .map(dotText)
      .join("\\n");
    const shape = kind === "data" || kind === "text" ? "note" : "box";
    return `  ${ids.get(id)} [label="${label}", shape=${shape}, fillcolor="${fills[kind]}", color="${strokes[kind]}"];`;
  });
  const flows = graph.flows
    .filter(({ from, to }) => ids.has(from) && ids.has(to))
    .map(
      ({ from, to, label }) => `  ${ids.get(from)} -> ${ids.get(to)} [label="${dotText(label)}"];`,
    );
  return [
    `digraph "${dotText(graph.name)}" {`,
    "  rankdir=LR;",
    '  node [style="filled,rounded", fontname="Helvetica", fontsize=11, margin="0.14,0.08"];',
    '  edge [fontname="Helvetica", fontsize=9, color="#64748b", fontcolor="#475569"];',
    ...parts,
    ...flows,
    "}",
  ].join("\n");
}

function dotText(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", " ");
}

/** Mermaid text. */
export function mermaidOf(graph: PictureGraph): string {
  const ids = new Map(graph.parts.map(({ id }, index) => [id, `n${index}`]));
  const safe = (text: string) => text.replaceAll('"', "#quot;").replaceAll("<", "#lt;");
  const parts = graph.parts.map(({ id, kind, title, lines }) => {
    const label = [`<b>${safe(title)}</b>`, ...lines.filter((line) => line !== "").map(safe)];
    return `  ${ids.get(id)}["${label.join("<br/>")}"]:::${kind}`;
  });
  const flows = graph.flows
    .filter(({ from, to }) => ids.has(from) && ids.has(to))
    .map(({ from, to, label }) => `  ${ids.get(from)} -->|"${safe(label)}"| ${ids.get(to)}`);
  const kinds = Object.keys(fills) as PartKind[];
  const classes = kinds.map(
    (kind) => `  classDef ${kind} fill:${fills[kind]},stroke:${strokes[kind]}`,
  );
  return ["flowchart LR", ...parts, ...flows, ...classes].join("\n");
}

/** SVG text without an XML head, laid out by Graphviz. */
export async function svgOf(dot: string): Promise<string> {
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const graphviz = await Graphviz.load();
  const svg = graphviz.dot(dot);
  return svg.slice(Math.max(0, svg.indexOf("<svg")));
}
