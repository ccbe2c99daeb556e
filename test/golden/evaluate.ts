/**
 * Graph and given values → values: the one way in which golden checks run a graph.
 * On the device by default; `GOLDEN_ON=interpreter` takes the reference loops in f64.
 */
import type { Update } from "../../compiler/3-differentiate/training-graph.ts";
import { compileGraph } from "../../compiler/compile-graph.ts";
import type { Builder } from "../../compiler/ir/builder.ts";
import { interpret } from "../../compiler/ir/interpret.ts";
import { type Node, reachable } from "../../compiler/ir/node.ts";
import { rules } from "../../compiler/ops/index.ts";
import type { StorageType } from "../../compiler/program.ts";
import { prepare } from "../../runtime/execute/executable.ts";
import { deviceBytes, type HostTensor } from "../../runtime/execute/host-tensors.ts";
import { DeviceMemory } from "../../runtime/execute/memory.ts";
import { sharedDevice } from "../support/device.ts";
import { inPrecision } from "./precision.ts";

export type Values = ArrayLike<number>;
export type Given = ReadonlyMap<string, Values>;

/** What to run. */
export interface EvaluatedGraph {
  readonly outputs: ReadonlyMap<string, Node>;
  /** Parameters that change in place at each run. */
  readonly updates?: readonly Update[];
  /** Made the nodes; with it the graph is rewritten as in a training run. */
  readonly builder?: Builder | undefined;
}

/** A graph with its parameters, to be run many times. */
export interface Session {
  /** One run; of `inputs` it takes what it needs. */
  run(inputs: Given): Promise<ReadonlyMap<string, Values>>;
  /** Values of the parameters now, by path. */
  parameters(): Promise<Given>;
  close(): Promise<void>;
}

/** Opens a session; `given` holds the parameters by path, those it lacks start at zero. */
export function openSession(written: EvaluatedGraph, given: Given): Promise<Session> {
  const { outputs, updates = [], builder } = written;
  const graph = { ...inPrecision({ name: "golden", outputs, updates }, builder), builder };
  const where = process.env["GOLDEN_ON"] ?? "device";
  return where === "interpreter" ? interpreted(graph, given) : onDevice(graph, given);
}

/** Runs `outputs` once; `given` holds inputs by name and parameters by path. */
export async function evaluate(
  outputs: ReadonlyMap<string, Node>,
  given: Given,
  builder?: Builder,
): Promise<ReadonlyMap<string, Values>> {
  const graph = builder === undefined ? { outputs } : { outputs, builder };
  const session = await openSession(graph, given);
  try {
    return await session.run(given);
  } finally {
    await session.close();
  }
}

async function interpreted(
  { outputs, updates = [] }: EvaluatedGraph,
  given: Given,
): Promise<Session> {
  const names = [...outputs.keys()];
  const roots = [...outputs.values(), ...updates.map(({ value }) => value)];
  const state = new Map<string, Values>();
  for (const node of reachable([...roots, ...updates.map(({ target }) => target)]))
    if (node.op === "parameter") {
      const { path, shape } = node.attributes;
      const size = shape.reduce((product, length) => product * length, 1);
      state.set(path, given.get(path) ?? new Float64Array(size));
    }
  return {
    async run(inputs) {
      const values = interpret(rules, roots, new Map([...inputs, ...state]));
      updates.forEach(({ target }, i) => {
        state.set(target.attributes.path, values[names.length + i]!);
      });
      return new Map(names.map((name, i) => [name, values[i]!]));
    },
    async parameters() {
      return new Map(state);
    },
    async close() {},
  };
}

async function onDevice(graph: EvaluatedGraph, given: Given): Promise<Session> {
  const device = await sharedDevice();
  const { outputs, updates = [], builder } = graph;
  const program = compileGraph("golden", outputs, updates, device.target, builder);
  const memory = new DeviceMemory(device);
  memory.announce([program]);
  for (const { name, type } of program.state) {
    const values = given.get(name);
    if (values === undefined) continue;
    const bytes = deviceBytes(typed(values, type), type);
    await memory.upload(name, (target) => target.set(bytes));
  }
  const executable = await prepare(device, program, memory);
  return {
    async run(inputs) {
      const own = program.inputs.map(({ name, type }): [string, HostTensor] => {
        const values = inputs.get(name);
        if (values === undefined) throw new Error(`input ${name} was not given`);
        return [name, typed(values, type)];
      });
      return new Map(Object.entries(await executable.run(Object.fromEntries(own))));
    },
    async parameters() {
      const found = new Map<string, Values>();
      for (const { name, shape } of program.state) {
        const { buffer } = await memory.download(name);
        const size = shape.reduce((product, length) => product * length, 1);
        found.set(name, new Float32Array(buffer, 0, size));
      }
      return found;
    },
    async close() {
      executable.destroy();
      await memory.destroy();
    },
  };
}

function typed(values: Values, type: StorageType): HostTensor {
  if (type === "i32") return Int32Array.from(values);
  return type === "u32" ? Uint32Array.from(values) : Float32Array.from(values);
}
