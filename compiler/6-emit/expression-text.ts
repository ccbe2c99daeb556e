/** Scalar expressions → WGSL statements, one element or four at a time, each at the outermost loop where it holds. */

import type { Expression } from "../5-schedule/expression.ts";
import type { Store } from "../5-schedule/kernel.ts";
import { type Definition, type Linear, linearKey, type Variable } from "../5-schedule/linear.ts";
import { children, formsOf } from "../5-schedule/realize.ts";
import { invariant } from "../invariant.ts";
import type { Node } from "../ir/node.ts";
import type { DType } from "../ir/tensor-type.ts";
import { rules } from "../ops/index.ts";
import { inOrder } from "./operand-order.ts";
import type { ShaderText } from "./shader-text.ts";
import { elementOf, storedValue, writeFour, writeOne } from "./stores.ts";

/** Thrown when a kernel cannot take four elements at a time. */
export class NotWide extends Error {}

/** A WGSL value: one element, or four along the vector variable. */
export interface Value {
  readonly text: string;
  readonly lanes: 1 | 4;
}

interface Block {
  readonly lines: string[];
  readonly values: Map<Expression, Value>;
  readonly forms: Map<string, string>;
  /** Variables that get their value in this block. */
  readonly variables: Map<Variable, string>;
}

const newBlock = (): Block => ({
  lines: [],
  values: new Map(),
  forms: new Map(),
  variables: new Map(),
});

export class ExpressionText {
  readonly shader: ShaderText;
  readonly #bufferOf: (node: Node) => number;
  readonly #blocks: Block[] = [newBlock()];
  readonly #locals = new Map<Node, Value>();
  /** The variable of which four neighbors are taken at once; its text is a quarter of its value. */
  readonly #vector: Variable | undefined;
  #names = 0;
  #writesFactors = false;
  #rows: readonly Variable[] | undefined;

  constructor(shader: ShaderText, bufferOf: (node: Node) => number, vector: Variable | undefined) {
    this.shader = shader;
    this.#bufferOf = bufferOf;
    this.#vector = vector;
  }

  /** From now on factors of one are uniforms like others, so that addresses of more kernels have one text. */
  writeFactors(): void {
    this.#writesFactors = true;
  }

  /** From now on every address names these variables and an offset, and each buffer has its own: more kernels have one text. */
  writeRows(rows: readonly Variable[]): void {
    this.#rows = rows;
  }

  /** Gives a loop variable its WGSL text (u32; for the vector variable, a quarter of it) in the innermost block. */
  define(variable: Variable, text: string): void {
    this.#blocks.at(-1)!.variables.set(variable, text);
  }

  /** Gives a value at hand. */
  setLocal(node: Node, value: Value): void {
    this.#locals.set(node, value);
  }

  /** WGSL text of a variable that has a loop or a definition. */
  variableText(variable: Variable): string {
    return this.#variable(variable);
  }

  line(text: string): void {
    this.#blocks.at(-1)!.lines.push(text);
  }

  name(prefix: string): string {
    this.#names += 1;
    return `${prefix}_${this.#names}`;
  }

  /** Statements made by `inside` between `head {` and `}`. */
  block(head: string, inside: () => void): void {
    this.#blocks.push(newBlock());
    inside();
    const { lines } = this.#blocks.pop()!;
    this.#depths.clear();
    this.line(`${head} {`);
    for (const line of lines) this.line(`  ${line}`);
    this.line("}");
  }

  lines(): readonly string[] {
    invariant(this.#blocks.length === 1, "a block is open");
    return this.#blocks[0]!.lines;
  }

  /** `value` as text with the given number of lanes. */
  widen(value: Value, lanes: 1 | 4, dtype: DType): string {
    if (value.lanes === lanes) return value.text;
    invariant(value.lanes === 1, "four lanes where one is needed");
    return `vec4<${dtype === "f16" ? "f32" : dtype}>(${value.text})`;
  }

  value(expression: Expression): Value {
    const depth = this.#depth(expression);
    for (let i = depth; i < this.#blocks.length; i++) {
      const known = this.#blocks[i]!.values.get(expression);
      if (known !== undefined) return known;
    }
    const made = this.#value(expression);
    const target = this.#blocks[depth]!;
    if (isSimple(made.text)) {
      target.values.set(expression, made);
      return made;
    }
    const name = this.name("v");
    target.lines.push(`let ${name} = ${made.text};`);
    const value = { text: name, lanes: made.lanes };
    target.values.set(expression, value);
    return value;
  }

  /** Writes a store, at the address `at` if it is given. Values of all stores of a kernel must be taken before the first is written. */
  store({ node, to, address }: Store, value: Value, at?: string): void {
    const buffer = this.#bufferOf(to);
    const { dtype } = node.type;
    const factor = this.#vectorFactor(address);
    if (this.#vector !== undefined && factor === 1) {
      const [text, quarter] = [this.widen(value, 4, dtype), this.#quarter(address, buffer)];
      const name = dtype === "f16" ? this.name("h") : "";
      for (const line of writeFour(this.shader, buffer, dtype, quarter, text, name))
        this.line(line);
      return;
    }
    if (this.#vector !== undefined && factor !== 0) throw new NotWide();
    invariant(value.lanes === 1, "four lanes stored at one address");
    this.line(
      writeOne(this.shader, buffer, dtype, at ?? this.address(address, buffer), value.text),
    );
  }

  /** The value that a store takes. */
  stored(store: Store): Value {
    return this.value(storedValue(store));
  }

  /** Takes all values, then writes them: a store may overwrite what another one reads. */
  storeAll(
    stores: readonly Store[],
    at: (store: Store, i: number) => string | undefined = () => undefined,
  ): void {
    const values = stores.map((store) => this.stored(store));
    stores.forEach((store, i) => {
      this.store(store, values[i]!, at(store, i));
    });
  }

  /** WGSL text of an address (u32). */
  address(form: Linear, buffer?: number): string {
    return this.#form(form, false, buffer);
  }

  #value(expression: Expression): Value {
    switch (expression.kind) {
      case "local": {
        const value = this.#locals.get(expression.node);
        invariant(value !== undefined, () => `${expression.node.op} is not at hand`);
        return value;
      }
      case "constant":
        return { text: this.#literal(expression.value, expression.node.type.dtype), lanes: 1 };
      case "load":
        return this.#load(expression.node, expression.address);
      case "coordinate": {
        const factor = this.#vectorFactor(expression.form);
        const base = `i32(${this.address(expression.form)})`;
        if (factor === 0) return { text: base, lanes: 1 };
        return { text: `(vec4<i32>(${base}) + ${factor} * vec4<i32>(0, 1, 2, 3))`, lanes: 4 };
      }
      case "random":
        return this.#random(expression);
      case "choose": {
        const tests = expression.bounds.map(({ form, limit }) => {
          if (this.#vectorFactor(form) !== 0) throw new NotWide();
          return `(${this.address(form)}) < ${this.shader.uniform(limit)}`;
        });
        const inside = this.value(expression.inside);
        const outside = this.value(expression.outside);
        const lanes = inside.lanes === 4 || outside.lanes === 4 ? 4 : 1;
        const { dtype } = expression.node.type;
        const text = `select(${this.widen(outside, lanes, dtype)}, ${this.widen(inside, lanes, dtype)}, ${tests.join(" && ")})`;
        return { text, lanes };
      }
      case "scalar": {
        const { node } = expression;
        const { lowering } = rules[node.op];
        invariant(lowering.kind === "scalar", () => `${node.op} is no scalar operation`);
        const operands = inOrder(expression).map((operand) => this.value(operand));
        const lanes = operands.some((operand) => operand.lanes === 4) ? 4 : 1;
        const texts = operands.map((operand, i) =>
          this.widen(operand, lanes, (node.inputs[i] as Node).type.dtype),
        );
        return { text: lowering.wgsl(texts, node, lanes), lanes };
      }
    }
  }

  #load(node: Node, address: Linear): Value {
    const { dtype } = node.type;
    const buffer = this.#bufferOf(node);
    const factor = this.#vectorFactor(address);
    if (factor === 0 || this.#vector === undefined) {
      const at = this.address(address, buffer);
      if (dtype === "f16") return { text: this.shader.half(buffer, at), lanes: 1 };
      const text = this.shader.element(buffer, elementOf(dtype), at);
      return { text: dtype === "bool" ? `(${text} != 0u)` : text, lanes: 1 };
    }
    if (factor !== 1) throw new NotWide();
    const quarter = this.#quarter(address, buffer);
    if (dtype === "f16") return { text: this.shader.fourHalves(buffer, quarter), lanes: 4 };
    const text = this.shader.four(buffer, elementOf(dtype), quarter);
    return { text: dtype === "bool" ? `(${text} != vec4<u32>(0u))` : text, lanes: 4 };
  }

  #random(expression: Expression & { kind: "random" }): Value {
    const [low, high] = expression.seed.map((word) => this.value(word).text);
    const seed = `vec2<u32>(u32(${low}), u32(${high}))`;
    const stream = this.shader.uniform(expression.stream);
    const factor = this.#vectorFactor(expression.position);
    if (factor === 0) {
      const at = this.address(expression.position);
      return { text: `philox4((${at}) >> 2u, ${stream}, ${seed})[(${at}) & 3u]`, lanes: 1 };
    }
    if (factor !== 1) throw new NotWide();
    return { text: `philox4(${this.#quarter(expression.position)}, ${stream}, ${seed})`, lanes: 4 };
  }

  #literal(value: number, dtype: DType): string {
    if (dtype === "bool") return value === 0 ? "false" : "true";
    if (dtype === "i32") return `i32(${this.shader.uniform(value)})`;
    return this.shader.float(value);
  }

  /** Factor of the vector variable; throws where it hides behind a division or an index. */
  #vectorFactor(form: Linear): number {
    if (this.#vector === undefined) return 0;
    let factor = 0;
    for (const term of form.terms) {
      if (term.variable === this.#vector) factor = term.factor;
      const { definition } = term.variable;
      if (definition === undefined) continue;
      const dependent =
        definition.kind === "index"
          ? this.#isWide(definition.value)
          : this.#vectorFactor(definition.form) !== 0;
      if (dependent) throw new NotWide();
    }
    return factor;
  }

  #isWide(expression: Expression): boolean {
    return (
      formsOf(expression).some((form) => this.#vectorFactor(form) !== 0) ||
      children(expression).some((child) => this.#isWide(child))
    );
  }

  /** A quarter of an address of which four neighbors are taken. */
  #quarter(form: Linear, buffer?: number): string {
    const aligned =
      form.offset % 4 === 0 &&
      form.terms.every(({ variable, factor }) => variable === this.#vector || factor % 4 === 0);
    if (!aligned) throw new NotWide();
    return this.#form(form, true, buffer);
  }

  #form(form: Linear, quarter: boolean, buffer?: number): string {
    const rows = this.#rows;
    const key = `${rows === undefined ? "" : `${buffer}:`}${quarter}${linearKey(form)}`;
    for (const block of this.#blocks) {
      const known = block.forms.get(key);
      if (known !== undefined) return known;
    }
    const offset = quarter ? form.offset / 4 : form.offset;
    // What holds for a whole loop is added up outside of it.
    const parts = new Map<number, string[]>();
    if (offset !== 0 || rows !== undefined) parts.set(0, [this.shader.uniform(offset)]);
    const others = form.terms.filter(({ variable }) => !rows?.includes(variable));
    const inRow = (variable: Variable) => form.terms.find((term) => term.variable === variable);
    const own = rows?.map((variable) => inRow(variable) ?? { variable, factor: 0 }) ?? [];
    for (const { variable, factor } of [...own, ...others]) {
      const isVector = variable === this.#vector;
      const text = this.#variable(variable);
      const times = quarter && !isVector ? factor / 4 : isVector && !quarter ? factor * 4 : factor;
      const depth = this.#variableDepth(variable);
      const part = parts.get(depth) ?? [];
      parts.set(depth, part);
      const isPlain = times === 1 && !this.#writesFactors && !rows?.includes(variable);
      part.push(isPlain ? text : `${text} * ${this.shader.uniform(times)}`);
    }
    let sum: string | undefined;
    for (const [depth, terms] of [...parts].sort(([a], [b]) => a - b)) {
      const text = [...(sum === undefined ? [] : [sum]), ...terms].join(" + ");
      sum = text;
      if (!isSimple(text)) {
        sum = this.name("i");
        this.#blocks[depth]!.lines.push(`let ${sum} = ${text};`);
      }
    }
    const text = sum ?? "0u";
    this.#blocks[this.#formDepth(form)]!.forms.set(key, text);
    return text;
  }

  #variable(variable: Variable): string {
    for (const block of this.#blocks) {
      const text = block.variables.get(variable);
      if (text !== undefined) return text;
    }
    const { definition } = variable;
    invariant(definition !== undefined, () => `variable ${variable.id} has no loop`);
    const name = this.name("q");
    const block = this.#blocks[this.#variableDepth(variable)]!;
    const text = this.#definition(definition, variable.extent);
    block.lines.push(`let ${name} = ${text};`);
    block.variables.set(variable, name);
    return name;
  }

  #definition(definition: Definition, extent: number): string {
    const { shader } = this;
    switch (definition.kind) {
      case "index":
        return `u32(clamp(${this.value(definition.value).text}, 0, i32(${shader.uniform(extent - 1)})))`;
      case "part":
        return `min(${this.#form(definition.form, false)}, ${shader.uniform(extent - 1)})`;
      case "quotient":
        return `(${this.#form(definition.form, false)}) / ${shader.uniform(definition.by)}`;
      case "remainder":
        return `(${this.#form(definition.form, false)}) % ${shader.uniform(definition.by)}`;
    }
  }

  /** The outermost block in which everything that the expression needs is known. */
  #depth(expression: Expression): number {
    const own = formsOf(expression).map((form) => this.#formDepth(form));
    return Math.max(
      0,
      ...own,
      ...children(expression).map((child) => this.#depthOnce(child)),
      this.#localDepth(expression),
    );
  }

  readonly #depths = new Map<Expression, number>();
  #depthOnce(expression: Expression): number {
    const known = this.#depths.get(expression);
    if (known !== undefined) return known;
    const depth = this.#depth(expression);
    this.#depths.set(expression, depth);
    return depth;
  }

  readonly #localDepths = new Map<Node, number>();
  /** Says in which block a value at hand lives, from now on. */
  setLocalDepth(node: Node, depth: number): void {
    this.#localDepths.set(node, depth);
  }
  #localDepth(expression: Expression): number {
    return expression.kind === "local" ? (this.#localDepths.get(expression.node) ?? 0) : 0;
  }

  #formDepth(form: Linear): number {
    return Math.max(0, ...form.terms.map(({ variable }) => this.#variableDepth(variable)));
  }

  #variableDepth(variable: Variable): number {
    for (let depth = 0; depth < this.#blocks.length; depth++) {
      if (this.#blocks[depth]!.variables.has(variable)) return depth;
    }
    const { definition } = variable;
    invariant(definition !== undefined, () => `variable ${variable.id} has no loop`);
    return definition.kind === "index"
      ? this.#depth(definition.value)
      : this.#formDepth(definition.form);
  }
}

function isSimple(text: string): boolean {
  return /^[a-z0-9_.]+$/i.test(text);
}
