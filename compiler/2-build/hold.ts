/** Tensors of one micro-batch -> where those of all micro-batches of a step stand together. */
import type { Builder } from "../ir/builder.ts";
import type { Node, NodeOf } from "../ir/node.ts";
import type { ParameterNode } from "./stage-graphs.ts";

/** What is kept of a micro-batch until the step has seen all of them. */
export interface Held {
  /** f32[batch, …]. */
  readonly node: Node;
  /** State f32[micro-batches, batch, …]. */
  readonly place: ParameterNode;
}

/** Start of the paths of what lives for one step: no block can be called so, and no checkpoint holds it. */
const prefix = "whole step.";

/** True for the state of a step that is no parameter, running gradient or moment. */
export function isHeld(path: string): boolean {
  return path.startsWith(prefix);
}

/** The places of one stage; each tensor is held once, whoever asks for it. */
export class Hold {
  readonly microBatches: number;
  readonly #b: Builder;
  readonly #held = new Map<Node, Held>();
  readonly #counts = new Map<string, number>();
  readonly #inputs = new Map<string, NodeOf<"input">>();

  constructor(b: Builder, microBatches: number) {
    this.#b = b;
    this.microBatches = microBatches;
  }

  /** In the order in which they were asked for. */
  get held(): readonly Held[] {
    return [...this.#held.values()];
  }

  /** Inputs of a micro-batch that are read of all of them. */
  get inputs(): readonly Node[] {
    return [...this.#inputs.values()];
  }

  /** [records of the step, …] of `node` f32[batch, …]; `name` says whose it is. */
  all(name: string, node: Node): Node {
    const place = this.#held.get(node)?.place ?? this.#newPlace(name, node);
    this.#held.set(node, { node, place });
    return this.#b.reshape(place, this.#ofAll(node));
  }

  #newPlace(name: string, { type }: Node): ParameterNode {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    const own = count === 1 ? name : `${name}.${count}`;
    return this.#b.parameter(`${prefix}${own}`, [this.microBatches, ...type.shape]);
  }

  /** The same input [records of the step, …]. */
  input(node: Node): Node {
    if (node.op !== "input") return node;
    const { name, dtype } = node.attributes;
    this.#inputs.set(name, node);
    return this.#b.input(name, this.#ofAll(node), dtype);
  }

  /** A scalar of the whole step. */
  scalar(name: string): ParameterNode {
    return this.#b.parameter(`${prefix}${name}`, []);
  }

  #ofAll({ type: { shape } }: Node): readonly number[] {
    const [batch, ...rest] = shape;
    return [this.microBatches * batch!, ...rest];
  }
}
