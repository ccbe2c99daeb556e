/** Whatever was thrown → an exit code and what to say of it. Looks at names only, so that nothing heavy is loaded. */
import { type ExitCode, exitCodes } from "./exit-code.ts";

/** A fault as it is told. */
export interface ToldFault {
  readonly code: ExitCode;
  /** Stable word for tools. */
  readonly kind: string;
  /** For people. */
  readonly message: string;
}

/** Stops a command with an exit code after everything was said. */
export class Quit extends Error {
  override readonly name = "Quit";
  readonly code: ExitCode;

  constructor(code: ExitCode) {
    super(`exit ${code}`);
    this.code = code;
  }
}

const kinds: Readonly<Record<string, readonly [ExitCode, string]>> = {
  FileError: [exitCodes.usage, "file"],
  DataError: [exitCodes.usage, "data"],
  NoAdapter: [exitCodes.device, "no-adapter"],
  OutOfMemory: [exitCodes.device, "out-of-memory"],
  DeviceLost: [exitCodes.device, "device-lost"],
  ProgramRefused: [exitCodes.device, "program-refused"],
};

const faultKinds: Readonly<Record<string, ExitCode>> = {
  usage: exitCodes.usage,
  data: exitCodes.usage,
  numbers: exitCodes.diagnostics,
  device: exitCodes.device,
};

/** How a fault is told. Anything unknown is our bug and is told with its stack. */
export function toldFault(thrown: unknown): ToldFault {
  if (!(thrown instanceof Error)) {
    return { code: exitCodes.bug, kind: "bug", message: String(thrown) };
  }
  if (thrown.name === "RunFault") {
    const { kind } = thrown as Error & { readonly kind: string };
    return { code: faultKinds[kind] ?? exitCodes.usage, kind, message: thrown.message };
  }
  const known = kinds[thrown.name];
  if (known !== undefined) return { code: known[0], kind: known[1], message: thrown.message };
  const stack = thrown.stack ?? thrown.message;
  return {
    code: exitCodes.bug,
    kind: "bug",
    message: `this is a bug of blipc, not of your pipeline:\n${stack}`,
  };
}
