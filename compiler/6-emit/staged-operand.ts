/** One operand of a product → its tile in workgroup memory: filled by all threads, zero beyond the matrix. */
import type { StridedOperand } from "../5-schedule/kernel.ts";
import type { ExpressionText } from "./expression-text.ts";
import type { EmitContext } from "./launch.ts";
import { type BatchAxis, defineStart } from "./product-grid.ts";
import { readsFour } from "./product-kind.ts";

/** Which neighbors stand side by side in workgroup memory: along the depth or from line to line. */
export type StagedAlong = "depths" | "lines";

export interface StagedSettings {
  /** Prefix of its WGSL names; the tile is called `NAME_tile` and holds vectors of four. */
  readonly name: string;
  readonly axes: readonly BatchAxis[];
  /** WGSL texts: the first line of the workgroup, number of lines of the matrix. */
  readonly first: string;
  readonly extent: string;
  readonly lineCount: number;
  readonly depth: number;
  /** Lines and depths of the tile, multiples of four. */
  readonly lines: number;
  readonly depths: number;
  readonly threads: number;
  readonly element: "f32" | "f16";
  /** Undefined: as the operand is read. */
  readonly along?: StagedAlong;
}

/** A line is a row of the left or a column of the right operand. */
export class StagedOperand {
  readonly along: StagedAlong;
  /** Vectors of four from a depth (or line) of the tile to the next; padded, so that neighbors lie in other banks, to 16 bytes. */
  readonly stride: number;
  readonly #text: ExpressionText;
  readonly #operand: StridedOperand;
  readonly #settings: StagedSettings;
  readonly #buffer: number;
  readonly #isHalf: boolean;
  readonly #reading: "depths" | "lines" | "elements";
  readonly #inner: string;
  readonly #outer: string;

  constructor(
    text: ExpressionText,
    operand: StridedOperand,
    context: EmitContext,
    settings: StagedSettings,
  ) {
    this.#text = text;
    this.#operand = operand;
    this.#settings = settings;
    this.#buffer = context.bufferOf(operand.source);
    this.#isHalf = operand.source.type.dtype === "f16";
    const { name, axes, lines, depths, element } = settings;
    this.#reading = this.#readingOf();
    const unit = this.#reading === "elements" ? 1 : 4;
    defineStart(text, `${name}_start`, operand, axes, unit);
    const { shader } = text;
    this.#outer = this.#reading === "lines" ? "1u" : shader.uniform(operand.outer / unit);
    this.#inner = this.#reading === "depths" ? "1u" : shader.uniform(operand.inner / unit);
    const isAcross = this.#reading === "lines" || operand.outer === 1;
    this.along = settings.along ?? (isAcross ? "lines" : "depths");
    const [long, count] = this.along === "depths" ? [depths, lines] : [lines, depths];
    this.stride = long / 4 + (element === "f16" ? 2 : 1);
    shader.share(`${name}_tile`, `array<vec4<${element}>, ${count * this.stride}>`);
  }

  #readingOf(): "depths" | "lines" | "elements" {
    const { inner, outer } = this.#operand;
    const { depth, lineCount } = this.#settings;
    if (depth % 4 === 0 && readsFour(this.#operand, inner, outer)) return "depths";
    if (lineCount % 4 === 0 && readsFour(this.#operand, outer, inner)) return "lines";
    return "elements";
  }

  /** Fills the tile with the depths from `k0` on; barriers are the caller's. */
  fill(k0: string, depth: string): void {
    const { name, lines, depths, threads, first, extent } = this.#settings;
    const text = this.#text;
    const across = this.#reading === "lines" || this.#operand.outer === 1;
    const width = this.#reading === "elements" ? 1 : 4;
    const [long, count] = across ? [lines, depths] : [depths, lines];
    const items = (long / width) * count;
    text.block(`for (var item = thread; item < ${items}u; item += ${threads}u)`, () => {
      const [fast, slow] = [`item % ${long / width}u`, `item / ${long / width}u`];
      const scaled = width === 4 ? `(${fast}) * 4u` : fast;
      text.line(`let line = ${across ? scaled : slow};`);
      text.line(`let k = ${across ? slow : scaled};`);
      text.line(`let at_line = ${first} + line;`);
      text.line(`let at_k = ${k0} + k;`);
      const part = (value: string, isFast: boolean) =>
        width === 4 && isFast ? `(${value} >> 2u)` : value;
      const index = `${name}_start + ${part("at_line", across)} * ${this.#outer} + ${part("at_k", !across)} * ${this.#inner}`;
      const type = width === 4 ? "vec4<f32>" : "f32";
      text.line(`var value = ${type}();`);
      text.block(`if (at_line < ${extent} && at_k < ${depth})`, () => {
        text.line(`value = ${this.#load(index, width)};`);
      });
      this.#keep(width, across);
    });
  }

  #load(index: string, width: 1 | 4): string {
    const { shader } = this.#text;
    if (width === 4) {
      return this.#isHalf
        ? shader.fourHalves(this.#buffer, `(${index})`)
        : shader.four(this.#buffer, "f32", index);
    }
    return this.#isHalf
      ? shader.half(this.#buffer, index)
      : shader.element(this.#buffer, "f32", index);
  }

  /** Writes `value` to the tile. */
  #keep(width: 1 | 4, isAcross: boolean): void {
    const { name, element } = this.#settings;
    const isSame = isAcross === (this.along === "lines");
    const [slow, fast] = this.along === "lines" ? ["k", "line"] : ["line", "k"];
    if (width === 4 && isSame) {
      this.#text.line(
        `${name}_tile[${slow} * ${this.stride}u + (${fast} >> 2u)] = vec4<${element}>(value);`,
      );
      return;
    }
    for (let q = 0; q < width; q++) {
      const own = q === 0 ? slow : `(${slow} + ${q}u)`;
      const value = width === 4 ? `value.${"xyzw"[q]}` : "value";
      this.#text.line(
        `${name}_tile[${own} * ${this.stride}u + (${fast} >> 2u)][${fast} & 3u] = ${element}(${value});`,
      );
    }
  }
}
