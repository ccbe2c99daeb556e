/** What is compared: one column of the table, in a file of its own beside this one. */
import type { Workload } from "../workloads.ts";

/** A workload made ready by one column. */
export interface Contender {
  /** Runs it so many times, one after the other, and waits for the last. */
  run(times: number): Promise<void>;
  /** Milliseconds of making it ready, compilation and the first run. */
  readonly startMilliseconds: number;
  destroy(): void;
}

export interface Column {
  readonly name: string;
  /** True when all its computing is charged to this process's CPU time. */
  readonly computesHere: boolean;
  /** Undefined for a workload that the column cannot do. */
  prepare(work: Workload): Promise<Contender | undefined>;
}
