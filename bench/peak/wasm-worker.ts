/** Worker: turns the WebAssembly loop for a while → operations done and seconds taken. */
import { parentPort, workerData } from "node:worker_threads";
import { flopPerTurn, wasmModule } from "./wasm-module.ts";

/** What a worker reports. */
export interface WasmWork {
  readonly flop: number;
  readonly seconds: number;
}

/** The part of the WebAssembly API that is used; this project's types have no browser in them. */
interface Assembly {
  instantiate(bytes: Uint8Array): Promise<{
    readonly instance: { readonly exports: { readonly run: (turns: number) => number } };
  }>;
}

const turns = 100_000;

const { WebAssembly: assembly } = globalThis as unknown as { readonly WebAssembly: Assembly };
const { run } = (await assembly.instantiate(wasmModule())).instance.exports;
run(turns);
const { milliseconds } = workerData as { readonly milliseconds: number };
const start = performance.now();
let flop = 0;
let elapsed = 0;
do {
  run(turns);
  flop += turns * flopPerTurn;
  elapsed = performance.now() - start;
} while (elapsed < milliseconds);
const report: WasmWork = { flop, seconds: elapsed / 1000 };
parentPort?.postMessage(report);
