/** A place in the parameter tree: names parameters, and marks nodes with the module that made them. */
import { invariant } from "../invariant.ts";
import type { Builder } from "../ir/builder.ts";
import type { Node } from "../ir/node.ts";
import type { Init } from "../ir/signatures.ts";
import type { Shape } from "../ir/tensor-type.ts";

/** What holds for a place and all below it. */
export interface ScopeSettings {
  /** Seed of this step, i32[2]; absent in graphs without dropout and without sampling. */
  readonly seed?: Node | undefined;
  /** False: the seed is for sampling alone, nothing is dropped. Default true. */
  readonly drops?: boolean;
  /** How matrices (parameters called `…weight` of rank 2 or more) are stored. Default f32. */
  readonly stored?: "f32" | "f16";
  /** `file:line:column` of the block that everything below belongs to. */
  readonly declared?: string;
}

/** Opens the root of a parameter tree; `path` is put in front of every parameter. */
export function rootScope(b: Builder, path = "", settings: ScopeSettings = {}): Scope {
  return new Scope(b, path, settings, { next: 0 });
}

export class Scope {
  readonly b: Builder;
  /** Dotted path of this place; empty at the root. */
  readonly path: string;
  readonly #settings: ScopeSettings;
  /** Shared by the whole tree, so that no two draws have the same stream. */
  readonly #stream: { next: number };

  constructor(b: Builder, path: string, settings: ScopeSettings, stream: { next: number }) {
    this.b = b;
    this.path = path;
    this.#settings = settings;
    this.#stream = stream;
  }

  /** This place with other settings; random numbers still differ from those of the rest of the tree. */
  with(settings: ScopeSettings): Scope {
    return new Scope(this.b, this.path, { ...this.#settings, ...settings }, this.#stream);
  }

  /** The place `name` (which may be dotted) below this one; "" is this place. */
  at(name: string): Scope {
    if (name === "") return this;
    return new Scope(this.b, this.#join(name), this.#settings, this.#stream);
  }

  /** The parameter `name` of this place, as f32. */
  parameter(name: string, shape: Shape, init: Init = { kind: "zeros" }): Node {
    const isMatrix = shape.length >= 2 && name.endsWith("weight");
    const dtype = isMatrix ? (this.#settings.stored ?? "f32") : "f32";
    return this.b.cast(this.b.parameter(this.#join(name), shape, init, dtype), "f32");
  }

  /** Nodes that `make` makes carry this place as their origin. */
  within<T>(make: () => T): T {
    const { declared } = this.#settings;
    return this.b.within(
      declared === undefined ? { path: this.path } : { path: this.path, at: declared },
      make,
    );
  }

  /** Sends `x` through `count` blocks at the places 0, 1, …; gives every value, the first is `x`. */
  repeat(count: number, x: Node, block: (place: Scope, x: Node, index: number) => Node): Node[] {
    const values = [x];
    for (let index = 0; index < count; index++)
      values.push(block(this.at(String(index)), values[index]!, index));
    return values;
  }

  /** True when dropout is on: this tree has a seed, and not for sampling alone. */
  get drops(): boolean {
    return this.#settings.seed !== undefined && this.#settings.drops !== false;
  }

  /** f32 in [0, 1), a stream of its own at each call. Throws when the tree has no seed. */
  random(shape: Shape): Node {
    const { seed } = this.#settings;
    invariant(seed !== undefined, () => `random numbers at ${this.path} without a seed`);
    return this.b.random(seed, shape, this.#stream.next++);
  }

  #join(name: string): string {
    return this.path === "" ? name : `${this.path}.${name}`;
  }
}
