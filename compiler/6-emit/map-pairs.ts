/** MapKernel that stores halves → WGSL for devices without f16: a thread takes two neighbors, so that each word has one writer. */
import type { MapKernel, Store } from "../5-schedule/kernel.ts";
import { dense, same, type Variable, variable } from "../5-schedule/linear.ts";
import { invariant } from "../invariant.ts";
import type { ExpressionText } from "./expression-text.ts";
import type { EmitContext, Emitted } from "./launch.ts";
import { takeApart, threadBuiltins, threads } from "./threads.ts";

export function emitPairs(
  text: ExpressionText,
  { variables, stores }: MapKernel,
  context: EmitContext,
): Emitted {
  const { shader } = text;
  const live = variables.filter((v) => v.extent > 1);
  const count = live.reduce((product, v) => product * v.extent, 1);
  const pair = variable(Math.ceil(count / 2), false);
  const grid = threads(text, [pair], undefined, context.target);
  const position = pair.extent > 1 ? text.variableText(pair) : "0u";
  stores.forEach((store, i) => {
    if (!isHalf(store)) return;
    invariant(isPaired(store, variables), () => `halves of ${store.node.op} do not lie in pairs`);
    text.line(`var bits${i} = vec2<u32>();`);
    text.line(`var word${i} = 0u;`);
  });
  text.block("for (var q = 0u; q < 2u; q++)", () => {
    text.line(`let flat = min(${position} * 2u + q, ${shader.uniform(count - 1)});`);
    takeApart(
      text,
      live,
      live.map((v) => v.extent),
      "flat",
    );
    const values = stores.map((store) => text.stored(store));
    stores.forEach((store, i) => {
      if (!isHalf(store)) {
        text.store(store, values[i]!);
        return;
      }
      text.line(`bits${i}[q] = half_bits1(${values[i]!.text});`);
      text.line(`if (q == 0u) { word${i} = (${text.address(store.address)}) >> 1u; }`);
    });
  });
  stores.forEach((store, i) => {
    if (!isHalf(store)) return;
    const buffer = context.bufferOf(store.to);
    text.line(shader.writeHalves(buffer, `word${i}`, `bits${i}.x`, `bits${i}.y`));
  });
  return {
    shader: shader.finish(grid.workgroup, threadBuiltins, text.lines()),
    grid: grid.count,
  };
}

function isHalf({ node }: Store): boolean {
  return node.type.dtype === "f16";
}

/** True when elements 2 i and 2 i + 1 of the loops stand in one word. */
function isPaired({ address }: Store, variables: readonly Variable[]): boolean {
  if (same(address, dense(variables))) return true;
  const live = variables.filter((v) => v.extent > 1);
  const last = live.at(-1);
  const isEven = ({ factor, variable: v }: { factor: number; variable: Variable }) =>
    v === last ? factor === 1 && v.extent % 2 === 0 : factor % 2 === 0;
  return address.offset % 2 === 0 && address.terms.every(isEven);
}
