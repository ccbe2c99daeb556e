/** jax-js on its WebGPU or WASM backend; everything that is measured goes through `jit`. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  adam,
  blockParameters,
  blockValue,
  classOf,
  fresh,
  inputSalt,
  probes,
  turned,
} from "../values.ts";
import { provideWorker } from "./web-worker.mjs";
import { provideNavigator, provideWebGpu } from "./webgpu.mjs";

/** Opens one backend. */
export async function open(backend, choice) {
  if (backend === "webgpu") await provideWebGpu(choice);
  else {
    provideNavigator();
    provideWorker();
  }
  const jax = await import("@jax-js/jax");
  const opened = await jax.init(backend);
  if (!opened.includes(backend)) throw new Error(`jax-js did not open ${backend}`);
  jax.defaultDevice(backend);
  const entry = fileURLToPath(import.meta.resolve("@jax-js/jax"));
  const { version } = JSON.parse(readFileSync(join(dirname(entry), "..", "package.json"), "utf8"));
  return { version, prepare: (work) => prepare(jax, work) };
}

function prepare(jax, work) {
  if (work.kind === "product") return work.isHalf ? undefined : product(jax, work);
  if (work.kind === "block") return work.trains ? training(jax, work) : forward(jax, work);
  if (work.kind === "pass") return pass(jax, work);
  return undefined;
}

const arrayOf = ({ numpy }, values, shape) => numpy.array(values).reshape([...shape]);

/** A compiled function of arrays that stay. */
function repeated(jax, call, held) {
  const compiled = jax.jit(call);
  let last;
  return {
    check: async () => probes(await compiled(...held.map((each) => each.ref)).data()),
    run: async () => {
      last?.dispose();
      last = compiled(...held.map((each) => each.ref));
      await last.blockUntilReady();
    },
    finish: async () => {},
    release: () => {
      last?.dispose();
      for (const each of held) each.dispose();
      compiled.dispose();
    },
  };
}

function product(jax, { batch, rows, depth, columns, form }) {
  const { matmul, matrixTranspose } = jax.numpy;
  const lead = batch === 1 ? [] : [batch];
  const x = arrayOf(jax, fresh(batch * rows * depth, 0), [
    ...lead,
    ...(form === "TN" ? [depth, rows] : [rows, depth]),
  ]);
  const y = arrayOf(jax, fresh(batch * depth * columns, 1), [
    ...lead,
    ...(form === "NT" ? [columns, depth] : [depth, columns]),
  ]);
  const call = (left, right) =>
    matmul(
      form === "TN" ? matrixTranspose(left) : left,
      form === "NT" ? matrixTranspose(right) : right,
    );
  return repeated(jax, call, [x, y]);
}

function pass(jax, { pass, rows, width }) {
  const np = jax.numpy;
  const x = arrayOf(jax, fresh(rows * width, 0), [rows, width]);
  switch (pass) {
    case "layer-norm":
      return repeated(jax, (a, w, b) => norm(jax, a, w, b), [
        x,
        np.array(fresh(width, 1)),
        np.array(fresh(width, 2)),
      ]);
    case "softmax":
      return repeated(jax, (a) => jax.nn.softmax(a, -1), [x]);
    case "cross-entropy": {
      const classes = Int32Array.from({ length: rows }, (_, row) => classOf(row, width));
      const targets = np.array(classes, { dtype: np.int32 }).reshape([rows, 1]);
      const call = (a, t) =>
        np.mean(jax.nn.logsumexp(a.ref, -1).sub(np.sum(np.takeAlongAxis(a, t, 1), 1)));
      return repeated(jax, call, [x, targets]);
    }
    case "sum":
      return repeated(jax, (a, b) => a.add(b), [
        x,
        arrayOf(jax, fresh(rows * width, 1), [rows, width]),
      ]);
    case "adamw": {
      const zeros = () => [np.zeros([width])];
      const step = jax.jit((w, m, v, g) => adamw(jax, w, m, v, [g]));
      let state = [[np.array(fresh(width, 1))], zeros(), zeros()];
      const gradient = x.reshape([width]);
      const run = async () => {
        state = step(...state, gradient.ref);
        await jax.blockUntilReady(state);
      };
      return {
        check: async () => {
          await run();
          return probes(await state[0][0].ref.data());
        },
        run,
        finish: async () => {},
        release: () => {
          jax.tree.dispose(state);
          gradient.dispose();
        },
      };
    }
  }
}

/** First step of AdamW, again and again: the corrections of the moments stay those of step 1. */
function adamw({ numpy: np }, weights, first, second, gradients) {
  const { rate, betas, epsilon, decay } = adam;
  const nextFirst = first.map((m, i) => m.mul(betas[0]).add(gradients[i].ref.mul(1 - betas[0])));
  const nextSecond = second.map((v, i) =>
    v.mul(betas[1]).add(np.square(gradients[i]).mul(1 - betas[1])),
  );
  const next = weights.map((w, i) => {
    const spread = np
      .sqrt(nextSecond[i].ref)
      .mul(1 / Math.sqrt(1 - betas[1]))
      .add(epsilon);
    const kept = w.shape.length === 1 && weights.length > 1 ? w : w.mul(1 - rate * decay);
    return kept.sub(nextFirst[i].ref.div(spread).mul(rate / (1 - betas[0])));
  });
  return [next, nextFirst, nextSecond];
}

function norm({ nn }, x, weight, bias) {
  return nn.standardize(x, -1, { epsilon: 1e-6 }).mul(weight).add(bias);
}

function blockOf(jax, x, w, { batch, tokens, width, heads }) {
  const { numpy: np, nn, lax } = jax;
  const rows = batch * tokens;
  const dense = (input, weight, bias) => np.matmul(input, weight).add(bias);
  const normal = norm(jax, x.ref, w[0], w[1]);
  const joint = dense(normal, w[2], w[3]).reshape([batch, tokens, 3, heads, width / heads]);
  const [q, k, v] = np
    .split(np.transpose(joint, [2, 0, 3, 1, 4]), 3, 0)
    .map((part) => part.reshape([batch, heads, tokens, width / heads]));
  // `dotProductAttention` goes through `einsum`, which needs a newer Node.
  const scores = np.matmul(q, np.matrixTranspose(k)).mul(1 / Math.sqrt(width / heads));
  const mixed = np
    .transpose(np.matmul(nn.softmax(scores, -1), v), [0, 2, 1, 3])
    .reshape([rows, width]);
  const y = x.add(dense(mixed, w[4], w[5]));
  const wide = dense(norm(jax, y.ref, w[6], w[7]), w[8], w[9]);
  const active = wide.ref.mul(0.5).mul(lax.erf(wide.mul(Math.SQRT1_2)).add(1));
  return y.add(dense(active, w[10], w[11]));
}

/** Matrices stand as [in, out]. */
function weightsOf(jax, work) {
  return blockParameters(work).map(({ name, shape }, salt) => {
    const values = blockValue(name, shape, salt);
    if (shape.length === 1) return arrayOf(jax, values, shape);
    return arrayOf(jax, turned(values, shape), [shape[1], shape[0]]);
  });
}

const inputOf = (jax, { batch, tokens, width }) =>
  arrayOf(jax, fresh(batch * tokens * width, inputSalt), [batch * tokens, width]);

function forward(jax, work) {
  return repeated(jax, (x, ...w) => blockOf(jax, x, w, work), [
    inputOf(jax, work),
    ...weightsOf(jax, work),
  ]);
}

function training(jax, work) {
  const { numpy: np } = jax;
  const x = inputOf(jax, work);
  const loss = (w, input) => np.mean(np.square(blockOf(jax, input, w, work)));
  const step = jax.jit((w, m, v, input) => {
    const [value, gradients] = jax.valueAndGrad(loss)(jax.tree.ref(w), input);
    return [value, ...adamw(jax, w, m, v, gradients)];
  });
  const zeros = () =>
    blockParameters(work).map(({ shape }) =>
      np.zeros(shape.length === 2 ? [shape[1], shape[0]] : [...shape]),
    );
  let state = [weightsOf(jax, work), zeros(), zeros()];
  const once = async () => {
    const [value, ...next] = step(...state, x.ref);
    state = next;
    await jax.blockUntilReady([value, ...state]);
    return value;
  };
  return {
    check: async () => {
      const losses = [];
      for (let i = 0; i < 2; i++) losses.push((await (await once()).data())[0]);
      return losses;
    },
    run: async () => (await once()).dispose(),
    finish: async () => {},
    release: () => {
      jax.tree.dispose(state);
      x.dispose();
      step.dispose();
    },
  };
}
