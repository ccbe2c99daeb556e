/** Every peer that this machine has → columns; the others by name with why not. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { AdapterChoice } from "../../runtime/device/find-adapter.ts";
import { scriptArguments } from "../run-child.ts";
import type { ChildCommand } from "./child.ts";
import type { Column, ColumnKind } from "./column.ts";
import { openPeer } from "./peer.ts";

/** A peer that is not measured. */
export interface Absent {
  readonly name: string;
  readonly why: string;
}

interface PeerEntry {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly module: string;
  readonly backend: string;
  readonly package: string;
}

const entries: readonly PeerEntry[] = [
  {
    name: "onnxruntime-node CPU",
    kind: "native",
    module: "onnxruntime",
    backend: "cpu",
    package: "onnxruntime-node",
  },
  {
    name: "onnxruntime-node WebGPU",
    kind: "webgpu",
    module: "onnxruntime",
    backend: "webgpu",
    package: "onnxruntime-node",
  },
  {
    name: "tfjs WebGPU",
    kind: "webgpu",
    module: "tfjs",
    backend: "webgpu",
    package: "@tensorflow/tfjs",
  },
  {
    name: "tfjs wasm",
    kind: "javascript",
    module: "tfjs",
    backend: "wasm",
    package: "@tensorflow/tfjs",
  },
  {
    name: "jax-js WebGPU",
    kind: "webgpu",
    module: "jax",
    backend: "webgpu",
    package: "@jax-js/jax",
  },
  {
    name: "jax-js wasm",
    kind: "javascript",
    module: "jax",
    backend: "wasm",
    package: "@jax-js/jax",
  },
];

/** Peers that were tried by hand and are never measured. */
const neverMeasured: readonly Absent[] = [
  {
    name: "@tensorflow/tfjs-node",
    why: "its binary is no part of the package and is fetched from a storage bucket at install",
  },
  {
    name: "@huggingface/transformers",
    why: "runs on onnxruntime-node, which stands in the table itself",
  },
  {
    name: "webgpu-torch",
    why: "has no softmax, no LayerNorm and no batched product",
  },
];

const hint = "run `npm ci --prefix bench`";

/** Opens those that are wanted, one after the other. */
export async function openPeers(
  adapter: AdapterChoice | undefined,
  isWanted: (name: string) => boolean,
  onProgress: (text: string) => void,
): Promise<{ readonly columns: readonly Column[]; readonly absent: readonly Absent[] }> {
  const columns: Column[] = [];
  const absent: Absent[] = [];
  const open = async (name: string, kind: ColumnKind, command: () => ChildCommand) => {
    if (!isWanted(name)) return;
    onProgress(`opening ${name}`);
    try {
      columns.push(await openPeer(name, kind, command()));
    } catch (error) {
      absent.push({ name, why: error instanceof Error ? error.message : String(error) });
    }
  };
  await open("PyTorch CPU", "native", () => torchCommand());
  for (const { name, kind, module, backend, package: needed } of entries) {
    await open(name, kind, () => nodeCommand(module, backend, needed, adapter));
  }
  return { columns, absent: [...absent, ...neverMeasured] };
}

/** Milliseconds for one answer: a driver that compiles shaders on the CPU takes its time. */
const patience = 400_000;

function nodeCommand(
  module: string,
  backend: string,
  needed: string,
  adapter?: string,
): ChildCommand {
  const installed = new URL(`../node_modules/${needed}/package.json`, import.meta.url);
  if (!existsSync(installed)) throw new Error(`not installed: ${hint}`);
  const host = scriptArguments(new URL("../peers/host.mjs", import.meta.url));
  return {
    command: process.execPath,
    arguments: [...host, module, backend, ...(adapter === undefined ? [] : [adapter])],
    patience,
  };
}

/** The first Python that has torch, with as many threads as the machine has cores. */
export function torchCommand(place: readonly string[] = []): ChildCommand {
  const tried = ["python3", "/usr/bin/python3"];
  const python = tried.find((command) => {
    try {
      execFileSync(command, ["-c", "import torch"], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  });
  if (python === undefined) throw new Error(`neither ${tried.join(" nor ")} has torch`);
  const threads = String(availableParallelism());
  return {
    command: python,
    arguments: [fileURLToPath(new URL("../torch/main.py", import.meta.url)), ...place],
    env: {
      OMP_NUM_THREADS: threads,
      OPENBLAS_NUM_THREADS: threads,
      MKL_NUM_THREADS: threads,
      PYTHONDONTWRITEBYTECODE: "1",
    },
    patience,
  };
}
