/** This compiler and runtime on an open device, as a column. */
import { differentiate, isDecayed } from "../../compiler/3-differentiate/differentiate.ts";
import type { Update } from "../../compiler/3-differentiate/training-graph.ts";
import { compileGraph } from "../../compiler/compile-graph.ts";
import { Builder } from "../../compiler/ir/builder.ts";
import { type Node, type NodeOf, reachable } from "../../compiler/ir/node.ts";
import { elements } from "../../compiler/ir/tensor-type.ts";
import { activations } from "../../compiler/layers/activation.ts";
import { attention } from "../../compiler/layers/attention.ts";
import { linear } from "../../compiler/layers/linear.ts";
import { layerNorm } from "../../compiler/layers/norm.ts";
import { rootScope, type Scope } from "../../compiler/layers/scope.ts";
import { rules } from "../../compiler/ops/index.ts";
import { adamwRates } from "../../compiler/optimizers/adamw.ts";
import type { Device } from "../../runtime/device/open-device.ts";
import { type Executable, prepare } from "../../runtime/execute/executable.ts";
import type { HostTensors } from "../../runtime/execute/host-tensors.ts";
import { DeviceMemory } from "../../runtime/execute/memory.ts";
import type { Block, Product, Workload } from "../workloads.ts";
import { checkProduct } from "./check-product.ts";
import type { Column, Contender } from "./column.ts";

/** A graph with the values that stay. */
interface Draft {
  readonly outputs: ReadonlyMap<string, Node>;
  readonly updates: readonly Update[];
  readonly inputs: HostTensors;
}

const betas = [0.9, 0.999] as const;

/** The column `blipc`. */
export function blipc(device: Device): Column {
  return {
    name: "blipc",
    computesHere: device.target.deviceClass === "cpu",
    prepare: (work) => contender(device, work),
  };
}

async function contender(device: Device, work: Workload): Promise<Contender> {
  const start = performance.now();
  const b = new Builder(rules);
  const draft = draftOf(b, work);
  const program = compileGraph(work.name, draft.outputs, draft.updates, device.target, b);
  const memory = new DeviceMemory(device);
  const filled = new Map<string, Float32Array<ArrayBuffer>>();
  for (const slot of program.state) {
    const bytes = program.buffers[slot.buffer]!.bytes;
    memory.allocate(slot.name, bytes, slot.type, slot.shape);
    if (slot.name.startsWith("optimizer.")) continue;
    const values = fresh(bytes / 4, filled.size);
    filled.set(slot.name, values);
    await memory.upload(slot.name, new Uint8Array(values.buffer));
  }
  const executable = await prepare(device, program, memory);
  const { outputs } = executable.submit(draft.inputs, work.kind === "product" ? {} : { read: [] });
  const first = await outputs;
  const startMilliseconds = performance.now() - start;
  if (work.kind === "product") {
    checkProduct(work, filled.get("x")!, filled.get("y")!, first["result"] as Float32Array);
  }
  return {
    startMilliseconds,
    run: (times) => runTimes(executable, draft.inputs, times),
    destroy() {
      executable.destroy();
      void memory.destroy();
    },
  };
}

async function runTimes(executable: Executable, inputs: HostTensors, times: number): Promise<void> {
  const sent = Array.from({ length: times }, () => executable.submit(inputs, { read: [] }).outputs);
  await Promise.all(sent);
}

function draftOf(b: Builder, work: Workload): Draft {
  if (work.kind === "block") return blockDraft(b, work);
  const result =
    work.kind === "product"
      ? productOf(b, work)
      : b.add(b.parameter("x", [work.length]), b.parameter("y", [work.length]));
  return { outputs: new Map([["result", result]]), updates: [], inputs: {} };
}

function productOf(b: Builder, { batch, rows, depth, columns, form }: Product): Node {
  const lead = batch === 1 ? [] : [batch];
  const x = b.parameter("x", [...lead, ...(form === "TN" ? [depth, rows] : [rows, depth])]);
  const y = b.parameter("y", [...lead, ...(form === "NT" ? [columns, depth] : [depth, columns])]);
  return b.matmul(form === "TN" ? b.swap(x) : x, form === "NT" ? b.swap(y) : y);
}

function blockDraft(b: Builder, work: Block): Draft {
  const { batch, tokens, width, trains } = work;
  const input = b.input("input", [batch, tokens, width]);
  const x = fresh(elements(input.type.shape), 7);
  const result = blockOf(rootScope(b, "block"), input, work);
  if (!trains) return { outputs: new Map([["result", result]]), updates: [], inputs: { input: x } };
  const loss = b.reshape(b.mean(b.mul(result, result), [0, 1, 2]), []);
  const trainable = reachable([loss]).filter(
    (node): node is NodeOf<"parameter"> => node.op === "parameter",
  );
  const { step } = differentiate(b, rules, work.name, loss, new Map([["loss", loss]]), trainable, {
    betas,
    eps: 1e-8,
    weightDecay: (parameter) => (isDecayed(parameter) ? 0.05 : 0),
    accumulate: 1,
  });
  return { ...step, inputs: { input: x, rates: adamwRates(1e-5, 1, betas) } };
}

/** The block of a vision transformer. Dosovitskiy et al. 2021, arXiv:2010.11929. */
function blockOf(s: Scope, x: Node, { heads, width, mlpWidth }: Block): Node {
  const { b } = s;
  const attended = attention(s.at("attention"), layerNorm(s.at("norm1"), x, 1e-6), {
    heads,
    names: { fused: { weight: "qkv.weight", bias: "qkv.bias" } },
    output: "output",
  });
  const y = b.add(x, attended.output);
  const wide = linear(s.at("mlp.0"), layerNorm(s.at("norm2"), y, 1e-6), mlpWidth);
  return b.add(y, linear(s.at("mlp.1"), activations.gelu(b, wide), width));
}

/** Values in ±0.05 that differ by `salt`. */
function fresh(length: number, salt: number): Float32Array<ArrayBuffer> {
  const values = new Float32Array(length);
  let state = (salt + 1) * 0x9e3779b9;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    values[i] = (state / 2 ** 32 - 0.5) / 10;
  }
  return values;
}
