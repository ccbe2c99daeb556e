/** An entry of the message catalogue, and how it becomes a diagnostic. */
import type { Diagnostic, DiagnosticCode, Fix, Label, Note, Severity } from "./diagnostic.ts";

/** A pipeline that shows a message, or shows how to do without it. */
export interface Example {
  /** Text of the file that is checked, called `example.blip`. */
  readonly text: string;
  /** Further files by name, for imports. */
  readonly files?: Readonly<Record<string, string>>;
  /** Values of `--set`: `batch=1`. */
  readonly set?: readonly string[];
  /** The device that the pipeline is planned for. */
  readonly device?: {
    /** Bytes that it offers, as one writes them: `24 GiB`. */
    readonly memory?: string;
    /** Its name. */
    readonly adapter?: string;
    /** Its WebGPU features; all that are asked for when absent. */
    readonly features?: readonly string[];
  };
}

/**
 * One message: everything that does not depend on the place where it appears.
 * `Facts` is what the title needs to name the things; it becomes the `data` of the diagnostic.
 */
export interface Message<Facts> {
  readonly code: DiagnosticCode;
  /** Stable name: `cross-width`. */
  readonly slug: string;
  readonly severity: Severity;
  /** One line that states the fact, without advice. */
  readonly title: (facts: Facts) => string;
  /** What `blipc explain CODE` says: a few sentences, in the user's words. */
  readonly explanation: string;
  /** Gives exactly this code. */
  readonly failing: Example;
  /** The same thing done right: gives nothing. */
  readonly working: Example;
}

/** Any entry, when its facts do not matter. */
export type AnyMessage = Message<never>;

/** Where a message appears and what is said there. */
export interface Placement {
  readonly primary: Label;
  readonly labels?: readonly Label[];
  readonly notes?: readonly Note[];
  readonly fixes?: readonly Fix[];
}

/** Declares an entry with its facts inferred from the title. */
export function defineMessage<Facts extends object>(message: Message<Facts>): Message<Facts> {
  return message;
}

/** A diagnostic from a catalogue entry, the facts it names and its place. */
export function report<Facts extends object>(
  message: Message<Facts>,
  facts: Facts,
  placement: Placement,
): Diagnostic {
  return {
    code: message.code,
    slug: message.slug,
    severity: message.severity,
    title: message.title(facts),
    primary: placement.primary,
    labels: placement.labels ?? [],
    notes: placement.notes ?? [],
    fixes: placement.fixes ?? [],
    data: Object.fromEntries(Object.entries(facts)),
  };
}

/** A remark under the frame. */
export function note(text: string): Note {
  return { kind: "note", text };
}

/** Something one can type, under the frame. */
export function help(text: string): Note {
  return { kind: "help", text };
}

/** A reason, under the frame. */
export function why(text: string): Note {
  return { kind: "why", text };
}
