/** Operands of a product whose rows are broadcast among lanes → loads: element by element or four at once. */
import type { StridedOperand } from "../5-schedule/kernel.ts";
import type { Reading } from "../program.ts";
import type { ExpressionText } from "./expression-text.ts";
import type { EmitContext } from "./launch.ts";
import { type BatchAxis, defineStart } from "./product-grid.ts";

/** A line is a row of the left or a column of the right operand; `columns` reads four of them at once. */
export class BroadcastOperand {
  readonly #text: ExpressionText;
  readonly #name: string;
  readonly #buffer: number;
  readonly #isHalf: boolean;
  readonly #reading: Reading;
  readonly #step: number;
  readonly #lines: number[] = [];
  readonly #outer: string;
  readonly #turn: string;

  constructor(
    text: ExpressionText,
    operand: StridedOperand,
    context: EmitContext,
    { name, axes, reading, step }: OperandSettings,
  ) {
    this.#text = text;
    this.#name = name;
    this.#buffer = context.bufferOf(operand.source);
    this.#isHalf = operand.source.type.dtype === "f16";
    this.#reading = reading;
    this.#step = step;
    // Addresses count fours where fours are read.
    const unit = reading === "elements" ? 1 : 4;
    defineStart(text, `${name}_start`, operand, axes, unit);
    const { shader } = text;
    this.#outer = reading === "columns" ? "" : shader.uniform(operand.outer / unit);
    this.#turn = reading === "depths" ? "" : shader.uniform((operand.inner * step) / unit);
    if (reading !== "depths" && step > 1)
      text.line(`let ${name}_next = ${shader.uniform(operand.inner / unit)};`);
  }

  /** Names the start of line `i`, or of four lines: WGSL text of the line, or of the four. */
  defineLine(i: number, index: string): void {
    this.#lines.push(i);
    const place = this.#outer === "" ? index : `${index} * ${this.#outer}`;
    this.#text.line(`let ${this.#name}_line${i} = ${this.#name}_start + ${place};`);
  }

  /** Loads what all lines hold at the depths of turn `turn`. */
  load(turn: string): void {
    const text = this.#text;
    const at = this.#turn === "" ? turn : `${this.#name}_at0`;
    if (this.#turn !== "") text.line(`let ${at} = ${turn} * ${this.#turn};`);
    const loads = this.#reading === "depths" ? 1 : this.#step;
    for (let u = 1; u < loads; u++) {
      text.line(`let ${this.#name}_at${u} = ${this.#name}_at${u - 1} + ${this.#name}_next;`);
    }
    for (let u = 0; u < loads; u++) {
      const place = u === 0 ? at : `${this.#name}_at${u}`;
      for (const i of this.#lines) this.#loadLine(i, u, `${this.#name}_line${i} + ${place}`);
    }
  }

  #loadLine(i: number, u: number, index: string): void {
    const { shader } = this.#text;
    const name = `${this.#name}${i}_${u}`;
    if (this.#reading === "elements") {
      const text = this.#isHalf
        ? shader.half(this.#buffer, index)
        : shader.element(this.#buffer, "f32", index);
      this.#text.line(`let ${name} = ${text};`);
    } else if (this.#isHalf) {
      this.#text.line(`let ${name}w = ${shader.two(this.#buffer, "u32", index)};`);
      this.#text.line(
        `let ${name} = vec4<f32>(unpack2x16float(${name}w.x), unpack2x16float(${name}w.y));`,
      );
    } else {
      this.#text.line(`let ${name} = ${shader.four(this.#buffer, "f32", index)};`);
    }
  }
}

/** What operand `name` loaded of line `i` at depth `u` of the turn. */
export function loadedName(name: string, reading: Reading, i: number, u: number): string {
  switch (reading) {
    case "elements":
      return `${name}${i}_${u}`;
    case "depths":
      return `${name}${i}_0.${"xyzw"[u]}`;
    case "columns":
      return `${name}${i - (i % 4)}_${u}.${"xyzw"[i % 4]}`;
  }
}

export interface OperandSettings {
  /** Prefix of its WGSL names. */
  readonly name: string;
  readonly axes: readonly BatchAxis[];
  readonly reading: Reading;
  /** Depths a turn. */
  readonly step: number;
}
