/** Multi-head attention. Vaswani et al. 2017, arXiv:1706.03762. */

import { lowest } from "../ir/lowest.ts";
import type { Node } from "../ir/node.ts";
import { dropout } from "./dropout.ts";
import { affine, fresh, linear } from "./linear.ts";
import type { Scope } from "./scope.ts";
import { softmax } from "./softmax.ts";

/** Keys and values by head: [batch, heads, keys, head width]. */
export interface KeysValues {
  readonly keys: Node;
  readonly values: Node;
}

/** Places of the four projections below the attention's own place. */
export interface ProjectionNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
}

/** One product for all three; `biases` says which of them have one. */
export interface FusedNames {
  readonly weight: string;
  readonly bias?: string;
  readonly queryBias?: string;
  readonly valueBias?: string;
}

export interface AttentionOptions {
  readonly heads: number;
  readonly names: ProjectionNames | { readonly fused: FusedNames };
  /** Place of the output projection. */
  readonly output: string;
  /** Default width / heads. */
  readonly headWidth?: number;
  /** Whom the queries attend, [batch, keys, any width]; default `x` itself. */
  readonly context?: Node;
  /** Used in place of keys and values made of `context`. */
  readonly given?: KeysValues;
  /** Put in front of the keys and values made of `context`. */
  readonly past?: KeysValues;
  /** Added to the scores; broadcasts to [batch, heads, queries, keys]. */
  readonly bias?: Node;
  /** bool; scores where it is false become the lowest f32. */
  readonly visible?: Node;
  /** Factor of the scores; default 1/√(head width). */
  readonly scale?: number;
  /** Share of attention weights that are dropped. */
  readonly dropout?: number;
  /** As `LinearOptions.std`. */
  readonly std?: number | undefined;
}

/** `x` [batch, queries, width] → [batch, queries, width], with the keys and values that were attended. */
export function attention(
  s: Scope,
  x: Node,
  options: AttentionOptions,
): { readonly output: Node } & KeysValues {
  const [batch, queries, width] = x.type.shape as [number, number, number];
  const { heads, headWidth = width / heads } = options;
  const own = project(s, x, options, headWidth);
  return s.within(() => {
    const { b } = s;
    const { past } = options;
    const keys = past === undefined ? own.keys : b.concat([past.keys, own.keys], 2);
    const values = past === undefined ? own.values : b.concat([past.values, own.values], 2);
    const { scale = 1 / Math.sqrt(headWidth) } = options;
    const mixed = mix(s, { queries: own.queries, keys, values }, { ...options, scale });
    const joined = b.reshape(mixed, [batch, queries, heads * headWidth]);
    return {
      output: linear(s.at(options.output), joined, width, { std: options.std }),
      keys,
      values,
    };
  });
}

/** → [batch, queries, heads, head width]. Weights that are dropped must exist one by one. */
function mix(
  s: Scope,
  { queries, keys, values }: { readonly queries: Node } & KeysValues,
  options: Pick<AttentionOptions, "bias" | "visible" | "dropout"> & { readonly scale: number },
): Node {
  const { b } = s;
  const { scale, bias, visible, dropout: rate = 0 } = options;
  if (rate === 0 || !s.drops)
    return b.attention(queries, keys, values, {
      scale,
      ...(bias === undefined ? {} : { bias }),
      ...(visible === undefined ? {} : { visible }),
    });
  let scores = b.mul(b.matmul(queries, b.swap(keys)), scale); // [batch, heads, queries, keys]
  if (bias !== undefined) scores = b.add(scores, bias);
  if (visible !== undefined) scores = b.select(visible, scores, lowest);
  const weights = dropout(s, softmax(b, scores), rate);
  return b.transpose(b.matmul(weights, values), [0, 2, 1, 3]);
}

/** Keys and values of `context` alone, for use as `given`. Fused projections have none. */
export function keysValues(
  s: Scope,
  context: Node,
  options: Pick<AttentionOptions, "heads" | "std"> & { readonly names: ProjectionNames },
  width: number,
): KeysValues {
  const side = (name: string) =>
    byHead(s, linear(s.at(name), context, width, { std: options.std }), options.heads);
  return { keys: side(options.names.key), values: side(options.names.value) };
}

function project(
  s: Scope,
  x: Node,
  options: AttentionOptions,
  headWidth: number,
): { readonly queries: Node } & KeysValues {
  const { names, heads } = options;
  const inner = heads * headWidth;
  if ("fused" in names) {
    const joint = fused(s, x, names.fused, inner, options.std);
    const part = (index: number) =>
      byHead(s, s.b.slice(joint, -1, index * inner, (index + 1) * inner), heads);
    return { queries: part(0), keys: part(1), values: part(2) };
  }
  const { given, context = x, std } = options;
  const queries = byHead(s, linear(s.at(names.query), x, inner, { std }), heads);
  if (given !== undefined) return { queries, ...given };
  return { queries, ...keysValues(s, context, { heads, names, std }, inner) };
}

/** [batch, tokens, width] → [batch, tokens, 3 inner]. */
function fused(s: Scope, x: Node, names: FusedNames, inner: number, std?: number): Node {
  const width = x.type.shape.at(-1)!;
  const init = fresh(width, std);
  const weight = s.parameter(names.weight, [3 * inner, width], init.weight);
  const { queryBias, valueBias } = names;
  if (names.bias !== undefined)
    return affine(s, x, weight, s.parameter(names.bias, [3 * inner], init.bias));
  if (queryBias === undefined || valueBias === undefined) return affine(s, x, weight);
  const query = s.parameter(queryBias, [inner], init.bias);
  const value = s.parameter(valueBias, [inner], init.bias);
  const key = s.b.constant(0, [inner]);
  return affine(
    s,
    x,
    weight,
    s.within(() => s.b.concat([query, key, value], 0)),
  );
}

/** [batch, tokens, heads × head width] → [batch, heads, tokens, head width]. */
function byHead(s: Scope, x: Node, heads: number): Node {
  const [batch, tokens, width] = x.type.shape as [number, number, number];
  return s.b.transpose(s.b.reshape(x, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]);
}
