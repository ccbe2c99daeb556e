/** Text → standard output and standard error: colors where they are wanted, a live line where there is a terminal. */
import { createColors } from "picocolors";

/** Wraps text in colors. */
export type Colors = ReturnType<typeof createColors>;

/** Where a command writes. Data goes out, everything else goes to the side. */
export interface Terminal {
  /** Colors of standard output. */
  readonly colors: Colors;
  /** Colors of standard error. */
  readonly sideColors: Colors;
  /** Columns of standard error. */
  readonly columns: number;
  /** True when a person watches standard error. */
  readonly isLive: boolean;
  /** Data: a line to standard output. */
  out(text: string): void;
  /** A line to standard error. */
  side(text: string): void;
  /** A line to standard error that only a person wants to see: nothing when piped. */
  remark(text: string): void;
  /** Replaces the live line; the empty text takes it away. Nothing when piped. */
  live(text: string): void;
}

/** The process's own streams. */
export function openTerminal(environment: NodeJS.ProcessEnv = process.env): Terminal {
  const wants = (stream: NodeJS.WriteStream) => {
    if ((environment["NO_COLOR"] ?? "") !== "") return false;
    if ((environment["FORCE_COLOR"] ?? "") !== "") return environment["FORCE_COLOR"] !== "0";
    return stream.isTTY === true && environment["TERM"] !== "dumb";
  };
  const isLive = process.stderr.isTTY === true && environment["TERM"] !== "dumb";
  let hasLine = false;
  const clear = () => {
    if (hasLine) process.stderr.write("\r\u001b[2K");
    hasLine = false;
  };
  return {
    colors: createColors(wants(process.stdout)),
    sideColors: createColors(wants(process.stderr)),
    get columns() {
      return process.stderr.columns ?? 80;
    },
    isLive,
    out: (text) => {
      clear();
      process.stdout.write(`${text}\n`);
    },
    side: (text) => {
      clear();
      process.stderr.write(`${text}\n`);
    },
    remark: (text) => {
      if (!isLive) return;
      clear();
      process.stderr.write(`${text}\n`);
    },
    live: (text) => {
      if (!isLive) return;
      clear();
      if (text === "") return;
      process.stderr.write(text);
      hasLine = true;
    },
  };
}
