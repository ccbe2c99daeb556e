/** MapKernel → WGSL: one thread an element, or four neighbors where all addresses allow it. */
import type { MapKernel } from "../5-schedule/kernel.ts";
import type { EmitContext, Launch } from "./launch.ts";
import { wideOrNot } from "./launch.ts";
import { emitPairs } from "./map-pairs.ts";
import { threadBuiltins, threads } from "./threads.ts";

export function emitMap(kernel: MapKernel, context: EmitContext): Launch {
  const hasHalves = kernel.stores.some(({ node }) => node.type.dtype === "f16");
  return wideOrNot(kernel.variables.at(-1), context, (text, vector) => {
    if (hasHalves && vector === undefined && !context.target.shaderF16)
      return emitPairs(text, kernel, context);
    const grid = threads(text, kernel.variables, vector, context.target);
    text.storeAll(kernel.stores);
    return {
      shader: text.shader.finish(grid.workgroup, threadBuiltins, text.lines()),
      grid: grid.count,
    };
  });
}
