/** A program on a device whose driver knows none of its shaders → what their first uses cost, by kind of kernel. */
import type { PreparedProgram } from "../../runtime/execute/prepare.ts";
import { waitedTimes } from "../../runtime/execute/profile.ts";

/** All shaders of one kind of kernel. */
export interface FirstUses {
  readonly kind: string;
  readonly shaders: number;
  readonly dispatches: number;
  /** How much longer their first dispatches took than the same dispatches a second time. */
  readonly seconds: number;
}

/** By the op that a label begins with. */
const kinds: Readonly<Record<string, string>> = {
  matmul: "products",
  attention: "attention",
  attentionGradient: "attention",
  fold: "sums over rows: norms, softmax, losses",
  scatterAdd: "additions by index",
};

/** Runs every dispatch twice, each waited for by itself. */
export async function firstUses(prepared: PreparedProgram): Promise<readonly FirstUses[]> {
  const { device, launches } = prepared;
  const first = await waitedTimes(device, launches);
  const second = await waitedTimes(device, launches);
  const found = new Map<
    string,
    { kind: string; shaders: Set<number>; dispatches: number; seconds: number }
  >();
  prepared.program.dispatches.forEach(({ shader, label }, i) => {
    const kind = kinds[label.split(" ")[0] ?? ""] ?? "element by element";
    const sums = found.get(kind) ?? { kind, shaders: new Set(), dispatches: 0, seconds: 0 };
    found.set(kind, sums);
    if (!sums.shaders.has(shader)) sums.seconds += Math.max(0, first[i]! - second[i]!) / 1000;
    sums.shaders.add(shader);
    sums.dispatches += 1;
  });
  return [...found.values()]
    .map((sums) => ({ ...sums, shaders: sums.shaders.size }))
    .toSorted((one, other) => other.seconds - one.seconds);
}
