/** Products, blocks and passes as graphs of this compiler → contenders. */
import { differentiate, isDecayed } from "../../compiler/3-differentiate/differentiate.ts";
import { gradients } from "../../compiler/3-differentiate/gradients.ts";
import type { Update } from "../../compiler/3-differentiate/training-graph.ts";
import { compileGraph } from "../../compiler/compile-graph.ts";
import { Builder } from "../../compiler/ir/builder.ts";
import { type Node, type NodeOf, reachable } from "../../compiler/ir/node.ts";
import { elements } from "../../compiler/ir/tensor-type.ts";
import { activations } from "../../compiler/layers/activation.ts";
import { attention } from "../../compiler/layers/attention.ts";
import { crossEntropy } from "../../compiler/layers/cross-entropy.ts";
import { linear } from "../../compiler/layers/linear.ts";
import { causal, maskBias } from "../../compiler/layers/mask.ts";
import { layerNorm } from "../../compiler/layers/norm.ts";
import { rootScope, type Scope } from "../../compiler/layers/scope.ts";
import { softmax } from "../../compiler/layers/softmax.ts";
import { rules } from "../../compiler/ops/index.ts";
import { adamw, adamwRates } from "../../compiler/optimizers/adamw.ts";
import type { Device } from "../../runtime/device/open-device.ts";
import { type Executable, prepare } from "../../runtime/execute/executable.ts";
import type { HostTensors } from "../../runtime/execute/host-tensors.ts";
import { DeviceMemory } from "../../runtime/execute/memory.ts";
import { profile } from "../../runtime/execute/profile.ts";
import { floatsFromHalves, halvesFromFloats } from "../../runtime/half.ts";
import { timed } from "../timed.ts";
import { adam, blockParameters, blockValue, classOf, fresh, inputSalt, probes } from "../values.ts";
import type { Attention, Block, Pass, Product, Workload } from "../workloads.ts";
import { checkProduct } from "./check-product.ts";
import type { Contender } from "./column.ts";

type Values = Float32Array<ArrayBuffer>;

/** A graph with its values. */
interface Draft {
  readonly outputs: ReadonlyMap<string, Node>;
  readonly updates: readonly Update[];
  /** Of step `t`. */
  readonly inputs: (t: number) => HostTensors;
  /** Values of parameters by path; the optimizer's start at zero. */
  readonly values: ReadonlyMap<string, Values>;
}

/** Compiles, fills, runs once or twice and compares. */
export async function graphContender(
  device: Device,
  work: Exclude<Workload, { kind: "stage" }>,
): Promise<Contender> {
  const start = performance.now();
  const b = new Builder(rules);
  const draft = draftOf(b, work);
  const program = compileGraph(work.name, draft.outputs, draft.updates, device.target, b);
  const compileMilliseconds = performance.now() - start;
  const memory = new DeviceMemory(device);
  memory.announce([program]);
  for (const { name } of program.state) {
    const values = draft.values.get(name);
    if (values === undefined) continue;
    await memory.uploadFloats(name, values);
  }
  const executable = await prepare(device, program, memory);
  const check = await checkOf(work, draft, executable, memory);
  const startMilliseconds = performance.now() - start;
  return {
    startMilliseconds,
    check,
    facts: {
      dispatches: program.dispatches.length,
      pipelines: program.shaders.length,
      compileMilliseconds,
    },
    run: (times) => timed(times, () => runTimes(executable, draft.inputs(3), times)),
    profile: () => profile(executable, draft.inputs(3), 1),
    async release() {
      executable.destroy();
      await memory.destroy();
    },
  };
}

async function checkOf(
  work: Exclude<Workload, { kind: "stage" }>,
  { inputs, values }: Draft,
  executable: Executable,
  memory: DeviceMemory,
): Promise<readonly number[]> {
  const first = await executable.run(inputs(1));
  if (work.kind === "block" && work.trains) {
    const second = await executable.run(inputs(2));
    return [first["loss"]![0]!, second["loss"]![0]!];
  }
  if (work.kind === "pass" && work.pass === "adamw") {
    return probes(new Float32Array((await memory.download("x")).buffer));
  }
  if (work.kind === "attention" && work.trains) {
    return ["q", "k", "v"].flatMap((name) => probes(first[name]!));
  }
  const result = first["result"] as Float32Array;
  if (work.kind === "product") {
    const y = values.get("y")!;
    const stored = work.isHalf ? roundedToHalf(y) : y;
    checkProduct(work, values.get("x")!, stored, result);
  }
  return probes(result);
}

/** Sends all, waits for the last: as a training loop does that reads its loss late. */
async function runTimes(executable: Executable, inputs: HostTensors, times: number): Promise<void> {
  const sent = Array.from({ length: times }, () => executable.submit(inputs, { read: [] }).outputs);
  await Promise.all(sent);
}

function draftOf(b: Builder, work: Exclude<Workload, { kind: "stage" }>): Draft {
  switch (work.kind) {
    case "product":
      return productDraft(b, work);
    case "pass":
      return passDraft(b, work);
    case "block":
      return blockDraft(b, work);
    case "attention":
      return attentionDraft(b, work);
  }
}

function attentionDraft(b: Builder, work: Attention): Draft {
  const { batch, heads, queries, keys, headWidth, isCausal, trains } = work;
  const shape = (rows: number) => [batch, heads, rows, headWidth];
  const q = b.parameter("q", shape(queries));
  const k = b.parameter("k", shape(keys));
  const v = b.parameter("v", shape(keys));
  const values = new Map(
    [q, k, v].map((node, salt) => [node.attributes.path, fresh(elements(node.type.shape), salt)]),
  );
  const scores = b.mul(b.matmul(q, b.swap(k)), 1 / Math.sqrt(headWidth));
  const bias = isCausal ? maskBias(b, causal(b, queries, keys)) : undefined;
  const shares = softmax(b, bias === undefined ? scores : b.add(scores, bias));
  const result = b.matmul(shares, v);
  if (!trains) {
    return { outputs: new Map([["result", result]]), updates: [], inputs: () => ({}), values };
  }
  const given = b.input("given", shape(queries));
  const adjoints = gradients(b, rules, result, [q, k, v], given);
  const outputs = new Map(
    ["q", "k", "v"].flatMap((name, i) => {
      const adjoint = adjoints[i];
      return adjoint ? [[name, adjoint] as const] : [];
    }),
  );
  const seed = fresh(elements(shape(queries)), 3);
  return { outputs, updates: [], inputs: () => ({ given: seed }), values };
}

function productDraft(b: Builder, work: Product): Draft {
  const { batch, rows, depth, columns, form, isHalf } = work;
  const lead = batch === 1 ? [] : [batch];
  const x = b.parameter("x", [...lead, ...(form === "TN" ? [depth, rows] : [rows, depth])]);
  const shape = [...lead, ...(form === "NT" ? [columns, depth] : [depth, columns])];
  const stored = b.parameter("y", shape, { kind: "zeros" }, isHalf ? "f16" : "f32");
  const y = b.cast(stored, "f32");
  const result = b.matmul(form === "TN" ? b.swap(x) : x, form === "NT" ? b.swap(y) : y);
  const values = new Map([
    ["x", fresh(batch * rows * depth, 0)],
    ["y", fresh(batch * depth * columns, 1)],
  ]);
  return { outputs: new Map([["result", result]]), updates: [], inputs: () => ({}), values };
}

function passDraft(b: Builder, { pass, rows, width }: Pass): Draft {
  const x = b.parameter("x", [rows, width]);
  const values = new Map([["x", fresh(rows * width, 0)]]);
  const ofResult = (result: Node, inputs: HostTensors = {}): Draft => ({
    outputs: new Map([["result", result]]),
    updates: [],
    inputs: () => inputs,
    values,
  });
  switch (pass) {
    case "layer-norm":
      values.set("norm.weight", fresh(width, 1)).set("norm.bias", fresh(width, 2));
      return ofResult(layerNorm(rootScope(b, "norm"), x, 1e-6));
    case "softmax":
      return ofResult(softmax(b, x));
    case "cross-entropy": {
      const targets = Int32Array.from({ length: rows }, (_, row) => classOf(row, width));
      return ofResult(crossEntropy(b, x, b.input("targets", [rows], "i32")), { targets });
    }
    case "sum":
      values.set("y", fresh(rows * width, 1));
      return ofResult(b.add(x, b.parameter("y", [rows, width])));
    case "adamw": {
      const weights = b.parameter("x", [width]);
      const gradient = b.parameter("gradient", [width]);
      const updates = adamw(b, weights, gradient, b.input("rates", [3]), {
        betas: adam.betas,
        eps: adam.epsilon,
        weightDecay: adam.decay,
      });
      return {
        outputs: new Map(),
        updates,
        inputs: (t) => ({ rates: adamwRates(adam.rate, t, adam.betas) }),
        values: new Map([
          ["x", fresh(width, 1)],
          ["gradient", fresh(width, 0)],
        ]),
      };
    }
  }
}

function blockDraft(b: Builder, work: Block): Draft {
  const { batch, tokens, width, trains } = work;
  const input = b.input("input", [batch, tokens, width]);
  const pixels = fresh(batch * tokens * width, inputSalt);
  const values = new Map(
    blockParameters(work).map(({ name, shape }, salt) => [
      `block.${name}`,
      blockValue(name, shape, salt),
    ]),
  );
  const result = blockOf(rootScope(b, "block"), input, work);
  if (!trains) {
    const outputs = new Map([["result", result]]);
    return { outputs, updates: [], inputs: () => ({ input: pixels }), values };
  }
  const loss = b.reshape(b.mean(b.mul(result, result), [0, 1, 2]), []);
  const trainable = reachable([loss]).filter(
    (node): node is NodeOf<"parameter"> => node.op === "parameter",
  );
  const { step } = differentiate(b, rules, work.name, loss, new Map([["loss", loss]]), trainable, {
    betas: adam.betas,
    eps: adam.epsilon,
    weightDecay: (parameter) => (isDecayed(parameter) ? adam.decay : 0),
    accumulate: 1,
  });
  const inputs = (t: number) => ({ input: pixels, rates: adamwRates(adam.rate, t, adam.betas) });
  return { ...step, inputs, values };
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

function roundedToHalf(values: Values): Values {
  return new Float32Array(floatsFromHalves(halvesFromFloats(values)));
}
