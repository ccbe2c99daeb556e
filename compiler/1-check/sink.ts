/** Collects diagnostics; the same thing said twice is said once. */
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { type Message, type Placement, report } from "../../grammar/message.ts";

export class Sink {
  readonly #seen = new Set<string>();
  readonly diagnostics: Diagnostic[] = [];

  /** Adds a message unless the same code stands at the same place already. */
  report<Facts extends object>(message: Message<Facts>, facts: Facts, placement: Placement): void {
    this.add(report(message, facts, placement));
  }

  /** True the first time it is asked for a key: one cause is reported once. */
  isFirst(key: string): boolean {
    const isNew = !this.#seen.has(key);
    this.#seen.add(key);
    return isNew;
  }

  /** Adds a diagnostic unless it is there. */
  add(diagnostic: Diagnostic): void {
    const { source, start, end } = diagnostic.primary.span;
    const key = `${diagnostic.code} ${source.name} ${start} ${end} ${source.text.length}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.diagnostics.push(diagnostic);
  }
}
