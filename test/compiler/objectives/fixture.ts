/** Random values for every parameter and input of a graph. */
import { type Node, reachable } from "../../../compiler/ir/node.ts";
import { elements } from "../../../compiler/ir/tensor-type.ts";
import { philox, unitFloat } from "../../../compiler/philox.ts";

/** Parameters and f32 inputs between -0.5 and 0.5, norms around 1; `own` values stay. */
export function randomValues(
  roots: readonly Node[],
  own: ReadonlyMap<string, ArrayLike<number>>,
): ReadonlyMap<string, ArrayLike<number>> {
  const values = new Map(own);
  for (const node of reachable(roots)) {
    if (node.op !== "parameter" && node.op !== "input") continue;
    const name = node.op === "input" ? node.attributes.name : node.attributes.path;
    if (values.has(name)) continue;
    const center = /(LayerNorm|norm\d?)\.weight$/.test(name) ? 1 : 0;
    const size = elements(node.type.shape);
    values.set(
      name,
      Float64Array.from(
        { length: size },
        (_, i) => center + unitFloat(philox([i, node.id, 0, 0], [1, 2])[0]!) - 0.5,
      ),
    );
  }
  return values;
}
