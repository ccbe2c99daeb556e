/** ONNX Runtime on its CPU or WebGPU provider, with all its fusions; it does not train. Inputs come from the host each run. */
import { availableParallelism } from "node:os";
import { blockParameters, blockValue, fresh, inputSalt, probes, turned } from "../values.ts";
import { onnxModel } from "./onnx-model.mjs";

/** Opens one provider. */
export async function open(backend) {
  const ort = await import("onnxruntime-node");
  const offered = ort.listSupportedBackends().map(({ name }) => name);
  if (!offered.includes(backend)) throw new Error(`onnxruntime-node offers ${offered.join(", ")}`);
  return {
    version: ort.env.versions.node ?? ort.env.versions.common,
    prepare: (work) => prepare(ort, backend, work),
  };
}

async function prepare(ort, backend, work) {
  const made = modelOf(work, backend === "cpu");
  if (made === undefined) return undefined;
  // Passes over memory would be measured with their way through the host.
  if (work.kind === "pass" && backend !== "cpu") return undefined;
  const session = await ort.InferenceSession.create(onnxModel(made), {
    executionProviders: [backend],
    graphOptimizationLevel: "all",
    intraOpNumThreads: availableParallelism(),
    interOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  const feeds = Object.fromEntries(
    made.inputs.map(({ name, shape, values }) => [name, new ort.Tensor("float32", values, shape)]),
  );
  return {
    check: async () => probes(Object.values(await session.run(feeds))[0].data),
    run: () => session.run(feeds),
    finish: async () => {},
    release: () => session.release(),
  };
}

function modelOf(work, isFused) {
  switch (work.kind) {
    case "product":
      return work.isHalf ? undefined : product(work);
    case "block":
      return work.trains ? undefined : block(work, isFused);
    case "pass":
      return pass(work);
    default:
      return undefined;
  }
}

/** The second operand is a weight, which the library packs as it likes. */
function product({ batch, rows, depth, columns, form }) {
  if (batch > 1) return undefined;
  const x = {
    name: "x",
    shape: form === "TN" ? [depth, rows] : [rows, depth],
    values: fresh(rows * depth, 0),
  };
  const y = {
    name: "y",
    shape: form === "NT" ? [columns, depth] : [depth, columns],
    values: fresh(depth * columns, 1),
  };
  const node =
    form === "NN"
      ? { op: "MatMul", inputs: ["x", "y"], outputs: ["z"] }
      : {
          op: "Gemm",
          inputs: ["x", "y"],
          outputs: ["z"],
          attributes: { transA: form === "TN" ? 1 : 0, transB: form === "NT" ? 1 : 0 },
        };
  return {
    nodes: [node],
    weights: [y],
    inputs: [x],
    outputs: [{ name: "z", shape: [rows, columns] }],
  };
}

function pass({ pass, rows, width }) {
  const x = { name: "x", shape: [rows, width], values: fresh(rows * width, 0) };
  const outputs = [{ name: "z", shape: [rows, width] }];
  if (pass === "softmax") {
    const node = { op: "Softmax", inputs: ["x"], outputs: ["z"], attributes: { axis: -1 } };
    return { nodes: [node], weights: [], inputs: [x], outputs };
  }
  if (pass !== "layer-norm") return undefined;
  const weights = ["weight", "bias"].map((name, i) => ({
    name,
    shape: [width],
    values: fresh(width, i + 1),
  }));
  return { nodes: [layerNorm("x", "weight", "bias", "z")], weights, inputs: [x], outputs };
}

function layerNorm(x, weight, bias, z) {
  const attributes = { axis: -1, epsilon: 1e-6 };
  return { op: "LayerNormalization", inputs: [x, weight, bias], outputs: [z], attributes };
}

/** Attention as one node on the CPU; on WebGPU that node's results are off by some percent, so there it is spelled out. */
function block(work, isFused) {
  const { batch, tokens, width, heads } = work;
  const names = blockParameters(work).map(({ name }) => name);
  const weights = blockParameters(work).flatMap(({ name, shape }, salt) => {
    const values = blockValue(name, shape, salt);
    if (shape.length === 1) return [{ name, shape, values }];
    return [{ name, shape: [shape[1], shape[0]], values: turned(values, shape) }];
  });
  const nodes = [];
  const add = (op, inputs, output, attributes, domain) => {
    nodes.push({ op, inputs, outputs: [output], attributes, domain });
    return output;
  };
  const dense = (x, place, output) =>
    add("Add", [add("MatMul", [x, names[place]], `${output}.product`), names[place + 1]], output);
  const norm = (x, place, output) => {
    nodes.push(layerNorm(x, names[place], names[place + 1], output));
    return output;
  };
  const joint = dense(norm("x", 0, "normal1"), 2, "joint");
  const parts = ["q", "k", "v"];
  nodes.push({
    op: "Split",
    inputs: [joint],
    outputs: parts,
    attributes: { axis: -1, num_outputs: 3 },
  });
  const mixed = isFused
    ? add("MultiHeadAttention", parts, "mixed", { num_heads: heads }, "com.microsoft")
    : spelledOut(work, parts, weights, add);
  const y = add("Add", ["x", dense(mixed, 4, "attended")], "y");
  const active = add("Gelu", [dense(norm(y, 6, "normal2"), 8, "wide")], "active");
  add("Add", [y, dense(active, 10, "narrow")], "z");
  const shape = [batch, tokens, width];
  const values = fresh(batch * tokens * width, inputSalt);
  return {
    nodes,
    weights,
    inputs: [{ name: "x", shape, values }],
    outputs: [{ name: "z", shape }],
  };
}

/** Softmax of products by head; the shapes that it needs join the weights. */
function spelledOut({ batch, tokens, width, heads }, parts, weights, add) {
  const shape = (name, sizes) => {
    weights.push({ name, shape: [sizes.length], values: BigInt64Array.from(sizes, BigInt) });
    return name;
  };
  const apart = shape("apart", [batch, tokens, heads, width / heads]);
  const joined = shape("joined", [batch, tokens, width]);
  const scale = Float32Array.of(1 / Math.sqrt(width / heads));
  weights.push({ name: "scale", shape: [], values: scale });
  const [q, k, v] = parts.map((part) =>
    add("Transpose", [add("Reshape", [part, apart], `${part}.apart`)], `${part}.heads`, {
      perm: part === "k" ? [0, 2, 3, 1] : [0, 2, 1, 3],
    }),
  );
  const scores = add("Mul", [add("MatMul", [q, k], "products"), "scale"], "scores");
  const shares = add("Softmax", [scores], "shares", { axis: -1 });
  const mixed = add("MatMul", [shares, v], "mixed.heads");
  return add(
    "Reshape",
    [add("Transpose", [mixed], "mixed.rows", { perm: [0, 2, 1, 3] }), joined],
    "mixed",
  );
}
