/** Loop variables → threads of a grid: which invocation takes which element. */

import { type Variable, variable } from "../5-schedule/linear.ts";
import type { Target } from "../program.ts";
import type { ExpressionText } from "./expression-text.ts";

export interface Grid {
  readonly workgroup: readonly [number, number, number];
  readonly count: readonly [number, number, number];
}

/** Builtins that `threads` needs in the entry point. */
export const threadBuiltins = "@builtin(global_invocation_id) id: vec3<u32>";

/** Invocations of a workgroup. */
const group = 64;
/** Invocations an element where loops lie along the axes of the grid; beyond, divisions cost less. */
const mostPerElement = 2;

/**
 * Defines `variables` (outermost first) as coordinates of the invocation and leaves invocations beyond them.
 * The vector variable counts in quarters.
 */
export function threads(
  text: ExpressionText,
  variables: readonly Variable[],
  vector: Variable | undefined,
  target: Target,
): Grid {
  const live = variables.filter((v) => v.extent > 1);
  const extents = live.map((v) => (v === vector ? v.extent / 4 : v.extent));
  const most = target.maxComputeWorkgroupsPerDimension;
  if (live.length >= 2) {
    const [x, y] = [extents.at(-1)!, extents.at(-2)!];
    const z = extents.slice(0, -2).reduce((product, extent) => product * extent, 1);
    const width = widthFor(x);
    const height = group / width;
    const count: [number, number, number] = [Math.ceil(x / width), Math.ceil(y / height), z];
    const perElement = (count[0] * width * count[1] * height) / (x * y);
    if (perElement <= mostPerElement && count.every((size) => size <= most)) {
      text.define(live.at(-1)!, "id.x");
      text.define(live.at(-2)!, "id.y");
      const tests = [
        ...(x % width === 0 ? [] : [`id.x >= ${text.shader.uniform(x)}`]),
        ...(y % height === 0 ? [] : [`id.y >= ${text.shader.uniform(y)}`]),
      ];
      if (tests.length > 0) text.line(`if (${tests.join(" || ")}) { return; }`);
      takeApart(text, live.slice(0, -2), extents, "id.z");
      return { workgroup: [width, height, 1], count };
    }
  }
  return inOneLine(text, live, extents, most);
}

/**
 * As `threads` for the rows of a fold: always two loops in one line of invocations, the outer one perhaps of one value, so that
 * rows of a whole tensor and rows of a part of it have one text.
 */
export function rowThreads(
  text: ExpressionText,
  rows: readonly Variable[],
  vector: Variable | undefined,
  target: Target,
): Grid {
  const live = rows.filter((v) => v.extent > 1);
  const missing = Array.from({ length: Math.max(0, 2 - live.length) }, () => variable(1, false));
  const all = [...missing, ...live];
  const extents = all.map((v) => (v === vector ? v.extent / 4 : v.extent));
  const grid = inOneLine(text, all, extents, target.maxComputeWorkgroupsPerDimension);
  text.writeRows(all);
  return grid;
}

function inOneLine(
  text: ExpressionText,
  live: readonly Variable[],
  extents: readonly number[],
  most: number,
): Grid {
  const total = extents.reduce((product, extent) => product * extent, 1);
  const groups = Math.ceil(total / group);
  const across = Math.min(groups, most);
  text.line(`let t = id.x + id.y * ${text.shader.uniform(across * group)};`);
  text.line(`if (t >= ${text.shader.uniform(total)}) { return; }`);
  takeApart(text, live, extents, "t");
  return { workgroup: [group, 1, 1], count: [across, Math.ceil(groups / across), 1] };
}

/** Defines variables from their joint position: a division each, but for the outermost. */
export function takeApart(
  text: ExpressionText,
  variables: readonly Variable[],
  extents: readonly number[],
  position: string,
): void {
  let rest = position;
  for (let i = variables.length - 1; i > 0; i--) {
    const size = text.shader.uniform(extents[i]!);
    const own = text.name("t");
    const next = text.name("t");
    text.line(`let ${next} = ${rest} / ${size};`);
    text.line(`let ${own} = ${rest} - ${next} * ${size};`);
    text.define(variables[i]!, own);
    rest = next;
  }
  if (variables[0] !== undefined) text.define(variables[0], rest);
}

/** The width of a workgroup that leaves fewest invocations idle; the widest of equals. */
function widthFor(extent: number): number {
  let best = 64;
  for (const width of [64, 32, 16, 8, 4]) {
    const waste = Math.ceil(extent / width) * width;
    if (waste < Math.ceil(extent / best) * best) best = width;
  }
  return best;
}
