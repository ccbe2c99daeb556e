/** The machine's greatest f32 rate and its copy rate: by a C program where there is a compiler, else by WebAssembly. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { flopPerTurn, wasmModule } from "./wasm-module.ts";

/** One measurement of the machine. */
export interface PeakSample {
  /** GFLOP/s of all cores by the wall clock. */
  readonly wall: number;
  /** GFLOP per CPU-second, times the cores: what a machine left alone would give. */
  readonly cpu: number;
  /** GB/s of a copy by one thread, bytes read and written. */
  readonly copy: number;
}

/** A way to measure the peak. */
export interface Peak {
  readonly threads: number;
  /** One sentence for the report. */
  readonly method: string;
  sample(milliseconds: number): Promise<PeakSample>;
  close(): void;
}

const run = promisify(execFile);
const source = fileURLToPath(new URL("fma-peak.c", import.meta.url));
const worker = new URL("wasm-worker.mjs", import.meta.url);

/** The best way that this machine offers. */
export async function openPeak(): Promise<Peak> {
  return (await compiledPeak()) ?? wasmPeak();
}

/** By the system's C compiler; undefined where there is none that can. */
async function compiledPeak(): Promise<Peak | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "blipc-bench-"));
  const close = () => rmSync(folder, { recursive: true, force: true });
  const threads = availableParallelism();
  const program = join(folder, "fma-peak");
  for (const machine of ["-march=native", "-mcpu=native"]) {
    const options = ["-O3", machine, "-ffp-contract=fast", "-pthread", "-o", program, source];
    try {
      await run("cc", options);
    } catch {
      continue;
    }
    return {
      threads,
      method: `C compiled by cc with ${machine}, 12 vector accumulators, ${threads} threads`,
      async sample(milliseconds) {
        const { stdout } = await run(program, [String(threads), String(milliseconds)]);
        return JSON.parse(stdout) as PeakSample;
      },
      close,
    };
  }
  close();
  return undefined;
}

/** By WebAssembly SIMD: multiply and add apart and 128 bits wide, hence a lower bound of the peak. */
function wasmPeak(): Peak {
  const threads = availableParallelism();
  return {
    threads,
    method: `WebAssembly SIMD, 12 accumulators of 128 bits, ${threads} threads: a lower bound, as no C compiler was found`,
    async sample(milliseconds) {
      const works = await Promise.all(
        Array.from({ length: threads }, () => wasmWork(milliseconds)),
      );
      const flop = works.reduce((sum, work) => sum + work.flop, 0);
      const wall = Math.max(...works.map((work) => work.seconds));
      return {
        wall: flop / wall / 1e9,
        // The best slice of each thread is one that nothing else interrupted.
        cpu: works.reduce((sum, work) => sum + work.best, 0),
        copy: copyRate(milliseconds),
      };
    },
    close() {},
  };
}

/** What a worker reports. */
interface WasmWork {
  readonly flop: number;
  readonly seconds: number;
  /** GFLOP/s of the best slice of a few tenths of a millisecond. */
  readonly best: number;
}

function wasmWork(milliseconds: number): Promise<WasmWork> {
  return new Promise((resolve, reject) => {
    const made = new Worker(worker, {
      workerData: { module: wasmModule(), flopPerTurn, milliseconds },
    });
    made.once("message", resolve);
    made.once("error", reject);
  });
}

const copied = 32 * 1024 * 1024;

function copyRate(milliseconds: number): number {
  const from = new Uint8Array(copied).fill(1);
  const to = new Uint8Array(copied).fill(2);
  let best = 0;
  const start = performance.now();
  while (performance.now() - start < milliseconds) {
    const begin = performance.now();
    to.set(from);
    best = Math.max(best, (2 * copied) / (performance.now() - begin) / 1e6);
  }
  return best;
}
