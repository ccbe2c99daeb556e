/** What is compared: one column of the table, in a file of its own beside this one. */
import type { Profile } from "../../runtime/execute/profile.ts";
import type { Workload } from "../workloads.ts";

/** Milliseconds of one run. */
export interface Sample {
  readonly wall: number;
  /** CPU time of the process that computes, all its threads. */
  readonly cpu: number;
}

/** A workload made ready by one column. */
export interface Contender {
  /** Runs it so many times, one after the other, and waits for the last. */
  run(times: number): Promise<Sample>;
  /** Milliseconds of making it ready, compilation and the first run. */
  readonly startMilliseconds: number;
  /** Numbers that every column must agree on: elements of a result, or losses of the first steps. */
  readonly check: readonly number[];
  /** Facts beside the time. */
  readonly facts: Facts;
  /** Where the time of a run goes, dispatch by dispatch; ours alone. */
  readonly profile?: () => Promise<Profile>;
  release(): Promise<void>;
}

/** What a column knows of a workload beside its time. */
export interface Facts {
  /** Floating-point operations of the products in one run, as the compiler counts them. */
  readonly flop?: number;
  readonly dispatches?: number;
  readonly pipelines?: number;
  /** Milliseconds from the pipeline's text to the program. */
  readonly compileMilliseconds?: number;
  /** Device bytes that the plan promises. */
  readonly planned?: number;
  /** Device bytes that were allocated, or by how much the process grew, at most. */
  readonly peak?: number;
}

/** `webgpu`: on the adapter that is measured. `javascript`: in Node on the CPU. `native`: native code on the CPU. */
export type ColumnKind = "own" | "webgpu" | "javascript" | "native";

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly version: string;
  /**
   * Undefined for a workload that the column cannot do; throws where it fails. `folder` is where the first column leaves
   * the weights of a stage for the others.
   */
  prepare(work: Workload, folder: string): Promise<Contender | undefined>;
  close(): void;
}
