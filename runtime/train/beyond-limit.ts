/** A stage whose programs take more than its own limit of memory. */
import type { Target } from "../../compiler/program.ts";
import { RunFault } from "./run-fault.ts";

/** Thrown before weights are read; whoever has the pipeline's text says more, by a plan for `target` and `batch`. */
export class BeyondLimit extends RunFault {
  readonly target: Target;
  /** Records a step. */
  readonly batch: number;

  constructor(stage: string, bytes: number, limit: number, target: Target, batch: number) {
    super(
      "device",
      `stage \`${stage}\` takes ${bytes} bytes, the least that was found; its limit is ${limit}`,
    );
    this.target = target;
    this.batch = batch;
  }
}
