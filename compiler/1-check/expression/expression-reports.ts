/** Messages of one expression objective: of those about axes the first alone, because the others follow from it. */
import type { DiagnosticCode } from "../../../grammar/diagnostic.ts";
import type { Message, Placement } from "../../../grammar/message.ts";
import {
  axisMismatch,
  axisTwice,
  lossWithAxes,
  unknownAxis,
} from "../../../grammar/messages/expressions.ts";
import type { Sink } from "../sink.ts";

const aboutAxes: ReadonlySet<DiagnosticCode> = new Set(
  [axisMismatch, axisTwice, lossWithAxes, unknownAxis].map(({ code }) => code),
);

export class ExpressionReports {
  readonly #sink: Sink;
  #hasAxes = false;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  report<Facts extends object>(message: Message<Facts>, facts: Facts, placement: Placement): void {
    if (aboutAxes.has(message.code)) {
      if (this.#hasAxes) return;
      this.#hasAxes = true;
    }
    this.#sink.report(message, facts, placement);
  }
}
