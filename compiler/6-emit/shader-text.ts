/** Collects one shader: bindings, uniform numbers and lines. Sizes become uniforms, so that kernels of other sizes share the text. */
import type { Window } from "../5-schedule/blocks.ts";
import { invariant } from "../invariant.ts";
import { type DispatchWindow, type Shader, uniformStride } from "../program.ts";
import { preludeOf } from "./prelude.ts";

/** What a kernel does with a buffer. */
interface Binding {
  readonly buffer: number;
  readonly element: Element;
  written: boolean;
}

/** What a shader is bound to of a buffer; indices of the tensor count from the tensor's begin all the same. */
export interface BufferWindow extends Window {
  /** Bytes of each binding but the last: a power of two. */
  readonly partBytes: number;
}

/** Storage element: f32, i32, u32 (also bool and two packed f16); f16 where single halves are written. */
export type Element = "f32" | "i32" | "u32" | "f16";

/** Words of a uniform block. */
const mostUniforms = uniformStride / 4;

const bytesOf = (element: Element): number => (element === "f16" ? 2 : 4);

export class ShaderText {
  readonly #bindings = new Map<number, Binding>();
  readonly #uniforms: number[] = [];
  readonly #wide: ReadonlyMap<number, 2 | 4> | undefined;
  readonly usedWide = new Map<number, 2 | 4>();
  /** How often the text reads or writes four elements at once. */
  fours = 0;
  readonly #windows: ReadonlyMap<number, BufferWindow>;
  /** WGSL functions that find the part of an index. */
  readonly #functions = new Map<string, string>();
  readonly #workgroup: string[] = [];
  readonly #again: number[] = [];

  /**
   * `wide`: buffers that are bound as vectors, known from an earlier pass over the same kernel. Undefined in that earlier pass,
   * which finishes without a text.
   */
  constructor(
    wide: ReadonlyMap<number, 2 | 4> | undefined,
    windows: ReadonlyMap<number, BufferWindow> = new Map(),
  ) {
    this.#wide = wide;
    this.#windows = windows;
  }

  /** The name of a buffer's binding. */
  bind(buffer: number, element: Element, written: boolean): string {
    const known = this.#bindings.get(buffer);
    if (known === undefined) this.#bindings.set(buffer, { buffer, element, written });
    else {
      invariant(
        known.element === element,
        () => `buffer ${buffer} bound as ${known.element} and ${element}`,
      );
      known.written ||= written;
    }
    return `buffer${[...this.#bindings.keys()].indexOf(buffer)}`;
  }

  /** A second binding of a buffer that is read, by a number of its own; nothing else may be bound in parts then. */
  again(buffer: number): number {
    return -this.#again.push(buffer);
  }

  /** Element `index` (WGSL text, u32) of a buffer. */
  element(buffer: number, element: Element, index: string): string {
    return this.#place(buffer, element, index, 1, undefined);
  }

  /** Four elements from 4 * `index`. */
  four(buffer: number, element: Element, index: string): string {
    this.usedWide.set(buffer, 4);
    this.fours += 1;
    return this.#place(buffer, element, index, 4, undefined);
  }

  /** Two elements from 2 * `index`. */
  two(buffer: number, element: Element, index: string): string {
    this.usedWide.set(buffer, 2);
    return this.#place(buffer, element, index, 2, undefined);
  }

  /** Element `index` of a buffer of f16, as f32. */
  half(buffer: number, index: string): string {
    return `${this.halves(buffer, `(${index}) >> 1u`)}[(${index}) & 1u]`;
  }

  /** The two f16 in word `index` of a buffer, as vec2<f32>. */
  halves(buffer: number, index: string): string {
    return `unpack2x16float(${this.element(buffer, "u32", index)})`;
  }

  /** Four f16 from 4 * `index`, as vec4<f32>. */
  fourHalves(buffer: number, index: string): string {
    const pair = (word: string) => this.halves(buffer, `${index} * 2u${word}`);
    return `vec4<f32>(${pair("")}, ${pair(" + 1u")})`;
  }

  /** Statement that writes element `index`. */
  write(buffer: number, element: Element, index: string, value: string): string {
    return this.#place(buffer, element, index, 1, value);
  }

  /** Statement that writes four elements from 4 * `index`. */
  writeFour(buffer: number, element: Element, index: string, value: string): string {
    this.usedWide.set(buffer, 4);
    this.fours += 1;
    return this.#place(buffer, element, index, 4, value);
  }

  /** Statement that writes the half whose bits are `bits` (u32) as element `index`. The device needs f16. */
  writeHalf(buffer: number, index: string, bits: string): string {
    return this.#place(buffer, "f16", index, 1, `bitcast<vec2<f16>>(${bits}).x`);
  }

  /** Statement that writes two halves, given by their bits, as word `index`. */
  writeHalves(buffer: number, index: string, first: string, second: string): string {
    return this.write(buffer, "u32", index, `${first} | (${second} << 16u)`);
  }

  #place(
    buffer: number,
    element: Element,
    index: string,
    lanes: 1 | 2 | 4,
    value: string | undefined,
  ): string {
    const name = this.bind(buffer, element, value !== undefined);
    const window = this.#windows.get(buffer);
    const width = this.#wide?.get(buffer) ?? 1;
    if (window !== undefined && window.parts > 1) {
      const arguments_ = value === undefined ? index : `${index}, ${value}`;
      const call = `${this.#partFunction(name, element, window, lanes, width, value !== undefined)}(${arguments_})`;
      return value === undefined ? call : `${call};`;
    }
    // The start is there also where it is 0, so that all blocks of a kernel share the text.
    const base =
      window === undefined ? "" : this.uniform(window.start / (bytesOf(element) * lanes));
    const at = base === "" ? index : `(${index}) - ${base}`;
    const text = placeText(name, at, lanes === 1 ? width : 1);
    return value === undefined ? text : `${text} = ${value};`;
  }

  /** Name of the function that reads or writes at an index of a tensor in several parts. */
  #partFunction(
    name: string,
    element: Element,
    { parts, partBytes }: BufferWindow,
    lanes: 1 | 2 | 4,
    width: 1 | 2 | 4,
    isWriting: boolean,
  ): string {
    const own = `${isWriting ? "write" : "read"}_${name}_${lanes}`;
    const type = lanes === 1 ? element : `vec${lanes}<${element}>`;
    const shift = Math.log2(partBytes / (bytesOf(element) * lanes));
    const lines = Array.from({ length: parts }, (_, part) => {
      const place = placeText(`${name}_${part}`, "at", lanes === 1 ? width : 1);
      const then = isWriting ? `${place} = value; return;` : `return ${place};`;
      return part === parts - 1 ? `  ${then}` : `  if (part == ${part}u) { ${then} }`;
    });
    this.#functions.set(
      own,
      [
        `fn ${own}(i: u32${isWriting ? `, value: ${type}` : ""})${isWriting ? "" : ` -> ${type}`} {`,
        `  let part = i >> ${shift}u;`,
        // Beyond the end the last part is asked for too much, and the device holds it back.
        `  let at = i - min(part, ${parts - 1}u) * ${2 ** shift}u;`,
        ...lines,
        "}\n",
      ].join("\n"),
    );
    return own;
  }

  /** Memory that the threads of a workgroup share; `type` is WGSL. */
  share(name: string, type: string): void {
    this.#workgroup.push(`var<workgroup> ${name}: ${type};\n`);
  }

  /** A u32 from the uniform block, or in the text where the block is full. */
  uniform(value: number): string {
    invariant(
      Number.isInteger(value) && value >= -2147483648 && value < 4294967296,
      () => `uniform ${value}`,
    );
    // Beside a uniform, or else the compiler of the text would compute with it, and refuse what is not finite.
    if (this.#uniforms.length === mostUniforms) return `((p0 - p0) + ${value >>> 0}u)`;
    return `p${this.#uniforms.push(value >>> 0) - 1}`;
  }

  /** An f32 from the uniform block, or in the text where it is one that many kernels share. */
  float(value: number): string {
    if (Object.is(value, 0)) return "0.0";
    if ([1, -1, 0.5, 2].includes(value)) return value.toFixed(1);
    return `bitcast<f32>(${this.uniform(new Uint32Array(Float32Array.of(value).buffer)[0]!)})`;
  }

  /** The buffer of each binding; one in several parts stands several times. */
  get buffers(): readonly number[] {
    return [...this.#bindings.keys()].flatMap((buffer) =>
      new Array<number>(this.#partsOf(buffer)).fill(this.#again[-1 - buffer] ?? buffer),
    );
  }

  /** The part of its buffer that each binding sees; undefined when all of them see all. */
  get windows(): readonly (DispatchWindow | null)[] | undefined {
    if (this.#windows.size === 0) return undefined;
    return [...this.#bindings.keys()].flatMap((buffer) => {
      const window = this.#windows.get(buffer);
      if (window === undefined) return [null];
      const { start, bytes, parts, partBytes } = window;
      if (parts === 1) return [{ offset: start, bytes }];
      return Array.from({ length: parts }, (_, part) => {
        const offset = start + part * partBytes;
        return { offset, bytes: Math.min(partBytes, start + bytes - offset) };
      });
    });
  }

  #partsOf(buffer: number): number {
    return this.#windows.get(buffer)?.parts ?? 1;
  }

  get uniforms(): readonly number[] {
    return [...this.#uniforms, ...new Array<number>((4 - (this.#uniforms.length % 4)) % 4).fill(0)];
  }

  /** The whole module. `arguments_` are the entry point's builtin parameters. */
  finish(workgroup: readonly number[], builtins: string, body: readonly string[]): Shader {
    const wide = this.#wide;
    if (wide === undefined) return unfinished;
    const words = this.uniforms.length;
    // Read once: software drivers load a uniform wherever the text does, also in the innermost loop.
    const numbers = this.#uniforms.map((_, i) => `let p${i} = P[${i >> 2}].${"xyzw"[i & 3]};`);
    const text = [...numbers, ...body].join("\n");
    const needsSubgroups = text.includes("subgroupBroadcast");
    const bindings = [...this.#bindings.values()];
    const shared = this.#workgroup.join("");
    const needsMatrices = text.includes("subgroup_matrix_result");
    const needsF16 = shared.includes("f16") || bindings.some(({ element }) => element === "f16");
    let count = 0;
    const declarations = bindings.flatMap(({ buffer, element, written }, i) => {
      const width = wide.get(buffer);
      const type = width === undefined ? element : `vec${width}<${element}>`;
      const parts = this.#partsOf(buffer);
      return Array.from({ length: parts }, (_, part) => {
        count += 1;
        const name = parts === 1 ? `buffer${i}` : `buffer${i}_${part}`;
        return `@group(0) @binding(${count}) var<storage, ${written ? "read_write" : "read"}> ${name}: array<${type}>;\n`;
      });
    });
    const wgsl = [
      needsF16 ? "enable f16;\n" : "",
      needsSubgroups ? "enable subgroups;\n" : "",
      needsMatrices ? matrixDirectives : "",
      words > 0 ? `@group(0) @binding(0) var<uniform> P: array<vec4<u32>, ${words / 4}>;\n` : "",
      ...declarations,
      shared,
      ...this.#functions.values(),
      preludeOf(text),
      `@compute @workgroup_size(${workgroup.join(", ")})\nfn main(${builtins}) {\n${text}\n}\n`,
    ].join("");
    return {
      wgsl,
      access: bindings.flatMap(({ buffer, written }) =>
        new Array<"read" | "read_write">(this.#partsOf(buffer)).fill(
          written ? "read_write" : "read",
        ),
      ),
      uniformWords: words,
      needsSubgroups,
      needsF16,
      needsMatrices,
    };
  }
}

/** What an earlier pass finishes with. */
const unfinished: Shader = {
  wgsl: "",
  access: [],
  uniformWords: 0,
  needsSubgroups: false,
  needsF16: false,
  needsMatrices: false,
};

/** All branches around matrices depend on uniforms and loop counters alone, which the driver's check does not see through. */
const matrixDirectives = `enable chromium_experimental_subgroup_matrix;
diagnostic(off, chromium.subgroup_matrix_uniformity);
`;

/** Element `index` of a buffer, or one within its vectors of `width`. */
function placeText(name: string, index: string, width: 1 | 2 | 4): string {
  if (width === 1) return `${name}[${index}]`;
  return `${name}[(${index}) >> ${Math.log2(width)}u][(${index}) & ${width - 1}u]`;
}
