/** Kind `pos-embed-interp`: position embeddings moved to another grid. */
import { join } from "node:path";
import { interpolatePositions } from "../../../runtime/weights/interpolate-positions.ts";
import { type Comparison, largestDifference, measured } from "../comparison.ts";
import { readTensors } from "../tensors.ts";

interface PositionCase {
  readonly tensors_file?: string;
  readonly cases: readonly {
    readonly key: number | string;
    readonly grid_in: number;
    readonly grid_out: number;
    readonly dim: number;
    readonly eva_vs_clip?: number;
  }[];
}

const bound = 1e-5;

/** Compares both flavors of every case, and their distance from each other. */
export async function check(folder: string, c: unknown): Promise<readonly Comparison[]> {
  const reference = c as PositionCase;
  const tensors = readTensors(join(folder, reference.tensors_file ?? "tensors.safetensors"));
  const unused = new Set(tensors.keys());
  const lines: Comparison[] = [];
  for (const entry of reference.cases) {
    const take = (name: string): Float32Array => {
      unused.delete(`${entry.key}/${name}`);
      return tensors.get(`${entry.key}/${name}`)!.data as Float32Array;
    };
    const table = take("in");
    const grids = { classRows: 1, from: entry.grid_in, to: entry.grid_out, width: entry.dim };
    const what = `${entry.grid_in} x ${entry.grid_in} to ${entry.grid_out} x ${entry.grid_out}`;
    const eva = interpolatePositions(table, { ...grids, alignCorners: false });
    const clip = interpolatePositions(table, { ...grids, alignCorners: true });
    const name = `${entry.key}/out`;
    lines.push(measured(`${name}_eva`, what, largestDifference(eva, take("out_eva")), bound));
    lines.push(measured(`${name}_clip`, what, largestDifference(clip, take("out_clip")), bound));
    if (entry.eva_vs_clip !== undefined) {
      const error = Math.abs(largestDifference(eva, clip) - entry.eva_vs_clip);
      lines.push(measured(`${entry.key}/eva_vs_clip`, "distance of both", error, 2 * bound));
    }
  }
  for (const name of unused) lines.push(measured(name, "a key nothing reads", 1, 0));
  return lines;
}
