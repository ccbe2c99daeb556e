/** What can go wrong on a device, as typed errors. */

export { InvariantError, invariant } from "../../compiler/invariant.ts";

/** No adapter could be opened; the message ends with the line to type. */
export class NoAdapter extends Error {
  override readonly name = "NoAdapter";
}

/** The device went away while (or before) something waited for it. */
export class DeviceLost extends Error {
  override readonly name = "DeviceLost";
  /** `closed`: we closed it; `destroyed`: somebody destroyed it; `unknown`: driver or hardware. */
  readonly reason: "closed" | "destroyed" | "unknown";

  constructor(reason: "closed" | "destroyed" | "unknown", detail: string) {
    super(`The device was lost (${reason})${detail === "" ? "" : `: ${detail}`}`);
    this.reason = reason;
  }
}

/** The device had no room for a tensor. */
export class OutOfMemory extends Error {
  override readonly name = "OutOfMemory";
  readonly tensor: string;
  /** Bytes asked for. */
  readonly bytes: number;
  /** Bytes that were allocated on this device before. */
  readonly allocated: number;

  constructor(tensor: string, bytes: number, allocated: number, detail: string) {
    super(
      `Out of device memory: "${tensor}" asked for ${inWords(bytes)}, ${inWords(allocated)} are already allocated${detail === "" ? "" : ` (${detail})`}`,
    );
    this.tensor = tensor;
    this.bytes = bytes;
    this.allocated = allocated;
  }
}

/** The device refused a shader, a binding or a launch; `label` names the dispatch where it is known. */
export class ProgramRefused extends Error {
  override readonly name = "ProgramRefused";
  readonly label: string | undefined;

  constructor(label: string | undefined, detail: string) {
    super(label === undefined ? detail : `${label}: ${detail}`);
    this.label = label;
  }
}

/** Bytes for people: 512 B, 3.5 KiB, 1.2 GiB. */
export function inWords(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
