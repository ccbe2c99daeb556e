/** A step that gave NaN → the first tensor of it that is not finite, found by doing the step again and looking. */
import type { CheckedStage } from "../../compiler/1-check/model.ts";
import type { StageGraphs } from "../../compiler/2-build/stage-graphs.ts";
import { mixedPrecision } from "../../compiler/4-optimize/mixed-precision.ts";
import type { StagePrograms } from "../../compiler/compile.ts";
import { compileGraph } from "../../compiler/compile-graph.ts";
import type { Node } from "../../compiler/ir/node.ts";
import { storageBytes, typeText } from "../../compiler/ir/tensor-type.ts";
import type { Device } from "../device/open-device.ts";
import { prepare } from "../execute/executable.ts";
import type { HostTensor, HostTensors } from "../execute/host-tensors.ts";
import type { DeviceMemory } from "../execute/memory.ts";
import { type BatchStream, joined, microBatches, taken } from "./loop.ts";
import { type ProbedNodes, probedNodes } from "./probed-nodes.ts";
import type { Rates } from "./schedule.ts";
import { prepareStage, type StageExecutables } from "./stage-executables.ts";
import type { StepSeeds } from "./step-seeds.ts";

/** A step to be done again. `memory` holds the weights that the run started with. */
export interface SearchRequest {
  readonly device: Device;
  readonly memory: DeviceMemory;
  readonly graphs: StageGraphs;
  readonly programs: StagePrograms;
  readonly stage: CheckedStage;
  readonly batches: BatchStream;
  readonly seeds: StepSeeds;
  readonly rates: Rates;
  /** Steps that were done when `batches` and `seeds` stood where they stand. */
  readonly start: number;
  /** The step at fault, 1 for the first. */
  readonly step: number;
  /** Puts weights and moments back as they were at `start`; called once their places are announced. */
  readonly restore: () => Promise<void>;
}

/** Bytes of tensors that one probe brings back. */
const probeBytes = 64 * 1024 * 1024;
/** Tensors that one probe brings back. */
const probeCount = 256;

/** Ops that only move or choose numbers: what they give is finite when what they take is. */
const movement = new Set<Node["op"]>([
  "constant",
  "iota",
  "random",
  "input",
  "parameter",
  "stopGradient",
  "reshape",
  "transpose",
  "broadcast",
  "slice",
  "pad",
  "concat",
  "gather",
  "select",
  "less",
  "equal",
  "argmax",
  "neg",
]);

/** A sentence or two that name the tensor. */
export async function findNonFinite(request: SearchRequest): Promise<string> {
  const training = await prepareStage(request.device, request.programs, request.memory);
  await request.restore();
  try {
    for (let done = request.start; done < request.step; done += 1) {
      const rateInput = request.rates.input(done);
      const isLast = done === request.step - 1;
      const bad = await stepAgain(request, training, rateInput, isLast);
      if (bad !== undefined) return `the first tensor that is not finite: ${bad}`;
      await training.apply?.run({ rates: rateInput }, { read: [] });
    }
  } finally {
    training.destroy();
  }
  const weight = await badWeight(request);
  if (weight !== undefined)
    return `the first tensor that is not finite: ${weight}, after the update`;
  return "doing the step again gave finite numbers everywhere: the device did not compute the same twice";
}

/** All micro-batches of a step; with `isProbed` each part of it is looked at before it is done. */
async function stepAgain(
  request: SearchRequest,
  { whole, step }: StageExecutables,
  rateInput: HostTensor,
  isProbed: boolean,
): Promise<string | undefined> {
  const { graphs, stage, batches, seeds } = request;
  const nodes = isProbed ? probedNodes(graphs, stage) : undefined;
  const seedInputs = graphs.inputs.flatMap(({ name, source }) =>
    source.kind === "seed" ? [name] : [],
  );
  const accumulate = stage.accumulate.value;
  const probe = async (inputs: HostTensors, part: keyof ProbedNodes) =>
    nodes && firstBadOf(request, inputs, nodes[part]);
  const learn = async (inputs: HostTensors): Promise<string | undefined> => {
    const bad = await probe(inputs, "backward");
    if (bad === undefined)
      await step.run(taken(step.program, { ...inputs, rates: rateInput }), { read: [] });
    return bad;
  };
  const all: HostTensors[] = [];
  for await (const inputs of microBatches({ batches, seeds, seedInputs, accumulate })) {
    const before = nodes && (badInput(inputs) ?? (await badWeight(request)));
    const bad = before ?? (await probe(inputs, "forward"));
    if (bad !== undefined) return bad;
    if (whole === undefined) {
      const behind = await learn(inputs);
      if (behind !== undefined) return behind;
      continue;
    }
    await whole.represent.run(taken(whole.represent.program, inputs), { read: [] });
    all.push(inputs);
  }
  if (whole === undefined) return undefined;
  const inputsOfAll = joined(whole.compute.program, all);
  const bad = await probe(inputsOfAll, "whole");
  if (bad !== undefined) return bad;
  await whole.compute.run(inputsOfAll, { read: [] });
  for (const inputs of all) {
    const behind = await learn(inputs);
    if (behind !== undefined) return behind;
  }
  return undefined;
}

function badInput(inputs: HostTensors): string | undefined {
  const found = Object.entries(inputs).find(([, tensor]) => firstBad(tensor) !== undefined);
  return found === undefined ? undefined : `the input ${found[0]}`;
}

async function badWeight({ memory, graphs }: SearchRequest): Promise<string | undefined> {
  for (const { attributes } of [...graphs.frozen, ...graphs.trainable]) {
    if (attributes.dtype !== "f32") continue;
    const bytes = await memory.download(attributes.path);
    const bad = firstBad(new Float32Array(bytes.buffer));
    if (bad !== undefined) return `the weight ${attributes.path} (${bad})`;
  }
  return undefined;
}

async function firstBadOf(
  { device, memory, graphs, stage }: SearchRequest,
  inputs: HostTensors,
  nodes: readonly Node[],
): Promise<string | undefined> {
  for (const group of groups(nodes.filter((node) => isProbed(node)))) {
    const outputs = new Map(group.map((node, index) => [`node${index}`, node]));
    const name = `${graphs.stage} probe`;
    const plain = { name, outputs, updates: [] };
    const graph = stage.precision.value === "mixed" ? mixedPrecision(plain, graphs.builder) : plain;
    const program = compileGraph(name, graph.outputs, [], device.target);
    const executable = await prepare(device, program, memory);
    try {
      const results = await executable.run(taken(program, inputs));
      for (const [index, node] of group.entries()) {
        const bad = firstBad(results[`node${index}`]!);
        if (bad !== undefined) return describe(node, bad);
      }
    } finally {
      executable.destroy();
    }
  }
  return undefined;
}

function isProbed(node: Node): boolean {
  return node.type.dtype === "f32" && !movement.has(node.op);
}

function groups(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const result: Node[][] = [];
  let bytes = 0;
  for (const node of nodes) {
    const size = storageBytes(node.type);
    const last = result.at(-1);
    if (last === undefined || last.length >= probeCount || bytes + size > probeBytes) {
      result.push([node]);
      bytes = size;
    } else {
      last.push(node);
      bytes += size;
    }
  }
  return result;
}

function firstBad(tensor: HostTensor): string | undefined {
  if (!(tensor instanceof Float32Array)) return undefined;
  const at = tensor.findIndex((value) => !Number.isFinite(value));
  return at < 0 ? undefined : `element ${at} is ${tensor[at]}`;
}

function describe(node: Node, bad: string): string {
  const { path, at } = node.origin;
  const where = at === undefined ? "" : ` (${at})`;
  const isGradient = path.endsWith("'");
  const name = isGradient ? `the gradient in ${path.replaceAll("'", "")}` : path || "the loss";
  return `${name}${where}: ${typeText(node.type)} of ${node.op}, ${bad}`;
}
