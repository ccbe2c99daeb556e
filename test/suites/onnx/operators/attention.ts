/** ONNX Attention: grouped heads, caches, masks, soft cap. The products' outputs come after the cap or the mask, as asked. */

import { lowest } from "../../../../compiler/ir/lowest.ts";
import type { Node } from "../../../../compiler/ir/node.ts";
import { softmax } from "../../../../compiler/layers/softmax.ts";
import type { Call } from "../call.ts";
import { and } from "./helpers.ts";

export function attention(call: Call): (Node | undefined)[] {
  const { b } = call;
  const isFlat = call.shape(0).length === 3;
  const query = byHead(call, call.input(0), call.integer("q_num_heads", 0));
  const keys = withPast(call, 1, 4);
  const values = withPast(call, 2, 5);
  const heads = query.type.shape[1]!;
  const scale = call.float("scale", 1 / Math.sqrt(query.type.shape[3]!));
  let scores = b.mul(b.matmul(query, b.swap(repeated(call, keys, heads))), scale);
  const plain = scores;
  const cap = call.float("softcap", 0);
  if (cap > 0) scores = b.mul(b.tanh(b.div(scores, cap)), cap);
  const capped = scores;
  const bias = addedMask(call, keys.type.shape[2]!);
  if (bias !== undefined) scores = b.add(scores, bias);
  const visible = visibility(call, query.type.shape[2]!, keys.type.shape[2]!);
  if (visible !== undefined) scores = b.select(visible, scores, lowest);
  const weights = softmax(b, scores);
  const mixed = b.matmul(weights, repeated(call, values, heads));
  const [batch, , tokens, width] = mixed.type.shape as [number, number, number, number];
  const output = isFlat
    ? b.reshape(b.transpose(mixed, [0, 2, 1, 3]), [batch, tokens, heads * width])
    : mixed;
  const products = [plain, capped, scores, weights][call.integer("qk_matmul_output_mode", 0)];
  return [output, keys, values, products];
}

function byHead(call: Call, x: Node, heads: number): Node {
  if (x.type.shape.length === 4) return x;
  const [batch, tokens, width] = x.type.shape as [number, number, number];
  return call.b.transpose(call.b.reshape(x, [batch, tokens, heads, width / heads]), [0, 2, 1, 3]);
}

/** Keys or values behind those of the cache. */
function withPast(call: Call, index: number, past: number): Node {
  const own = byHead(call, call.input(index), call.integer("kv_num_heads", 0));
  const before = call.optional(past);
  return before === undefined ? own : call.b.concat([before, own], 2);
}

/** Each head of keys or values for its group of query heads. */
function repeated({ b }: Call, x: Node, heads: number): Node {
  const [batch, groups, tokens, width] = x.type.shape as [number, number, number, number];
  if (groups === heads) return x;
  const lifted = b.reshape(x, [batch, groups, 1, tokens, width]);
  const spread = b.broadcastTo(lifted, [batch, groups, heads / groups, tokens, width]);
  return b.reshape(spread, [batch, heads, tokens, width]);
}

/** A mask of numbers; keys past its end are closed by `visibility`. */
function addedMask(call: Call, keys: number): Node | undefined {
  const mask = call.optional(3);
  if (mask === undefined || mask.type.dtype === "bool") return undefined;
  const missing = keys - mask.type.shape.at(-1)!;
  return call.b.pad(mask, -1, 0, missing);
}

/** bool, broadcasting to [batch, heads, queries, keys]; undefined when all see all. */
function visibility(call: Call, queries: number, keys: number): Node | undefined {
  const { b } = call;
  const parts: Node[] = [];
  const mask = call.optional(3);
  const known = mask?.type.shape.at(-1) ?? keys;
  if (mask?.type.dtype === "bool") {
    parts.push(b.less(0, b.pad(b.cast(mask, "i32"), -1, 0, keys - known)));
  } else if (known < keys) parts.push(b.less(b.iota([1, keys], 1), known));
  const filled = call.optional(6);
  const counts = filled === undefined ? undefined : b.reshape(filled, [-1, 1, 1, 1]);
  if (call.integer("is_causal", 0) === 1) {
    const square = [1, 1, queries, keys];
    const [row, column] = [b.iota(square, 2), b.iota(square, 3)];
    const cached = call.has(4) ? call.shape(4)[2]! : 0;
    const ahead = counts === undefined || call.has(4) ? undefined : b.sub(counts, queries);
    const last = ahead === undefined ? b.add(row, cached) : b.add(row, ahead);
    parts.push(b.less(column, b.add(last, 1)));
  }
  if (counts !== undefined) parts.push(b.less(b.iota([1, 1, 1, keys], 3), counts));
  if (parts.length === 0) return undefined;
  return parts.reduce((first, second) => and(b, first, second));
}
