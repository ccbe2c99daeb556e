/** A stage -> the buffers that make up its memory, largest first. */
import type { CheckedModel } from "../1-check/model.ts";
import { buildStage } from "../2-build/build-stage.ts";
import { gradients } from "../3-differentiate/gradients.ts";
import { reachable } from "../ir/node.ts";
import { storageBytes, typeText } from "../ir/tensor-type.ts";
import { rules } from "../ops/index.ts";
import { savedForBackward } from "./plan-report.ts";

/** One buffer, or `count` equal ones of one place. */
export interface Buffer {
  readonly kind: "frozen weights" | "trainable weights" | "gradients" | "adamw" | "activations";
  /** Path of the weight, or of what made the activation. */
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
}

/** Every buffer that `planReport` counts. Their sum is its memory. */
export function whyMemory(model: CheckedModel, stageName: string): readonly Buffer[] {
  const stage = model.stages.get(stageName);
  const batch = (stage && model.data.get(stage.data.value)?.batch.value) ?? 1;
  const graphs = buildStage(model, stageName, { batch });
  const forward = reachable([graphs.total]);
  const found = gradients(graphs.builder, rules, graphs.total, graphs.trainable);
  const last = forward.at(-1)?.id ?? 0;
  const backward = reachable(found.filter((node) => node !== null)).filter(({ id }) => id > last);
  const weights = (kind: Buffer["kind"], nodes: typeof graphs.trainable, times = 1) =>
    nodes.map(({ attributes, type }) => ({
      kind,
      name: attributes.path,
      type: `${times === 1 ? "" : `${times} x `}${typeText(type)}`,
      bytes: times * storageBytes(type),
    }));
  const activations = [...savedForBackward(forward, backward)].map(({ origin, type }) => ({
    kind: "activations" as const,
    name: origin.path,
    type: typeText(type),
    bytes: storageBytes(type),
  }));
  return [
    ...weights("frozen weights", graphs.frozen),
    ...weights("trainable weights", graphs.trainable),
    ...weights("gradients", graphs.trainable),
    ...weights("adamw", graphs.trainable, 2),
    ...activations,
  ].toSorted((a, b) => b.bytes - a.bytes);
}
