/** TensorFlow.js 4 on its WebGPU or WASM backend. It has Adam, not AdamW. */
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { adam, blockParameters, blockValue, classOf, fresh, inputSalt, probes } from "../values.ts";
import { provideNavigator, provideWebGpu } from "./webgpu.mjs";

/** Opens one backend. */
export async function open(backend, choice) {
  const adapter = backend === "webgpu" ? await provideWebGpu(choice) : provideNavigator();
  const tf = await import("@tensorflow/tfjs");
  if (backend === "webgpu") {
    const { WebGPUBackend } = await import("@tensorflow/tfjs-backend-webgpu");
    const { limits } = adapter;
    const names = [
      "maxComputeWorkgroupStorageSize",
      "maxComputeWorkgroupsPerDimension",
      "maxStorageBufferBindingSize",
      "maxBufferSize",
      "maxComputeWorkgroupSizeX",
      "maxComputeInvocationsPerWorkgroup",
    ];
    const device = await adapter.requestDevice({
      requiredLimits: Object.fromEntries(names.map((name) => [name, limits[name]])),
    });
    tf.removeBackend("webgpu");
    tf.registerBackend("webgpu", () => new WebGPUBackend(device, adapter.info), 3);
  } else {
    const wasm = await import("@tensorflow/tfjs-backend-wasm");
    const entry = fileURLToPath(import.meta.resolve("@tensorflow/tfjs-backend-wasm"));
    wasm.setWasmPaths(`${join(dirname(entry), "..", "dist")}/`);
    wasm.setThreadsCount(availableParallelism());
  }
  await tf.setBackend(backend);
  await tf.ready();
  if (tf.getBackend() !== backend)
    throw new Error(`tfjs runs on ${tf.getBackend()}, not on ${backend}`);
  return { version: tf.version_core, prepare: (work) => prepare(tf, work) };
}

function prepare(tf, work) {
  if (work.kind === "product") return work.isHalf ? undefined : product(tf, work);
  if (work.kind === "block") return work.trains ? training(tf, work) : forward(tf, work);
  if (work.kind === "pass") return pass(tf, work);
  return undefined;
}

/** Waits until the device has done all that was sent. */
async function finish(tf) {
  const backend = tf.backend();
  if (backend.submitQueue === undefined) return;
  backend.endComputePassEncoder();
  if (backend.commandEncoder !== null) backend.submitQueue();
  await backend.queue.onSubmittedWorkDone();
}

/** A function of tensors as a contender; each call's result is thrown away. */
function repeated(tf, make, held) {
  return {
    check: async () => {
      const result = tf.tidy(make);
      const values = await result.data();
      result.dispose();
      return probes(values);
    },
    run: () => tf.dispose(tf.tidy(make)),
    finish: () => finish(tf),
    release: () => tf.dispose(held),
  };
}

function product(tf, { batch, rows, depth, columns, form }) {
  const lead = batch === 1 ? [] : [batch];
  const x = tf.tensor(fresh(batch * rows * depth, 0), [
    ...lead,
    ...(form === "TN" ? [depth, rows] : [rows, depth]),
  ]);
  const y = tf.tensor(fresh(batch * depth * columns, 1), [
    ...lead,
    ...(form === "NT" ? [columns, depth] : [depth, columns]),
  ]);
  return repeated(tf, () => tf.matMul(x, y, form === "TN", form === "NT"), [x, y]);
}

function pass(tf, { pass, rows, width }) {
  const x = tf.tensor(fresh(rows * width, 0), [rows, width]);
  switch (pass) {
    case "layer-norm": {
      const weight = tf.tensor(fresh(width, 1));
      const bias = tf.tensor(fresh(width, 2));
      return repeated(tf, () => norm(tf, x, weight, bias), [x, weight, bias]);
    }
    case "softmax":
      return repeated(tf, () => tf.softmax(x), [x]);
    case "cross-entropy": {
      const classes = Int32Array.from({ length: rows }, (_, row) => classOf(row, width));
      const hot = tf.tidy(() =>
        tf.cast(tf.oneHot(tf.tensor1d(classes, "int32"), width), "float32"),
      );
      return repeated(tf, () => tf.losses.softmaxCrossEntropy(hot, x), [x, hot]);
    }
    case "sum": {
      const y = tf.tensor(fresh(rows * width, 1), [rows, width]);
      return repeated(tf, () => tf.add(x, y), [x, y]);
    }
    case "adamw": {
      const weights = tf.variable(tf.tensor(fresh(width, 1)), true);
      const gradient = tf.reshape(x, [width]);
      const optimizer = tf.train.adam(adam.rate, ...adam.betas, adam.epsilon);
      const step = () => optimizer.applyGradients([{ name: weights.name, tensor: gradient }]);
      return {
        check: async () => {
          step();
          return probes(await weights.data());
        },
        run: step,
        finish: () => finish(tf),
        release: () => {
          tf.dispose([x, gradient]);
          weights.dispose();
          optimizer.dispose();
        },
      };
    }
  }
}

function norm(tf, x, weight, bias) {
  const { mean, variance } = tf.moments(x, -1, true);
  const scaled = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-6)));
  return tf.add(tf.mul(scaled, weight), bias);
}

/** Matrices stand as [in, out], which spares the backend a transposition. */
function weightsOf(tf, work) {
  return blockParameters(work).map(({ name, shape }, salt) => {
    const tensor = tf.tensor(blockValue(name, shape, salt), shape);
    return shape.length === 2 ? tf.transpose(tensor) : tensor;
  });
}

function blockOf(tf, x, w, { batch, tokens, width, heads }) {
  const dense = (input, weight, bias) => tf.fused.matMul({ a: input, b: weight, bias });
  const rows = batch * tokens;
  const normal = norm(tf, x, w[0], w[1]);
  const joint = tf.reshape(dense(normal, w[2], w[3]), [batch, tokens, 3, heads, width / heads]);
  const [q, k, v] = tf.unstack(tf.transpose(joint, [2, 0, 3, 1, 4]));
  const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(width / heads));
  const mixed = tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]);
  const y = tf.add(x, dense(tf.reshape(mixed, [rows, width]), w[4], w[5]));
  const wide = dense(norm(tf, y, w[6], w[7]), w[8], w[9]);
  const active = tf.mul(tf.mul(wide, 0.5), tf.add(tf.erf(tf.mul(wide, Math.SQRT1_2)), 1));
  return tf.add(y, dense(active, w[10], w[11]));
}

const inputOf = (tf, { batch, tokens, width }) =>
  tf.tensor(fresh(batch * tokens * width, inputSalt), [batch * tokens, width]);

function forward(tf, work) {
  const x = inputOf(tf, work);
  const w = weightsOf(tf, work);
  return repeated(tf, () => blockOf(tf, x, w, work), [x, ...w]);
}

function training(tf, work) {
  const x = inputOf(tf, work);
  const w = weightsOf(tf, work).map((tensor) => tf.variable(tensor, true));
  const optimizer = tf.train.adam(adam.rate, ...adam.betas, adam.epsilon);
  const loss = () => tf.mean(tf.square(blockOf(tf, x, w, work)));
  const step = () => optimizer.minimize(loss, true, w);
  return {
    check: async () => {
      const losses = [];
      for (let i = 0; i < 2; i++) {
        const value = step();
        losses.push((await value.data())[0]);
        value.dispose();
      }
      return losses;
    },
    run: () => step().dispose(),
    finish: () => finish(tf),
    release: () => {
      for (const variable of w) variable.dispose();
      x.dispose();
      optimizer.dispose();
    },
  };
}
