/** A place in the parameter tree: names parameters, and marks nodes with the module that made them. */
import { invariant } from "../invariant.ts";
import type { Builder } from "../ir/builder.ts";
import type { Node } from "../ir/node.ts";
import type { Init } from "../ir/signatures.ts";
import type { Shape } from "../ir/tensor-type.ts";

/** What all places of one tree share. */
export interface ScopeSettings {
  /** Seed of this step, i32[2]; absent in graphs without dropout and without sampling. */
  readonly seed?: Node;
  /** First stream of random numbers; trees that share a seed need disjoint streams. Default 0. */
  readonly firstStream?: number;
}

interface Shared {
  readonly seed: Node | undefined;
  nextStream: number;
}

/** Opens the root of a parameter tree; `path` is put in front of every parameter. */
export function rootScope(b: Builder, path = "", settings: ScopeSettings = {}): Scope {
  return new Scope(b, path, { seed: settings.seed, nextStream: settings.firstStream ?? 0 });
}

export class Scope {
  readonly b: Builder;
  /** Dotted path of this place; empty at the root. */
  readonly path: string;
  readonly #shared: Shared;

  constructor(b: Builder, path: string, shared: Shared) {
    this.b = b;
    this.path = path;
    this.#shared = shared;
  }

  /** The place `name` (which may be dotted) below this one; "" is this place. */
  at(name: string): Scope {
    return name === "" ? this : new Scope(this.b, this.#join(name), this.#shared);
  }

  /** The parameter `name` of this place. */
  parameter(name: string, shape: Shape, init: Init = { kind: "zeros" }): Node {
    return this.b.parameter(this.#join(name), shape, init);
  }

  /** Nodes that `make` makes carry this place as their origin. */
  within<T>(make: () => T): T {
    return this.b.within({ path: this.path }, make);
  }

  /** Sends `x` through `count` blocks at the places 0, 1, …; gives every value, the first is `x`. */
  repeat(count: number, x: Node, block: (place: Scope, x: Node, index: number) => Node): Node[] {
    const values = [x];
    for (let index = 0; index < count; index++)
      values.push(block(this.at(String(index)), values[index]!, index));
    return values;
  }

  /** True when this tree has a seed, so that dropout and sampling are on. */
  get isRandom(): boolean {
    return this.#shared.seed !== undefined;
  }

  /** f32 in [0, 1), a stream of its own at each call. Throws when the tree has no seed. */
  random(shape: Shape): Node {
    const { seed } = this.#shared;
    invariant(seed !== undefined, () => `random numbers at ${this.path} without a seed`);
    return this.b.random(seed, shape, this.#shared.nextStream++);
  }

  #join(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`;
  }
}
