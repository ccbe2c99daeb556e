/** All that features depend on besides the picture → the name of the folder that keeps them. */
import { createHash } from "node:crypto";
import type { ImageStep } from "../../compiler/1-check/model.ts";
import type { FeatureGraph } from "../../compiler/2-build/stage-graphs.ts";
import { type Node, reachable } from "../../compiler/ir/node.ts";
import type { Device } from "../device/open-device.ts";
import type { DeviceMemory } from "../execute/memory.ts";

/** What is known of a run that computes features. */
export interface FeatureSetting {
  /** At any batch: rows do not know of each other. */
  readonly feature: FeatureGraph;
  /** What happens to a picture before. */
  readonly steps: readonly ImageStep[];
  readonly device: Device;
  /** Holds the encoder's weights. */
  readonly memory: DeviceMemory;
  /** Version of the compiler: another one may round in another order. */
  readonly version: string;
}

/** 32 hexadecimal digits: the same exactly when every feature is the same to the last bit. Throws `DeviceLost`. */
export async function featureKey(setting: FeatureSetting): Promise<string> {
  const { feature, steps, device, memory, version } = setting;
  const { vendor, architecture, name, driver } = device.adapter;
  const hash = createHash("sha256");
  const { precision } = feature.graph;
  const facts = { version, adapter: { vendor, architecture, name, driver }, steps, precision };
  hash.update(JSON.stringify({ ...facts, target: device.target, dtype: feature.dtype }));
  hash.update(graphFacts(feature));
  for (const { attributes } of feature.graph.parameters) {
    const { path, shape, dtype } = attributes;
    hash.update(JSON.stringify({ path, shape, dtype }));
    hash.update(await memory.download(path));
  }
  return hash.digest("hex").slice(0, 32);
}

/** Every node with all its attributes, a line each; sizes of the batch come along. */
function graphFacts({ graph }: FeatureGraph): string {
  const nodes = reachable(graph.outputs.values());
  const numbers = new Map<Node, number>(nodes.map((node, index) => [node, index]));
  return nodes
    .map(({ op, inputs, attributes, type }) => {
      const of = (inputs as readonly Node[]).map((input) => numbers.get(input));
      return JSON.stringify([op, of, attributes, type]);
    })
    .join("\n");
}
