/** A process id → a mark that a later process with the same id does not bear. */
import { readFileSync } from "node:fs";

/**
 * When the process started, as text to compare: boot and clock ticks on Linux, "unknown" elsewhere. Undefined when no
 * such process runs; a zombie does not run.
 */
export function processStart(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (thrown) {
    const isForeign = thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
    if (!isForeign) return undefined;
  }
  if (process.platform !== "linux") return "unknown";
  try {
    const status = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field is the program's name in parentheses and may hold anything; the rest is counted from field 3.
    const fields = status.slice(status.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    if (state === "Z" || state === "X") return undefined;
    return `${bootIdentity()}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

function bootIdentity(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  } catch {
    return "";
  }
}
