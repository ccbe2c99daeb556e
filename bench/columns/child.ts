/** A child process that answers a line of JSON with a line of JSON: requests on its stdin, replies on descriptor 3. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

export interface Child {
  /** Sends a request and waits for its reply. Throws when the reply is an error or the child ends. */
  ask<Reply>(request: Readonly<Record<string, unknown>>): Promise<Reply>;
  close(): void;
}

/** How a child is started. */
export interface ChildCommand {
  readonly command: string;
  readonly arguments: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds that an answer may take; forever when absent. */
  readonly patience?: number;
}

/** Characters of the child's complaints that are kept for a message. */
const keptComplaints = 2000;

/** Starts a child. What it prints is dropped, but for the end of its stderr, which stands in the error when it dies. */
export function startChild({ command, arguments: given, env = {}, patience }: ChildCommand): Child {
  const child = spawn(command, [...given], {
    stdio: ["pipe", "ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let complaints = "";
  child.stderr?.on("data", (data: Buffer) => {
    complaints = `${complaints}${data.toString("utf8")}`.slice(-keptComplaints);
  });
  child.stdin?.on("error", () => {});
  const waiting: { resolve(line: string): void; reject(error: Error): void }[] = [];
  let fault: Error | undefined;
  const fail = (error: Error) => {
    fault ??= error;
    for (const each of waiting.splice(0)) each.reject(fault);
  };
  child.on("error", fail);
  child.on("close", (code, signal) =>
    fail(new Error(`it ended with ${signal ?? code}: ${complaints.trim().split("\n").at(-1)}`)),
  );
  createInterface({ input: child.stdio[3] as Readable }).on("line", (line) =>
    waiting.shift()?.resolve(line),
  );
  return {
    async ask<Reply>(request: Readonly<Record<string, unknown>>): Promise<Reply> {
      if (fault !== undefined) throw fault;
      const reply = new Promise<string>((resolve, reject) => waiting.push({ resolve, reject }));
      child.stdin?.write(`${JSON.stringify(request)}\n`);
      const timer =
        patience === undefined
          ? undefined
          : setTimeout(() => {
              fail(new Error(`no answer within ${patience / 1000} s`));
              child.kill("SIGKILL");
            }, patience);
      try {
        const parsed: Reply & { error?: string } = JSON.parse(await reply);
        if (parsed.error !== undefined) throw new Error(parsed.error);
        return parsed;
      } finally {
        clearTimeout(timer);
      }
    },
    close() {
      child.stdin?.end();
      child.kill();
    },
  };
}
