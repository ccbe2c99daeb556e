/** What a process tells its caller when it ends. */

/** Exit codes of every command. */
export const exitCodes = {
  fine: 0,
  /** Our fault. */
  bug: 1,
  /** Wrong usage, or a file that is missing or damaged. */
  usage: 2,
  /** The user said no. */
  refused: 3,
  /** Diagnostics were found. */
  diagnostics: 4,
  testFailed: 5,
  /** The model does not fit the device, or there is no device. */
  device: 6,
  /** Ctrl-C: 128 + SIGINT. */
  interrupted: 130,
} as const;

/** One of the exit codes. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
