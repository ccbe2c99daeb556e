/** A library in a child process → a column. */
import type { Workload } from "../workloads.ts";
import { type Child, type ChildCommand, startChild } from "./child.ts";
import type { Column, ColumnKind, Sample } from "./column.ts";

interface Prepared {
  readonly cannot?: true;
  readonly check: readonly number[];
  readonly start: number;
  /** Bytes by which the process grew at most. */
  readonly peak?: number;
}

/** Starts a peer; throws with the reason when it is not there or does not open. */
export async function openPeer(
  name: string,
  kind: ColumnKind,
  command: ChildCommand,
): Promise<Column> {
  let child: Child = startChild(command);
  const { version } = await child.ask<{ version: string }>({ do: "open" });
  let isFresh = true;
  return {
    name,
    kind,
    version,
    async prepare(work: Workload, folder: string) {
      // Memory of a stage is read off the whole process, so nothing may have run in it before.
      if (work.kind === "stage" && !isFresh) {
        child.close();
        child = startChild(command);
        await child.ask({ do: "open" });
      }
      isFresh = false;
      const prepared = await child.ask<Prepared>({ do: "prepare", work, folder });
      if (prepared.cannot === true) return undefined;
      return {
        startMilliseconds: prepared.start,
        check: prepared.check,
        facts: prepared.peak === undefined || work.kind !== "stage" ? {} : { peak: prepared.peak },
        run: (times) => child.ask<Sample>({ do: "run", times }),
        release: async () => {
          await child.ask({ do: "release" });
        },
      };
    },
    close: () => child.close(),
  };
}
