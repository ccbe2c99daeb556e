/** A fault of the user's files, settings or machine that stops a run, said so that it can be mended. */

/** What a fault is about; the command line turns it into an exit code. */
export type RunFaultKind =
  /** Something was asked for that is not there or makes no sense. */
  | "usage"
  /** The numbers went wrong: NaN or infinity. */
  | "numbers"
  /** A picture, an annotation or a weight file. */
  | "data"
  /** The model does not fit the device. */
  | "device";

/** Thrown for faults of the user; `message` is for people and may hold several lines. */
export class RunFault extends Error {
  override readonly name = "RunFault";
  readonly kind: RunFaultKind;

  constructor(kind: RunFaultKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
