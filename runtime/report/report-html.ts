/** What a demo found → one HTML file that needs nothing else: charts, pictures and graphs are inside. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { reportStyle } from "./report-style.ts";

/** A loss over the steps of a run, and the reference's points. */
export interface LossChart {
  readonly title: string;
  /** `values[0]` is step 1. */
  readonly values: readonly number[];
  readonly reference: readonly {
    readonly step: number;
    readonly mean: number;
    readonly deviation: number;
  }[];
}

/** A row of the table of results. */
export interface ResultRow {
  readonly name: string;
  readonly measured: string;
  readonly reference: string;
  /** True inside the reference's range or better; undefined where there is nothing to compare. */
  readonly isGood: boolean | undefined;
}

/** A picture with what was said of it. */
export interface CaptionedPicture {
  /** PNG. */
  readonly png: Uint8Array;
  readonly caption: string;
  readonly truth: string;
  readonly isRight: boolean;
}

/** Pictures under a heading. */
export interface Gallery {
  readonly title: string;
  readonly about: string;
  readonly pictures: readonly CaptionedPicture[];
}

/** Everything on the page. */
export interface Report {
  readonly title: string;
  /** Lines under the title: adapter, time, seed. */
  readonly facts: readonly string[];
  readonly results: readonly ResultRow[];
  readonly resultsNote: string;
  readonly charts: readonly LossChart[];
  readonly galleries: readonly Gallery[];
  /** Pictures of the pipelines: title and SVG. */
  readonly graphs: readonly { readonly title: string; readonly svg: string }[];
  readonly plans: readonly { readonly title: string; readonly text: string }[];
  readonly adapter: Readonly<Record<string, string>>;
}

/** Text made safe for HTML. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** The page. */
export function reportHtml(report: Report): string {
  const { script, style } = chartLibrary();
  const data = JSON.stringify(report.charts.map(chartData)).replaceAll("<", "\\u003c");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escaped(report.title)}</title>
<style>${style}
${reportStyle}</style>
</head>
<body>
<header>
<h1>${escaped(report.title)}</h1>
${report.facts.map((fact) => `<p>${escaped(fact)}</p>`).join("\n")}
</header>
<main>
<section><h2>Results</h2>${resultsTable(report.results)}<p class="note">${escaped(report.resultsNote)}</p></section>
<section><h2>Loss curves</h2>
<p class="note">Line: this run, the mean of ten steps. Band: three PyTorch runs of the same recipe, mean ± one standard deviation at the marked steps.</p>
<div class="charts">${report.charts.map(({ title }, index) => `<figure><figcaption>${escaped(title)}</figcaption><div id="chart${index}"></div></figure>`).join("")}</div></section>
${report.galleries.map(gallery).join("\n")}
<section><h2>The pipelines</h2>
<p class="legend"><span class="frozen">frozen</span> <span class="trainable">trained</span> <span class="objective">objective</span> <span class="stage">stage</span></p>
${report.graphs.map(({ title, svg }) => `<figure class="graph"><figcaption>${escaped(title)}</figcaption>${svg}</figure>`).join("\n")}</section>
<section><h2>The plan</h2>
${report.plans.map(({ title, text }) => `<h3>${escaped(title)}</h3><pre>${escaped(text)}</pre>`).join("\n")}</section>
<section><h2>The adapter</h2><table class="facts">${Object.entries(report.adapter)
    .map(([name, value]) => `<tr><th>${escaped(name)}</th><td>${escaped(value)}</td></tr>`)
    .join("")}</table></section>
</main>
<script>${script}</script>
<script>const charts = ${data};
${chartScript}</script>
</body>
</html>
`;
}

function resultsTable(rows: readonly ResultRow[]): string {
  const mark = (isGood: boolean | undefined) =>
    isGood === undefined ? "" : isGood ? '<td class="good">✓</td>' : '<td class="bad">outside</td>';
  const body = rows.map(
    ({ name, measured, reference, isGood }) =>
      `<tr><th>${escaped(name)}</th><td class="number">${escaped(measured)}</td><td class="number">${escaped(reference)}</td>${mark(isGood) || "<td></td>"}</tr>`,
  );
  return `<table class="results"><thead><tr><th></th><th>this run</th><th>reference</th><th></th></tr></thead><tbody>${body.join("\n")}</tbody></table>`;
}

function gallery({ title, about, pictures }: Gallery): string {
  const cards = pictures.map(({ png, caption, truth, isRight }) => {
    const source = `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
    const second = isRight ? "" : `<span class="truth">truth: ${escaped(truth)}</span>`;
    return `<figure class="${isRight ? "right" : "wrong"}"><img alt="${escaped(truth)}" src="${source}" width="120" height="120"><figcaption>${escaped(caption === "" ? "(nothing)" : caption)}${second}</figcaption></figure>`;
  });
  return `<section><h2>${escaped(title)}</h2><p class="note">${escaped(about)}</p><div class="pictures">${cards.join("\n")}</div></section>`;
}

/** Columns of a chart: steps, the run, the reference's lower edge, mean and upper edge. */
function chartData(chart: LossChart): readonly (readonly (number | null)[])[] {
  const steps = chart.values.map((_, index) => index + 1);
  const smooth = steps.map((step) => {
    const part = chart.values.slice(Math.max(0, step - 10), step);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const points = new Map(chart.reference.map((point) => [point.step, point]));
  const column = (value: (mean: number, deviation: number) => number) =>
    steps.map((step) => {
      const point = points.get(step);
      return point === undefined ? null : value(point.mean, point.deviation);
    });
  return [
    steps,
    smooth,
    column((mean, deviation) => mean + deviation),
    column((mean) => mean),
    column((mean, deviation) => mean - deviation),
  ];
}

const chartScript = `
charts.forEach((data, index) => {
  const place = document.getElementById("chart" + index);
  const dots = { spanGaps: true, points: { show: true, size: 6, fill: "#9333ea", stroke: "#9333ea" } };
  new uPlot({
    width: Math.max(280, place.clientWidth),
    height: 240,
    scales: { x: { time: false }, y: { distr: 3, log: 10 } },
    legend: { live: false },
    cursor: { drag: { x: true, y: false } },
    bands: [{ series: [2, 4], fill: "rgba(147, 51, 234, 0.15)" }],
    axes: [
      { label: "step", labelSize: 22, size: 34 },
      { size: 48, values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : String(+tick.toPrecision(2)))) },
    ],
    series: [
      { label: "step" },
      { label: "this run", stroke: "#ea580c", width: 2 },
      { label: "+1 sd", stroke: "rgba(147, 51, 234, 0.4)", width: 1, spanGaps: true, points: { show: false } },
      { label: "reference", stroke: "#9333ea", width: 1, dash: [4, 4], ...dots },
      { label: "-1 sd", stroke: "rgba(147, 51, 234, 0.4)", width: 1, spanGaps: true, points: { show: false } },
    ],
  }, data, place);
});
`;

function chartLibrary(): { readonly script: string; readonly style: string } {
  const folder = dirname(createRequire(import.meta.url).resolve("uplot/package.json"));
  const read = (name: string) => readFileSync(join(folder, "dist", name), "utf8");
  return {
    script: read("uPlot.iife.min.js").replaceAll("</script", "<\\/script"),
    style: read("uPlot.min.css"),
  };
}
