/** Terms of an expression -> nodes. */
import { placeText } from "../../grammar/source.ts";
import {
  comparisons,
  type NamedTerm,
  type TensorOutput,
  type TensorTerm,
} from "../1-check/expression/term.ts";
import { invariant } from "../invariant.ts";
import type { Node } from "../ir/node.ts";
import { linear } from "../layers/linear.ts";
import {
  aligned,
  along,
  argmaxOver,
  crossEntropyOver,
  dot,
  fold,
  joined,
  mapped,
  type NamedTensor,
  numeric,
  type Operand,
  renamed,
  sizeOf,
  tensorOf,
} from "../objectives/expression.ts";
import { combinations, elementFunctions } from "../objectives/expression-elements.ts";
import type { StageParts } from "./stage-parts.ts";

/** Records that a term walks, and what comes from elsewhere: terms that are not to be computed of all of them. */
interface Records {
  readonly records: number;
  readonly below: (term: TensorTerm) => Operand | undefined;
}

/** Lowers one setting of an objective; nodes carry its name, such as `itc.similarity`. */
export class Lowering {
  readonly #parts: StageParts;
  readonly #value: NamedTerm;
  readonly #known: ReadonlyMap<string, Operand>;
  readonly #path: string;
  readonly #records: Records;

  constructor(
    parts: StageParts,
    objective: string,
    value: NamedTerm,
    known: ReadonlyMap<string, Operand>,
    records: Records = { records: parts.binding.batch, below: () => undefined },
  ) {
    this.#parts = parts;
    this.#value = value;
    this.#known = known;
    this.#path = `${objective}.${value.name}`;
    this.#records = records;
  }

  value(): Operand {
    return this.operand(this.#value.term);
  }

  operand(term: TensorTerm): Operand {
    const origin = { path: this.#path, at: placeText(this.#value.span) };
    return this.#parts.b.within(origin, () => this.#operand(term));
  }

  /** f32, whatever it counts. */
  #tensor(term: TensorTerm): NamedTensor {
    const { b } = this.#parts;
    return numeric(b, tensorOf(b, this.#operand(term)));
  }

  #operand(term: TensorTerm): Operand {
    const parts = this.#parts;
    const { b, root } = parts;
    const elsewhere = this.#records.below(term);
    if (elsewhere !== undefined) return elsewhere;
    switch (term.kind) {
      case "number":
        return term.value;
      case "value": {
        const known = this.#known.get(term.name);
        invariant(known !== undefined, () => `${this.#path} comes before ${term.name}`);
        return known;
      }
      case "output":
        return this.#named(term, outputNode(term.output, parts));
      case "index": {
        const { axis, like } = term;
        const size = like === undefined ? this.#records.records : sizeOf(this.#tensor(like), axis);
        return this.#named(term, b.iota([size], 0));
      }
      case "learned": {
        const { path, shape, init } = term.parameter;
        return this.#named(term, root.parameter(path, shape, init));
      }
      case "linear": {
        const x = this.#tensor(term.x);
        const axes = [...x.axes.filter((name) => name !== "width"), "width"];
        const options = { bias: term.bias, std: term.std };
        const place = root.at(term.path).with({ declared: placeText(term.span) });
        return { axes, node: linear(place, aligned(b, x, axes), term.width, options) };
      }
      case "element": {
        const make = elementFunctions[term.function];
        return mapped(this.#tensor(term.x), (x) => make(b, x));
      }
      case "negative":
        return mapped(this.#tensor(term.x), (x) => b.neg(x));
      case "combine":
        return this.#combined(term);
      case "select": {
        const x = this.#tensor(term.x);
        const y = this.#tensor(term.y);
        const condition = mapped(this.#tensor(term.condition), (node) => b.cast(node, "bool"));
        const axes = [...new Set([...x.axes, ...y.axes, ...condition.axes])];
        const [test, first, second] = [condition, x, y].map((each) => aligned(b, each, axes));
        return { axes, node: b.select(test!, first!, second!) };
      }
      case "fold":
        return fold(b, term.function, this.#tensor(term.x), term.over);
      case "along":
        return along(root.at(this.#path), term.function, this.#tensor(term.x), term.over);
      case "argmax":
        return argmaxOver(b, this.#tensor(term.x), term.over);
      case "dot":
        return dot(b, this.#tensor(term.x), this.#tensor(term.y), term.over);
      case "cross_entropy": {
        const target = tensorOf(b, this.#operand(term.target));
        const x = this.#tensor(term.x);
        return crossEntropyOver(b, x, term.over, target, term.smoothing);
      }
      case "rename":
        return renamed(tensorOf(b, this.#operand(term.x)), term.names);
      case "stop_gradient":
        return mapped(tensorOf(b, this.#operand(term.x)), (x) => b.stopGradient(x));
    }
  }

  /** Two counts are compared as they are, all else in f32; a constant stays a number. */
  #combined(term: Extract<TensorTerm, { kind: "combine" }>): Operand {
    const { b } = this.#parts;
    const make = combinations[term.operator];
    const left = this.#operand(term.left);
    const right = this.#operand(term.right);
    if (typeof left === "number" && typeof right === "number")
      return { axes: [], node: make(b, b.constant(left), right) };
    const areCounts =
      comparisons.has(term.operator) &&
      [left, right].every((each) => typeof each !== "number" && each.node.type.dtype === "i32");
    const kept = (x: NamedTensor) => (areCounts ? x : numeric(b, x));
    if (typeof left === "number") return mapped(kept(tensorOf(b, right)), (y) => make(b, left, y));
    if (typeof right === "number") return mapped(kept(left), (x) => make(b, x, right));
    return joined(b, kept(left), kept(right), (x, y) => make(b, x, y));
  }

  #named({ type }: TensorTerm, node: Node): NamedTensor {
    return { axes: type.axes.map(({ name }) => name), node };
  }
}

function outputNode(output: TensorOutput, parts: StageParts): Node {
  switch (output.kind) {
    case "bridge": {
      const { module, queries, text } = output.call;
      const bridge = parts.module("qformer", module);
      if (output.rows === "queries")
        return text === undefined
          ? parts.queryPass(bridge, queries).hidden
          : parts.jointQueries(bridge, text, queries);
      invariant(text !== undefined && queries === undefined, "words come from a pass of words");
      return output.rows === "first" ? parts.textRow(bridge, text) : parts.textRows(bridge, text);
    }
    case "patches":
      return parts.patches(parts.module("encoder", output.module));
    case "cls":
      return output.of === "image"
        ? parts.classToken(parts.module("encoder", output.module))
        : parts.textVector(parts.module("text-encoder", output.module));
    case "adapter":
      return parts.prefix(parts.module("adapter", output.module));
    case "mask":
      return parts.b.cast(parts.tokens(output.text).mask, "f32");
  }
}
