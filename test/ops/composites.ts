/** The composites that models are made of, written in ops alone, for gradient and kernel tests. */
import type { Builder } from "../../compiler/ir/builder.ts";
import type { Node } from "../../compiler/ir/node.ts";
import type { Differentiable } from "./differentiable.ts";
import type { Draft } from "./draft.ts";

const pick = (d: Draft): number => d.random.pick([1, 2, 3, 5, 7]);

/** Along the last axis. */
export function softmax(b: Builder, x: Node): Node {
  const shifted = b.exp(b.sub(x, b.stopGradient(b.reduce("max", x, [-1], true))));
  return b.div(shifted, b.sum(shifted, [-1], true));
}

function logSoftmax(b: Builder, x: Node): Node {
  const shifted = b.sub(x, b.stopGradient(b.reduce("max", x, [-1], true)));
  return b.sub(shifted, b.log(b.sum(b.exp(shifted), [-1], true)));
}

export function layerNorm(b: Builder, x: Node, scale: Node, shift: Node): Node {
  const centered = b.sub(x, b.mean(x, [-1], true));
  const variance = b.mean(b.mul(centered, centered), [-1], true);
  return b.add(b.mul(b.div(centered, b.sqrt(b.add(variance, 1e-5))), scale), shift);
}

export function gelu(b: Builder, x: Node): Node {
  return b.mul(b.mul(x, 0.5), b.add(b.erf(b.mul(x, Math.SQRT1_2)), 1));
}

/** [batch, tokens, width] in heads, optionally causal. */
export function attention(
  b: Builder,
  [query, key, value]: readonly [Node, Node, Node],
  heads: number,
  causal: boolean,
): Node {
  const split = (x: Node): Node => {
    const [batch, tokens, width] = x.type.shape as readonly [number, number, number];
    return b.transpose(b.reshape(x, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]);
  };
  const [q, k, v] = [split(query), split(key), split(value)];
  let scores = b.mul(b.matmul(q, b.swap(k)), 1 / Math.sqrt(q.type.shape.at(-1)!));
  if (causal) {
    const square = scores.type.shape.slice(-2);
    scores = b.select(b.less(b.iota(square, 0), b.iota(square, 1)), -1e9, scores);
  }
  return b.reshape(b.transpose(b.matmul(softmax(b, scores), v), [0, 2, 1, 3]), query.type.shape);
}

const rows = (d: Draft): Node => d.parameter([pick(d), pick(d) + 1]);

export const composites: readonly Differentiable[] = [
  { name: "softmax", make: (d) => softmax(d.b, rows(d)) },
  { name: "log-softmax", make: (d) => logSoftmax(d.b, rows(d)) },
  {
    name: "cross entropy by select",
    make(d) {
      const [count, classes] = [pick(d), pick(d) + 1];
      const label = d.indices([count, 1], 0, classes - 1);
      const hit = d.b.equal(
        d.b.iota([count, classes], 1),
        d.b.broadcastTo(label, [count, classes]),
      );
      const losses = d.b.select(hit, logSoftmax(d.b, d.parameter([count, classes])), 0);
      return d.b.neg(d.b.mean(d.b.sum(losses, [1]), [0]));
    },
  },
  {
    name: "cross entropy by gather",
    make(d) {
      const [count, classes] = [pick(d), pick(d) + 1];
      const flat = d.b.reshape(logSoftmax(d.b, d.parameter([count, classes])), [-1]);
      const at = d.b.add(
        d.b.mul(d.b.iota([count], 0), classes),
        d.indices([count], 0, classes - 1),
      );
      return d.b.neg(d.b.mean(d.b.gather(flat, at), [0]));
    },
  },
  {
    name: "layer norm",
    make(d) {
      const width = pick(d) + 2;
      const x = d.parameter([pick(d), pick(d), width]);
      return layerNorm(d.b, x, d.parameter([width]), d.parameter([width]));
    },
  },
  {
    name: "root mean square norm",
    make(d) {
      const x = rows(d);
      return d.b.div(x, d.b.sqrt(d.b.add(d.b.mean(d.b.mul(x, x), [-1], true), 1e-5)));
    },
  },
  { name: "gelu", make: (d) => gelu(d.b, rows(d)) },
  {
    name: "gelu by tanh",
    make(d) {
      const x = rows(d);
      const cube = d.b.mul(x, d.b.mul(x, x));
      const inner = d.b.mul(d.b.add(x, d.b.mul(cube, 0.044715)), Math.sqrt(2 / Math.PI));
      return d.b.mul(d.b.mul(x, 0.5), d.b.add(d.b.tanh(inner), 1));
    },
  },
  {
    name: "silu",
    make(d) {
      const x = rows(d);
      return d.b.div(x, d.b.add(d.b.exp(d.b.neg(x)), 1));
    },
  },
  {
    name: "attention",
    make(d) {
      const heads = d.random.pick([1, 2, 3]);
      const [batch, width] = [d.random.pick([1, 2]), heads * d.random.pick([1, 2, 3])];
      const [from, to] = [pick(d), pick(d)];
      return attention(
        d.b,
        [
          d.parameter([batch, from, width]),
          d.parameter([batch, to, width]),
          d.parameter([batch, to, width]),
        ],
        heads,
        false,
      );
    },
  },
  {
    name: "causal attention of one sequence to itself",
    make(d) {
      const x = d.parameter([1, pick(d), 4]);
      return attention(d.b, [x, x, x], 2, true);
    },
  },
  {
    name: "linear, gelu, linear, residual",
    make(d) {
      const [count, width, inner] = [pick(d), pick(d), pick(d)];
      const x = d.parameter([count, width]);
      const hidden = gelu(
        d.b,
        d.b.add(d.b.matmul(x, d.parameter([width, inner])), d.parameter([inner])),
      );
      return d.b.add(
        x,
        d.b.add(d.b.matmul(hidden, d.parameter([inner, width])), d.parameter([width])),
      );
    },
  },
  {
    name: "unit length",
    make(d) {
      const x = rows(d);
      return d.b.div(x, d.b.sqrt(d.b.sum(d.b.mul(x, x), [-1], true)));
    },
  },
  {
    name: "embedding with positions",
    make(d) {
      const [batch, tokens, width] = [d.random.pick([1, 2]), pick(d), pick(d)];
      const words = d.b.gather(d.parameter([5, width]), d.indices([batch, tokens], 0, 4));
      return d.b.exp(d.b.add(words, d.parameter([tokens, width])));
    },
  },
  {
    name: "dropout",
    make(d) {
      const x = rows(d);
      const kept = d.b.less(d.b.random(d.seed(), x.type.shape, 3), 0.8);
      return d.b.mul(
        d.b.mul(x, x),
        d.b.select(kept, d.b.broadcastTo(d.b.constant(1.25), x.type.shape), 0),
      );
    },
  },
  {
    name: "contrastive, best of the queries",
    smooth: false,
    make(d) {
      const [images, texts, queries, width] = [pick(d), pick(d), 3, 4];
      const image = d.b.reshape(d.parameter([images, queries, width]), [images * queries, width]);
      const all = d.b.matmul(image, d.b.swap(d.parameter([texts, width])));
      const best = d.b.reduce("max", d.b.reshape(all, [images, queries, texts]), [1]);
      return logSoftmax(d.b, d.b.div(best, d.b.exp(d.parameter([], [-1, 0]))));
    },
  },
];
