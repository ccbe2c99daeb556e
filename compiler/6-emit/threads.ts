/** Loop variables → threads of a grid: which invocation takes which element. */

import type { Variable } from "../5-schedule/linear.ts";
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
  const direct = live.length === 2 || live.length === 3;
  if (direct) {
    const [x, y, z] = [extents.at(-1)!, extents.at(-2)!, extents.at(-3) ?? 1];
    const width = widthFor(x);
    const height = group / width;
    const count: [number, number, number] = [Math.ceil(x / width), Math.ceil(y / height), z];
    if (count.every((size) => size <= most)) {
      const axes = ["id.x", "id.y", "id.z"];
      const tests: string[] = [];
      [...live].reverse().forEach((v, i) => {
        text.define(v, axes[i]!);
        const divides = i === 2 || extents.at(-1 - i)! % (i === 0 ? width : height) === 0;
        if (!divides) tests.push(`${axes[i]} >= ${text.shader.uniform(extents.at(-1 - i)!)}`);
      });
      if (tests.length > 0) text.line(`if (${tests.join(" || ")}) { return; }`);
      return { workgroup: [width, height, 1], count };
    }
  }
  const total = extents.reduce((product, extent) => product * extent, 1);
  const groups = Math.ceil(total / group);
  const across = Math.min(groups, most);
  text.line(`let t = id.x + id.y * ${text.shader.uniform(across * group)};`);
  text.line(`if (t >= ${text.shader.uniform(total)}) { return; }`);
  let rest = "t";
  [...live].reverse().forEach((v, i) => {
    const extent = extents.at(-1 - i)!;
    if (i === live.length - 1) {
      text.define(v, rest);
      return;
    }
    const size = text.shader.uniform(extent);
    const own = text.name("t");
    const next = text.name("t");
    text.line(`let ${own} = ${rest} % ${size};`);
    text.line(`let ${next} = ${rest} / ${size};`);
    text.define(v, own);
    rest = next;
  });
  return { workgroup: [group, 1, 1], count: [across, Math.ceil(groups / across), 1] };
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
