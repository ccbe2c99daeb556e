/** Labels of dispatches → kinds of them: the same work in every layer is one kind. */
import type { Profile } from "../runtime/execute/profile.ts";

export interface KindShare {
  readonly kind: string;
  readonly dispatches: number;
  readonly milliseconds: number;
}

/** Rows of a profile summed over layers, slowest first. */
export function kindsOf({ rows }: Profile): readonly KindShare[] {
  const kinds = new Map<string, KindShare>();
  for (const { label, dispatches, milliseconds } of rows) {
    const kind = label
      .replace(/\.\d+(?=\.|'|$| )/g, ".*")
      .replace(/ ?\(?\S*\.blip:\d+:\d+\)?/, "")
      .trim();
    const known = kinds.get(kind);
    kinds.set(kind, {
      kind,
      dispatches: (known?.dispatches ?? 0) + dispatches,
      milliseconds: (known?.milliseconds ?? 0) + milliseconds,
    });
  }
  return [...kinds.values()].toSorted((one, other) => other.milliseconds - one.milliseconds);
}
