/**
 * Child process: `host.mjs PEER BACKEND [ADAPTER]` makes workloads ready and runs them. A request a line on stdin, a reply
 * a line on descriptor 3. Plain JavaScript, because the peers are installed only where the bench is run.
 */
import { writeSync } from "node:fs";
import { createInterface } from "node:readline";

const [, , peer, backend, adapter] = process.argv;

/** What a peer's `prepare` gives. */
let ready;

const tasks = {
  open: async () => {
    const { open } = await import(`./${peer}.mjs`);
    tasks.opened = await open(backend, adapter);
    return { version: tasks.opened.version };
  },
  prepare: async ({ work }) => {
    const start = performance.now();
    ready = await tasks.opened.prepare(work);
    if (ready === undefined) return { cannot: true };
    const check = await ready.check();
    return { check, start: performance.now() - start };
  },
  run: async ({ times }) => {
    const before = process.cpuUsage();
    const start = performance.now();
    for (let i = 0; i < times; i++) await ready.run();
    await ready.finish();
    const wall = (performance.now() - start) / times;
    const { user, system } = process.cpuUsage(before);
    return { wall, cpu: (user + system) / 1000 / times };
  },
  release: async () => {
    await ready?.release();
    ready = undefined;
    return {};
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let reply;
  try {
    reply = await tasks[request.do](request);
  } catch (error) {
    reply = { error: String(error?.message ?? error).slice(0, 500) };
  }
  writeSync(3, `${JSON.stringify(reply)}\n`);
}
process.exit(0);
