/** What one run on the device computes and changes. Made by `3-differentiate`, rewritten by `4-optimize`, read by `5-schedule`. */
import type { Node, NodeOf } from "../ir/node.ts";

/** A parameter and the value it has after the run. */
export interface Update {
  readonly target: NodeOf<"parameter">;
  readonly value: Node;
}

/** Losses and metrics to read back by name, and the state that changes. Frozen parameters are in no update. */
export interface TrainingGraph {
  readonly name: string;
  readonly outputs: ReadonlyMap<string, Node>;
  readonly updates: readonly Update[];
}

/** What a run is for: its outputs, then the new values of its parameters. */
export function rootsOf({ outputs, updates }: TrainingGraph): readonly Node[] {
  return [...outputs.values(), ...updates.map(({ value }) => value)];
}
