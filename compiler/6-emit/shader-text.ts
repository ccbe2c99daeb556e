/** Collects one shader: bindings, uniform numbers and lines. Sizes become uniforms, so that kernels of other sizes share the text. */
import { invariant } from "../invariant.ts";
import type { Shader } from "../program.ts";
import { preludeOf } from "./prelude.ts";

/** What a kernel does with a buffer. */
interface Binding {
  readonly buffer: number;
  readonly element: Element;
  written: boolean;
}

/** Storage element: f32, i32, u32 (also bool and two packed f16). */
export type Element = "f32" | "i32" | "u32";

export class ShaderText {
  readonly #bindings = new Map<number, Binding>();
  readonly #uniforms: number[] = [];
  /** Buffers that are bound as vectors of four, known from an earlier pass over the same kernel. */
  readonly #wide: ReadonlySet<number>;
  readonly usedWide = new Set<number>();

  constructor(wide: ReadonlySet<number>) {
    this.#wide = wide;
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

  /** Element `index` (WGSL text, u32) of a buffer. */
  element(buffer: number, element: Element, index: string, written = false): string {
    const name = this.bind(buffer, element, written);
    if (!this.#wide.has(buffer)) return `${name}[${index}]`;
    return `${name}[(${index}) >> 2u][(${index}) & 3u]`;
  }

  /** Four elements from 4 * `index`. */
  four(buffer: number, element: Element, index: string, written = false): string {
    this.usedWide.add(buffer);
    return `${this.bind(buffer, element, written)}[${index}]`;
  }

  /** A u32 from the uniform block. */
  uniform(value: number): string {
    invariant(
      Number.isInteger(value) && value >= -2147483648 && value < 4294967296,
      () => `uniform ${value}`,
    );
    return `p${this.#uniforms.push(value >>> 0) - 1}`;
  }

  /** An f32 from the uniform block, or in the text where it is one that many kernels share. */
  float(value: number): string {
    if (Object.is(value, 0)) return "0.0";
    if ([1, -1, 0.5, 2].includes(value)) return value.toFixed(1);
    return `bitcast<f32>(${this.uniform(new Uint32Array(Float32Array.of(value).buffer)[0]!)})`;
  }

  get buffers(): readonly number[] {
    return [...this.#bindings.keys()];
  }

  get uniforms(): readonly number[] {
    return [...this.#uniforms, ...new Array<number>((4 - (this.#uniforms.length % 4)) % 4).fill(0)];
  }

  /** The whole module. `arguments_` are the entry point's builtin parameters. */
  finish(workgroup: readonly number[], builtins: string, body: readonly string[]): Shader {
    const words = this.uniforms.length;
    // Read once: software drivers load a uniform wherever the text does, also in the innermost loop.
    const numbers = this.#uniforms.map((_, i) => `let p${i} = P[${i >> 2}].${"xyzw"[i & 3]};`);
    const text = [...numbers, ...body].join("\n");
    const needsSubgroups = text.includes("subgroupBroadcast");
    const bindings = [...this.#bindings.values()];
    const declarations = bindings.map(({ buffer, element, written }, i) => {
      const type = this.#wide.has(buffer) ? `vec4<${element}>` : element;
      return `@group(0) @binding(${i + 1}) var<storage, ${written ? "read_write" : "read"}> buffer${i}: array<${type}>;\n`;
    });
    const wgsl = [
      needsSubgroups ? "enable subgroups;\n" : "",
      words > 0 ? `@group(0) @binding(0) var<uniform> P: array<vec4<u32>, ${words / 4}>;\n` : "",
      ...declarations,
      preludeOf(text),
      `@compute @workgroup_size(${workgroup.join(", ")})\nfn main(${builtins}) {\n${text}\n}\n`,
    ].join("");
    return {
      wgsl,
      access: bindings.map(({ written }) => (written ? "read_write" : "read")),
      uniformWords: words,
      needsSubgroups,
    };
  }
}
