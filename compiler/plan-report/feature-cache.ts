/** Kept features of a stage -> what they save each step and what they take on disk. */
import type { CheckedData } from "../1-check/model.ts";
import { recordsOf } from "../1-check/parts/data.ts";
import type { StageGraphs } from "../2-build/stage-graphs.ts";
import { reachable } from "../ir/node.ts";
import { productOperations } from "../ir/operations.ts";
import { elements } from "../ir/tensor-type.ts";

/** One encoder whose features are kept. */
export interface KeptFeatures {
  readonly module: string;
  readonly dtype: "f16" | "f32";
  /** Floating-point operations that a step of the first epoch takes more than a later one. */
  readonly operations: number;
  /** On disk. */
  readonly bytesPerPicture: number;
  /** Undefined where the annotations would have to be read. */
  readonly pictures: number | undefined;
}

/** One entry an encoder; `times`: micro-batches a step. */
export function keptFeatures(
  { features }: Pick<StageGraphs, "features">,
  data: CheckedData | undefined,
  times: number,
): readonly KeptFeatures[] {
  return features.map(({ module, dtype, graph }) => {
    const nodes = reachable(graph.outputs.values());
    const [, ...shape] = [...graph.outputs.values()][0]!.type.shape;
    return {
      module,
      dtype,
      operations: times * nodes.reduce((sum, node) => sum + productOperations(node), 0),
      bytesPerPicture: (dtype === "f16" ? 2 : 4) * elements(shape),
      pictures: data && recordsOf(data),
    };
  });
}
