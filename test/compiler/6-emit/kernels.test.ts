/** WGSL of small kernels, to be read in diffs. `vitest -u` rewrites the files in `kernels/`. */
import { expect, test } from "vitest";
import { compileGraph } from "../../../compiler/compile-graph.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { linear } from "../../../compiler/layers/linear.ts";
import { rootScope } from "../../../compiler/layers/scope.ts";
import { softmax } from "../../../compiler/layers/softmax.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { type Program, portableTarget, type Target } from "../../../compiler/program.ts";

const matrix = (b: Builder, rows: number, columns: number) => b.input("x", [rows, columns]);
const product = (b: Builder): Node => linear(rootScope(b, "fc"), matrix(b, 20, 16), 24);

interface Case {
  readonly make: (b: Builder) => Node;
  readonly target?: Partial<Target>;
}

const halves = (b: Builder): Node =>
  b.matmul(b.cast(matrix(b, 20, 16), "f16"), b.cast(b.input("y", [16, 24]), "f16"));

/** Reads three tensors in each of its three walks along a row. */
const wordy = (b: Builder): Node =>
  softmax(b, b.add(b.add(matrix(b, 10, 16), b.input("y", [10, 16])), b.input("z", [10, 16])));

const kernels: Readonly<Record<string, Case>> = {
  "map-wide": { make: (b) => b.add(b.exp(matrix(b, 6, 16)), b.parameter("bias", [16])) },
  "map-scalar": { make: (b) => b.add(b.exp(matrix(b, 6, 15)), b.parameter("bias", [15])) },
  "map-erf": { make: (b) => b.erf(matrix(b, 6, 16)) },
  "map-random": { make: (b) => b.random(b.input("seed", [2], "i32"), [4, 8], 3) },
  "map-gather": { make: (b) => b.gather(b.parameter("table", [9, 8]), b.input("ids", [5], "i32")) },
  "map-concat": { make: (b) => b.concat([matrix(b, 2, 4), b.input("y", [3, 4])], 0) },
  "map-half": {
    make: (b) => b.neg(b.cast(b.parameter("w", [6], { kind: "zeros" }, "f16"), "f32")),
  },
  "map-to-half-wide": { make: (b) => b.cast(matrix(b, 6, 16), "f16") },
  "map-to-half-pairs": { make: (b) => b.cast(b.exp(matrix(b, 3, 5)), "f16") },
  "map-to-half-single": {
    make: (b) => b.cast(b.exp(matrix(b, 3, 5)), "f16"),
    target: { shaderF16: true },
  },
  "rows-along": { make: (b) => softmax(b, matrix(b, 10, 16)) },
  "rows-across": { make: (b) => b.sum(matrix(b, 10, 16), [0]) },
  "rows-argmax": { make: (b) => b.argmax(matrix(b, 10, 7), 1) },
  "rows-wordy": { make: wordy, target: { deviceClass: "cpu", subgroupSize: 4 } },
  "rows-wordy-cpu": { make: wordy, target: { deviceClass: "cpu", subgroupSize: 8 } },
  "rows-along-cpu": {
    make: (b) => softmax(b, matrix(b, 10, 16)),
    target: { deviceClass: "cpu", subgroupSize: 8 },
  },
  "product-lanes-8": { make: product, target: { products: "lanes", subgroupSize: 8 } },
  "product-lanes-4": { make: product, target: { products: "lanes", subgroupSize: 4 } },
  "product-registers": { make: product },
  "product-tiles": { make: product, target: { products: "tiles" } },
  "product-matrices": {
    make: halves,
    target: {
      products: "tiles",
      subgroupSize: 32,
      shaderF16: true,
      matrices: { rows: 16, columns: 16, depth: 16 },
    },
  },
  "scatter-add": {
    make: (b) => b.scatterAdd(b.input("ids", [5], "i32"), b.input("g", [5, 8]), 9),
  },
};

/** A program as text: its shaders, and what each launch binds. */
function programText({ shaders, dispatches, buffers }: Program): string {
  const launches = dispatches.map(({ shader, buffers: bound, uniforms, grid }) => {
    const names = bound.map((index) => buffers[index]!.name).join(", ");
    return `// shader ${shader}, grid ${grid.join(" x ")}, buffers: ${names}\n// P = ${uniforms.join(" ")}\n`;
  });
  return `${launches.join("")}${shaders.map(({ wgsl }, i) => `\n// shader ${i}\n${wgsl}`).join("")}`;
}

test.each(Object.entries(kernels))("%s", async (name, { make, target }) => {
  const b = new Builder(rules);
  const outputs = new Map([["out", make(b)]]);
  const program = compileGraph("kernel", outputs, [], { ...portableTarget, ...target }, b);
  await expect(programText(program)).toMatchFileSnapshot(`kernels/${name}.wgsl`);
});
