/** The report page: self-contained, and safe against what stands in captions and file names. */
import { expect, test } from "vitest";
import { dotOf, mermaidOf, svgOf } from "../../../runtime/report/draw-graph.ts";
import { referenceMean } from "../../../runtime/report/reference.ts";
import { reportHtml } from "../../../runtime/report/report-html.ts";

const hostile = `<script>alert("x")</script>`;

const page = reportHtml({
  title: hostile,
  facts: [hostile],
  results: [{ name: hostile, measured: "1 %", reference: "2 %", isGood: false }],
  resultsNote: "",
  charts: [{ title: "loss", values: [3, 2, 1], reference: [{ step: 2, mean: 2, deviation: 0.1 }] }],
  galleries: [
    {
      title: "pictures",
      about: "",
      pictures: [
        { png: Uint8Array.of(1, 2), caption: hostile, truth: `" onerror="x`, isRight: false },
      ],
    },
  ],
  graphs: [{ title: "graph", svg: "<svg></svg>" }],
  plans: [{ title: "plan", text: hostile }],
  adapter: { name: hostile },
});

test("holds the chart library and the pictures, and loads nothing", () => {
  expect(page).toContain("uPlot");
  expect(page).toContain("data:image/png;base64,AQI=");
  expect(page).not.toMatch(/<(script|img|link)[^>]+(src|href)="(?!data:)/);
});

test("writes text as text", () => {
  expect(page).not.toContain(hostile);
  expect(page).not.toContain('" onerror="x');
  expect(page.match(/<script>/g)?.length).toBe(2);
  expect(page.match(/<\/script>/g)?.length).toBe(2);
});

test("graphs keep quotes and backslashes inside of their labels", async () => {
  const graph = {
    name: 'a"b',
    parts: [
      { id: "1", kind: "frozen" as const, title: 'x" ]; evil', lines: ["c:\\d"] },
      { id: "2", kind: "stage" as const, title: "y", lines: [] },
    ],
    flows: [{ from: "1", to: "2", label: '"' }],
  };
  expect(dotOf(graph)).toContain('label="x\\" ]; evil\\nc:\\\\d"');
  const svg = await svgOf(dotOf(graph));
  expect(svg.startsWith("<svg")).toBe(true);
  expect(svg.match(/class="node"/g)?.length).toBe(2);
  expect(mermaidOf(graph)).toContain("x#quot; ]; evil");
});

test("a loss at a step is the mean of the ten up to it, at step 1 that step alone", () => {
  const values = Array.from({ length: 25 }, (_, index) => index + 1);
  expect(referenceMean(values, 1)).toBe(1);
  expect(referenceMean(values, 25)).toBe(20.5);
  expect(referenceMean(values, 26)).toBeUndefined();
});
