/** Sizes of stage 1 → how time, memory and compilation grow with each, as a plot and exponents. */
import { writeFileSync } from "node:fs";
import type { AdapterChoice } from "../../runtime/device/find-adapter.ts";
import { type Device, openDevice } from "../../runtime/device/open-device.ts";
import { stageRequest } from "../columns/blipc.ts";
import { keepSection } from "../keep-section.ts";
import { markdownTable } from "../markdown-table.ts";
import { number, size } from "../spread.ts";
import { compileStageStep, openStageStep } from "../stages/stage-step.ts";
import { type StageSizes, smallMiddle } from "../workloads.ts";
import { lastExponent, powerLaw } from "./fit.ts";
import { type Curve, growthSvg } from "./plot.ts";

/** How `--only growth` is called. */
export interface SideRequest {
  readonly adapter: AdapterChoice | undefined;
  readonly isQuick: boolean;
  readonly onProgress: (text: string) => void;
}

interface Axis {
  readonly name: string;
  readonly key: "batch" | "words" | "queries" | "layers";
  readonly values: readonly number[];
}

const axes: readonly Axis[] = [
  { name: "batch", key: "batch", values: [1, 2, 4, 8, 16, 32] },
  { name: "text tokens", key: "words", values: [8, 16, 32, 64] },
  { name: "queries", key: "queries", values: [8, 16, 32, 64] },
  { name: "depth of the Q-Former", key: "layers", values: [2, 4, 8, 12] },
];

interface Point {
  readonly place: number;
  readonly milliseconds: number;
  readonly planned: number;
  readonly compilation: number;
  readonly dispatches: number;
  readonly flop: number;
}

/** Steps that are timed at each point; the quickest counts. */
const timedSteps = 2;

/** Measures all axes around the small middle size, prints the table, writes `growth.svg` and a section of RESULTS.md. */
export async function measureGrowth({ adapter, isQuick, onProgress }: SideRequest): Promise<void> {
  const device = await openDevice(adapter === undefined ? {} : { adapter });
  const base: StageSizes = isQuick
    ? { ...smallMiddle, towerLayers: 1, words: 8, queries: 8 }
    : smallMiddle;
  const curves: Curve[] = [];
  const lines: string[][] = [];
  for (const { name, key, values } of axes) {
    const points: Point[] = [];
    for (const place of isQuick ? values.slice(0, 2) : values) {
      onProgress(`growth: ${name} ${place}`);
      const point = await pointAt(device, { ...base, [key]: place }, place).catch(
        (error: unknown) => {
          onProgress(`left out: ${error instanceof Error ? error.message : String(error)}`);
          return undefined;
        },
      );
      if (point !== undefined) points.push(point);
    }
    if (points.length < 2) continue;
    const times = points.map(({ place, milliseconds }) => [place, milliseconds] as const);
    const of = (value: (point: Point) => number) =>
      powerLaw(points.map((point) => [point.place, value(point)])).exponent.toFixed(2);
    curves.push({ name, points: times, law: powerLaw(times) });
    lines.push([
      `${name}, ${points[0]!.place} to ${points.at(-1)!.place}`,
      times.map(([, y]) => number(y / 1000)).join(", "),
      of(({ milliseconds }) => milliseconds),
      lastExponent(times).toFixed(2),
      of(({ flop }) => flop),
      points.map(({ planned }) => size(planned)).join(", "),
      of(({ planned }) => planned),
      of(({ compilation }) => compilation),
      of(({ dispatches }) => dispatches),
    ]);
  }
  const { name, driver } = device.adapter;
  device.close();
  const heads = [
    "what grows",
    "seconds a step",
    "exponent of time",
    "of time, last two",
    "of FLOP",
    "planned memory",
    "of memory",
    "of compilation",
    "of dispatches",
  ];
  const table = markdownTable(heads, lines);
  console.log(table);
  if (isQuick) return;
  const about = `stage 1 with ViT-B of ${base.towerLayers} blocks, Q-Former of ${base.layers} layers, batch ${base.batch}, ${base.words} tokens, ${base.queries} queries`;
  writeFileSync(
    new URL("growth.svg", import.meta.url),
    growthSvg(curves, `Seconds a step: ${about}`),
  );
  keepSection(
    [
      `## Growth, ${name}`,
      "",
      `By \`npm run bench -- --only growth\`, ${new Date().toISOString().slice(0, 10)}, ${driver}: ${about}; one size changes at a time.`,
      "",
      table,
      "",
      "![seconds a step over batch, text, queries and depth](growth/growth.svg)",
    ].join("\n"),
  );
}

async function pointAt(device: Device, sizes: StageSizes, place: number): Promise<Point> {
  const compiled = compileStageStep(stageRequest(1, sizes), device.target);
  const step = await openStageStep(compiled, device);
  try {
    await step.submit(1, []).outputs;
    const times: number[] = [];
    for (let t = 2; t < 2 + timedSteps; t++) {
      const start = performance.now();
      await step.submit(t, []).outputs;
      times.push(performance.now() - start);
    }
    const { program, flop, planned, milliseconds } = compiled;
    return {
      place,
      milliseconds: Math.min(...times),
      planned,
      compilation: milliseconds,
      dispatches: program.dispatches.length,
      flop,
    };
  } finally {
    await step.close();
  }
}
