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

const fonts = 'fontname="Helvetica,Arial,sans-serif"';

/** Graphviz text: boxes with a name and what it is, arrows with what flows, the name of the graph below. */
export function dotOf(graph: PictureGraph): string {
  const ids = new Map(graph.parts.map(({ id }, index) => [id, `n${index}`]));
  const label = (lines: readonly string[]) =>
    lines
      .filter((line) => line !== "")
      .map(dotText)
      .join("\\n");
  const parts = graph.parts.map(
    ({ id, kind, title, lines }) =>
      `  ${ids.get(id)} [label="${label([title, ...lines])}", fillcolor="${fills[kind]}", color="${strokes[kind]}"];`,
  );
  const flows = graph.flows
    .filter(({ from, to }) => ids.has(from) && ids.has(to))
    .map(
      ({ from, to, label: text }) =>
        `  ${ids.get(from)} -> ${ids.get(to)} [label="${label(text.split("\n").map(padded))}"];`,
    );
  return [
    `digraph "${dotText(graph.name)}" {`,
    `  graph [rankdir=LR, nodesep=0.4, ranksep=0.5, pad=0.25, bgcolor="white", ${fonts}, fontsize=12, fontcolor="#64748b", labelloc=b, labeljust=l, label="${dotText(graph.name)}"];`,
    // Room beside the text: where Helvetica is not at hand, others are wider.
    `  node [shape=box, style="filled,rounded", ${fonts}, fontsize=13, margin="0.3,0.14", penwidth=1.6];`,
    `  edge [${fonts}, fontsize=10.5, color="#64748b", fontcolor="#334155", penwidth=1.3, arrowsize=0.8];`,
    ...parts,
    ...flows,
    "}",
  ].join("\n");
}

/** Blanks beside a label keep it off the heads of arrows. */
function padded(text: string): string {
  return text === "" ? "" : `  ${text}  `;
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
    .map(({ from, to, label }) => {
      const text = safe(label).replaceAll("\n", "<br/>");
      return `  ${ids.get(from)} -->${text === "" ? "" : `|"${text}"|`} ${ids.get(to)}`;
    });
  const kinds = Object.keys(fills) as PartKind[];
  const classes = kinds.map(
    (kind) => `  classDef ${kind} fill:${fills[kind]},stroke:${strokes[kind]}`,
  );
  return ["flowchart LR", ...parts, ...flows, ...classes].join("\n");
}

/** SVG text without an XML head, laid out by Graphviz; the name of a box is bold, the lines under it are quieter. */
export async function svgOf(dot: string): Promise<string> {
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const graphviz = await Graphviz.load();
  const svg = graphviz.dot(dot);
  return svg
    .slice(Math.max(0, svg.indexOf("<svg")))
    .replaceAll(/<g id="[^"]*" class="node">[\s\S]*?<\/g>/g, withBoldName);
}

/** Done here, since rich labels of Graphviz are placed for one font only. */
function withBoldName(node: string): string {
  let line = 0;
  return node.replaceAll(/<text ([^>]*)>/g, (_, attributes: string) => {
    line += 1;
    return line === 1
      ? `<text font-weight="bold" ${attributes}>`
      : `<text fill="#475569" ${attributes.replace(/font-size="[^"]*"/, 'font-size="11.00"')}>`;
  });
}
