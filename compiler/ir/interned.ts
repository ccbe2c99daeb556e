/** Nodes that were made, found again by what they are: equal nodes are one object. */
import type { Node } from "./node.ts";

/** A table by hash; where two nodes share one, the later stands at the next free place. */
export class Interned {
  readonly #nodes = new Map<number, Node>();

  /** The node with this op, these inputs and attributes; `make` is asked for it the first time. */
  get(op: string, inputs: readonly Node[], attributes: object, make: () => Node): Node {
    for (let place = hashOf(op, inputs, attributes); ; place = (place + 1) & mask) {
      const known = this.#nodes.get(place);
      if (known === undefined) {
        const node = make();
        this.#nodes.set(place, node);
        return node;
      }
      if (known.op === op && areSame(known.inputs, inputs) && isEqual(known.attributes, attributes))
        return known;
    }
  }
}

/** Hashes have 30 bits: what V8 keeps without a box. */
const mask = 2 ** 30 - 1;

function hashOf(op: string, inputs: readonly Node[], attributes: object): number {
  let hash = hashText(17, op);
  for (const { id } of inputs) hash = mixed(hash, id);
  hash = hashValue(hash, attributes);
  return (hash ^ (hash >>> 15)) & mask;
}

function hashValue(hash: number, value: unknown): number {
  switch (typeof value) {
    case "number":
      return mixed(hash, value);
    case "string":
      return hashText(hash, value);
    case "object": {
      let sofar = hash;
      if (Array.isArray(value)) for (const each of value) sofar = hashValue(sofar, each);
      else for (const name in value) sofar = hashValue(sofar, value[name as keyof typeof value]);
      return sofar;
    }
    default:
      return mixed(hash, value ? 1 : 0);
  }
}

function hashText(hash: number, text: string): number {
  let sofar = hash;
  for (let i = 0; i < text.length; i++) sofar = mixed(sofar, text.charCodeAt(i));
  return sofar;
}

/** Fowler, Noll and Vo's step, of whole numbers. */
function mixed(hash: number, value: number): number {
  return Math.imul(hash ^ value, 0x01000193);
}

function areSame(some: readonly Node[], others: readonly Node[]): boolean {
  if (some.length !== others.length) return false;
  for (let i = 0; i < some.length; i++) if (some[i] !== others[i]) return false;
  return true;
}

/** Equal numbers, texts, lists and records of them; infinities equal themselves and -0 is not 0. */
function isEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null)
    return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => isEqual(one[name as keyof typeof one], other[name as keyof typeof other]))
  );
}
