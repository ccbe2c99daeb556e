/** A process id → a mark that a later process with the same id does not bear. */
import { readFileSync } from "node:fs";

/** When a process started where that cannot be told. */
export const unknownStart = "unknown";

/**
 * When the process started, as text to compare: boot and clock ticks on Linux, `unknownStart` elsewhere and where `proc` does
 * not show it. Undefined when no such process runs; a zombie does not run.
 */
export function processStart(pid: number, proc = "/proc"): string | undefined {
  if (!exists(pid)) return undefined;
  if (process.platform !== "linux") return unknownStart;
  try {
    const status = readFileSync(`${proc}/${pid}/stat`, "latin1");
    // The second field is the program's name in parentheses and may hold anything; the rest is counted from field 3.
    const fields = status.slice(status.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    if (state === "Z" || state === "X") return undefined;
    return `${bootIdentity()}:${fields[19]}`;
  } catch {
    // It ended in between, or nothing shows processes here, as in a bare chroot.
    return exists(pid) ? unknownStart : undefined;
  }
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
}

function bootIdentity(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  } catch {
    return "";
  }
}
