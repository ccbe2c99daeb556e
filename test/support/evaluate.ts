/** Graph → values on the device, through the whole compiler: one door for every test that wants a kernel's numbers. */

import { optimize } from "../../compiler/4-optimize/optimize.ts";
import { schedule } from "../../compiler/5-schedule/schedule.ts";
import { productTiles } from "../../compiler/6-emit/matmul.ts";
import { productKind } from "../../compiler/6-emit/product-kind.ts";
import { compileGraph } from "../../compiler/compile-graph.ts";
import type { Builder } from "../../compiler/ir/builder.ts";
import type { Node, NodeOf } from "../../compiler/ir/node.ts";
import type {
  MatrixShape,
  ProductClass,
  ProductTile,
  ProductTiles,
  Program,
  StorageType,
  Target,
} from "../../compiler/program.ts";
import { prepare } from "../../runtime/execute/executable.ts";
import { deviceBytes, type HostTensor, hostTensor } from "../../runtime/execute/host-tensors.ts";
import { DeviceMemory } from "../../runtime/execute/memory.ts";
import { sharedDevice } from "./device.ts";

/** A parameter that gets a new value when the graph runs. */
export interface Update {
  readonly target: NodeOf<"parameter">;
  readonly value: Node;
}

/** What a graph left behind. */
export interface Run {
  readonly program: Program;
  readonly outputs: ReadonlyMap<string, Float32Array | Int32Array | Uint32Array>;
  /** Contents of the parameters that it uses, after the last run, by path. */
  readonly parameters: ReadonlyMap<string, Float32Array | Int32Array | Uint32Array>;
}

export interface RunSettings {
  readonly updates?: readonly Update[];
  /** How often it runs; default once. */
  readonly times?: number;
  /** The builder of the graph: with it the graph is rewritten before it is scheduled, as in a training run. */
  readonly builder?: Builder;
  /** Makes products in another way than the device's own. */
  readonly products?: ProductClass;
  /** Makes products of halves by subgroup matrices. */
  readonly matrices?: MatrixShape;
  /** Compiles as for a device whose kernels cannot write single halves. */
  readonly withoutF16?: boolean;
  /** Gives each product another of the tiles that it can have, counted from its default and around again. */
  readonly tile?: number;
  /** Bytes that one binding holds at most; the device's own limit by default. */
  readonly bindingBytes?: number;
}

/** Values of `outputs`; `given` holds inputs by name and parameters by path. bool comes as u32. With `builder` the graph is rewritten first. */
export async function evaluate(
  outputs: ReadonlyMap<string, Node>,
  given: ReadonlyMap<string, ArrayLike<number>>,
  builder?: Builder,
): Promise<Run["outputs"]> {
  return (await runGraph(outputs, given, builder === undefined ? {} : { builder })).outputs;
}

/** Compiles and runs, with updates of parameters if there are some. */
export async function runGraph(
  outputs: ReadonlyMap<string, Node>,
  given: ReadonlyMap<string, ArrayLike<number>>,
  settings: RunSettings = {},
): Promise<Run> {
  const device = await sharedDevice();
  const { updates = [], times = 1 } = settings;
  const target = {
    ...device.target,
    ...(settings.products === undefined ? {} : { products: settings.products }),
    ...(settings.matrices === undefined ? {} : { matrices: settings.matrices }),
    ...(settings.withoutF16 === true ? { shaderF16: false } : {}),
    ...(settings.bindingBytes === undefined
      ? {}
      : { maxStorageBufferBindingSize: settings.bindingBytes }),
  };
  const tiles =
    settings.tile === undefined
      ? {}
      : { tiles: otherTiles(outputs, updates, target, settings.builder, settings.tile) };
  const program = compileGraph("test", outputs, updates, { ...target, ...tiles }, settings.builder);
  const memory = new DeviceMemory(device);
  memory.announce([program]);
  for (const { name, type } of program.state) {
    const values = given.get(name);
    if (values === undefined) throw new Error(`parameter ${name} was not given`);
    const bytes = deviceBytes(typed(values, type), type);
    await memory.upload(name, (target) => target.set(bytes));
  }
  const executable = await prepare(device, program, memory);
  try {
    const inputs = Object.fromEntries(
      program.inputs.map(({ name, type }) => {
        const values = given.get(name);
        if (values === undefined) throw new Error(`input ${name} was not given`);
        return [name, typed(values, type)];
      }),
    );
    let results = await executable.run(inputs);
    for (let time = 1; time < times; time++) results = await executable.run(inputs);
    const parameters = new Map<string, HostTensor>();
    for (const slot of program.state) {
      const { buffer } = await memory.download(slot.name);
      parameters.set(slot.name, hostTensor(buffer, slot));
    }
    return { program, outputs: new Map(Object.entries(results)), parameters };
  } finally {
    executable.destroy();
    await memory.destroy();
  }
}

/** Tile number `index` for every kind of product of a graph. */
function otherTiles(
  outputs: ReadonlyMap<string, Node>,
  updates: readonly Update[],
  target: Target,
  b: Builder | undefined,
  index: number,
): ProductTiles {
  const graph = { name: "test", outputs, updates };
  const { kernels } = schedule(b === undefined ? graph : optimize(graph, b, target), target);
  const chosen = kernels.flatMap(({ kernel }): [string, ProductTile][] => {
    if (kernel.kind !== "matmul") return [];
    const possible = productTiles(kernel, target);
    return [[productKind(kernel), possible[index % possible.length]!]];
  });
  return Object.fromEntries(chosen);
}

function typed(values: ArrayLike<number>, type: StorageType): HostTensor {
  if (type === "i32") return Int32Array.from(values);
  return type === "u32" ? Uint32Array.from(values) : Float32Array.from(values);
}
