/** Worker: turns the WebAssembly loop that it is given for a while → operations done, seconds taken, best rate. Plain JavaScript, as workers get no TypeScript. */
import { parentPort, workerData } from "node:worker_threads";

const turns = 100_000;

const { module, flopPerTurn, milliseconds } = workerData;
const { run } = (await WebAssembly.instantiate(module)).instance.exports;
run(turns);
const start = performance.now();
let flop = 0;
let best = 0;
let end = start;
do {
  const begin = end;
  run(turns);
  end = performance.now();
  flop += turns * flopPerTurn;
  best = Math.max(best, (turns * flopPerTurn) / (end - begin) / 1e6);
} while (end - start < milliseconds);
parentPort?.postMessage({ flop, seconds: (end - start) / 1000, best });
