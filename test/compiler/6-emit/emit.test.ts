/** What holds for every program: sizes as numbers of a launch, grids, names, schema, one graph – one text. */
import { describe, expect, test, vi } from "vitest";
import { compileGraph } from "../../../compiler/compile-graph.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import type { Shape } from "../../../compiler/ir/tensor-type.ts";
import { gelu } from "../../../compiler/layers/activation.ts";
import { linear } from "../../../compiler/layers/linear.ts";
import { layerNorm } from "../../../compiler/layers/norm.ts";
import { rootScope } from "../../../compiler/layers/scope.ts";
import { softmax } from "../../../compiler/layers/softmax.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { type Program, portableTarget, type Target } from "../../../compiler/program.ts";
import { validateProgram } from "../../../runtime/execute/validate-program.ts";
import { randomGraph } from "../../ops/random-graph.ts";
import { fixedNames } from "./fixed-names.ts";

type Make = (b: Builder) => Readonly<Record<string, Node>>;

function compiled(make: Make, target: Target = portableTarget): Program {
  const b = new Builder(rules);
  return compileGraph("test", new Map(Object.entries(make(b))), [], target, b);
}

function compiledRandom(seed: number, target: Target = portableTarget): Program {
  const { draft, outputs, updates } = randomGraph(seed);
  return compileGraph("test", outputs, updates, target, draft.b);
}

const targetOf = (lanes: number): Target => ({
  ...portableTarget,
  subgroupSize: lanes,
  products: lanes === 0 ? "registers" : "lanes",
});

const texts = ({ shaders }: Program) => shaders.map(({ wgsl }) => wgsl);

/** A block of a transformer without attention: one kernel of each common kind. */
const block =
  (rows: number, width: number): Make =>
  (b) => {
    const x = layerNorm(rootScope(b, "norm"), b.input("x", [rows, width]), 1e-5);
    const hidden = gelu(b, linear(rootScope(b, "fc"), x, 2 * width));
    const ids = b.input("ids", [rows], "i32");
    return { y: softmax(b, hidden), d: b.scatterAdd(ids, hidden, rows + 3) };
  };

describe("sizes", () => {
  test.each([0, 4, 8])(
    "are numbers of a launch: two of them share the texts (%i lanes)",
    (lanes) => {
      const target = targetOf(lanes);
      const [small, large] = [compiled(block(61, 64), target), compiled(block(125, 128), target)];
      expect(texts(large)).toEqual(texts(small));
      expect(large.dispatches.map(({ uniforms }) => uniforms)).not.toEqual(
        small.dispatches.map(({ uniforms }) => uniforms),
      );
    },
  );

  test("numbers of the model are too", () => {
    const scaled = (factor: number) => compiled((b) => ({ y: b.mul(b.input("x", [8]), factor) }));
    expect(texts(scaled(0.3))).toEqual(texts(scaled(0.7)));
    expect(scaled(0.3).dispatches[0]!.uniforms).not.toEqual(scaled(0.7).dispatches[0]!.uniforms);
  });

  test("equal kernels are one shader", () => {
    const program = compiled((b) => {
      let x = b.input("x", [8, 8]);
      for (let i = 0; i < 5; i++) x = b.matmul(x, b.parameter(`w${i}`, [8, 8]));
      return { x };
    });
    expect(program.dispatches).toHaveLength(5);
    expect(program.shaders).toHaveLength(1);
  });

  test("products to which other tensors are added, or none, are one shader", () => {
    const program = compiled((b) => {
      const [x, y, bias] = [
        b.input("x", [2, 16, 16]),
        b.input("y", [2, 16, 16]),
        b.input("b", [16]),
      ];
      const product = (i: number) => b.matmul(x, b.parameter(`w${i}`, [2, 16, 16]));
      return {
        plain: product(0),
        scaled: b.mul(product(1), 0.3),
        one: b.add(product(2), bias),
        two: b.add(y, b.add(b.mul(product(3), 0.7), bias)),
        itself: b.add(product(4), x),
      };
    }, targetOf(8));
    expect(program.dispatches).toHaveLength(5);
    expect(program.shaders).toHaveLength(1);
  });
});

describe("grids", () => {
  const most = portableTarget.maxComputeWorkgroupsPerDimension;
  /** One binding holds any of these tensors. */
  const roomy: Target = { ...portableTarget, maxStorageBufferBindingSize: 2 ** 40 };
  const threadsOf = ({ shaders, dispatches }: Program) =>
    dispatches.map(({ shader, grid }) => {
      const sizes = /@workgroup_size\(([^)]*)\)/.exec(shaders[shader]!.wgsl)![1]!.split(",");
      return sizes.reduce((product, size, i) => product * Number(size) * grid[i]!, 1);
    });
  const map =
    (shape: Shape): Make =>
    (b) => ({ y: b.exp(b.input("x", shape)) });

  test.each<[Shape, number]>([
    [[200_000_001], 1],
    [[200_000_000], 4],
    [[3, 66_666_667], 1],
    [[66_666_667, 3], 1],
    [[100_000, 2, 1001], 4],
    [[2, 100_000_000], 4],
    [[70_000, 70, 41], 4],
  ])("of a map of [%s] hold, with a thread for %i elements", (shape, lanes) => {
    const program = compiled(map(shape), roomy);
    const count = shape.reduce((product, size) => product * size, 1);
    expect(program.dispatches).toHaveLength(1);
    for (const size of program.dispatches[0]!.grid) expect(size).toBeLessThanOrEqual(most);
    expect(threadsOf(program)[0]! * lanes).toBeGreaterThanOrEqual(count);
  });

  test.each<[Shape, Shape]>([
    [[70_000, 3001], [3001]],
    [
      [3001, 70_000],
      [3001, 1],
    ],
    [
      [70_000, 70, 41],
      [70, 1],
    ],
    [
      [2, 5_000_000, 21],
      [2, 1, 21],
    ],
    [
      [3, 70, 50, 41, 12],
      [70, 1, 41, 1],
    ],
  ])("of a map of [%s] and [%s], whose loops stay apart, hold", (shape, other) => {
    const program = compiled(
      (b) => ({ y: b.add(b.input("x", shape), b.exp(b.input("y", other))) }),
      roomy,
    );
    for (const { grid } of program.dispatches)
      for (const size of grid) expect(size).toBeLessThanOrEqual(most);
    const count = shape.reduce((product, size) => product * size, 1);
    expect(4 * Math.max(...threadsOf(program))).toBeGreaterThanOrEqual(count);
  });

  test("of folds hold: 70,000 x 1,000 rows", () => {
    const program = compiled((b) => ({ y: b.sum(b.input("x", [70_000, 1000, 3]), [2]) }), roomy);
    for (const { grid } of program.dispatches)
      for (const size of grid) expect(size).toBeLessThanOrEqual(most);
    expect(Math.max(...threadsOf(program))).toBeGreaterThanOrEqual(70_000_000);
  });

  test.each([0, 8])("of 70,000 products hold, with subgroups of %i", (subgroupSize) => {
    const target = targetOf(subgroupSize);
    const program = compiled(
      (b) => ({ y: b.matmul(b.input("x", [70_000, 2, 3]), b.input("w", [70_000, 3, 2])) }),
      target,
    );
    const [x, y, z] = program.dispatches[0]!.grid;
    for (const size of [x, y, z]) expect(size).toBeLessThanOrEqual(most);
    expect(x * y * z).toBeGreaterThanOrEqual(70_000);
  });

  test("of a smaller device hold", () => {
    const target = { ...portableTarget, maxComputeWorkgroupsPerDimension: 7 };
    const program = compiled(map([5, 99, 31]), target);
    for (const { grid } of program.dispatches)
      for (const size of grid) expect(size).toBeLessThanOrEqual(Math.max(7, 35));
    expect(threadsOf(program)[0]!).toBeGreaterThanOrEqual(5 * 99 * 31);
  });
});

describe("names", () => {
  test.each(Array.from({ length: 40 }, (_, i) => 6000 + i))(
    "of random graph %i are no names of WGSL",
    (seed) => {
      for (const wgsl of [
        ...texts(compiledRandom(seed)),
        ...texts(compiledRandom(seed, targetOf(8))),
      ]) {
        const declared = [...wgsl.matchAll(/\b(?:let|var|fn|const)(?:<[^>]*>)?\s+(\w+)/g)].map(
          ([, name]) => name!,
        );
        expect(declared.filter((name) => fixedNames.has(name))).toEqual([]);
        const once = declared.filter((name) => /_\d+$/.test(name));
        expect(new Set(once).size).toBe(once.length);
      }
    },
  );

  test("from outside never reach the text", () => {
    const hostile = [
      "a\nb",
      "*/ fn main() {} /*",
      'x"; drop',
      "`$(1)`",
      "Gewicht ω 重み 🏋",
      "u32",
      "// @group(0)",
    ];
    const named =
      (names: readonly string[]): Make =>
      (b) =>
        Object.fromEntries(
          names.map((name, i) => [
            name,
            b.within({ path: name, at: `${name}:1:1` }, () =>
              b.mul(b.parameter(`${name}.weight`, [i + 2]), b.input(`${name}.x`, [i + 2])),
            ),
          ]),
        );
    const plain = hostile.map((_, i) => `n${i}`);
    const program = compiled(named(hostile));
    expect(texts(program)).toEqual(texts(compiled(named(plain))));
    expect(program.state.map(({ name }) => name)).toContain("a\nb.weight");
    expect(validateProgram(JSON.parse(JSON.stringify(program)))).toEqual(program);
  });
});

describe("half precision", () => {
  const half = (b: Builder, shape: Shape) =>
    b.cast(b.parameter("w", shape, { kind: "zeros" }, "f16"), "f32");

  test("is read by unpacking, in maps and in products", () => {
    for (const make of [
      (b: Builder) => b.neg(half(b, [7])),
      (b: Builder) => b.matmul(b.input("x", [4, 8]), half(b, [8, 12])),
      (b: Builder) => b.matmul(b.input("x", [4, 8]), b.swap(half(b, [12, 8]))),
      (b: Builder) => b.gather(half(b, [9, 4]), b.input("ids", [3], "i32")),
    ]) {
      const program = compiled((b) => ({ y: make(b) }));
      expect(program.dispatches).toHaveLength(1);
      expect(texts(program)[0]).toContain("unpack2x16float(");
      expect(program.state).toMatchObject([{ name: "w", type: "f16", written: false }]);
    }
  });

  test("takes half the bytes, in whole vectors", () => {
    const program = compiled((b) => ({ y: b.neg(half(b, [33])) }));
    expect(program.buffers[program.state[0]!.buffer]!.bytes).toBe(80);
  });
});

describe("programs", () => {
  test.each(Array.from({ length: 40 }, (_, i) => 7000 + i))(
    "of random graph %i keep to the schema, also as text",
    (seed) => {
      const program = compiledRandom(seed);
      expect(validateProgram(JSON.parse(JSON.stringify(program)))).toEqual(program);
    },
  );

  test("of one graph are the same bytes, whatever was compiled before", async () => {
    const bytes = () =>
      JSON.stringify([compiled(block(12, 16)), ...[1, 2, 3].map((seed) => compiledRandom(seed))]);
    const first = bytes();
    for (let time = 0; time < 19; time++) {
      compiledRandom(8000 + time);
      expect(bytes() === first, `compilation ${time + 2}`).toBe(true);
    }
  });

  test("of freshly loaded modules are the same bytes", async () => {
    const first = JSON.stringify([1, 2, 3].map((seed) => compiledRandom(seed)));
    vi.resetModules();
    const compile = await import("../../../compiler/compile-graph.ts");
    const random = await import("../../ops/random-graph.ts");
    expect(compile.compileGraph).not.toBe(compileGraph);
    const again = [1, 2, 3].map((seed) => {
      const { draft, outputs, updates } = random.randomGraph(seed);
      return compile.compileGraph("test", outputs, updates, portableTarget, draft.b);
    });
    expect(JSON.stringify(again) === first).toBe(true);
  });

  test("do not depend on the order in which unrelated nodes were made", () => {
    const make = (b: Builder) => ({ y: softmax(b, b.exp(b.input("x", [4, 8]))) });
    const lone = compiled(make);
    const crowded = compiled((b) => {
      for (let i = 0; i < 100; i++) b.exp(b.input(`other ${i}`, [i + 1]));
      return make(b);
    });
    expect(JSON.stringify(crowded)).toBe(JSON.stringify(lone));
  });

  test("count their memory by kind", () => {
    const program = compiled(block(12, 16));
    for (const kind of ["state", "input", "constant", "scratch", "uniform", "readback"] as const) {
      const sum = program.buffers
        .filter((buffer) => buffer.kind === kind)
        .reduce((total, { bytes }) => total + bytes, 0);
      expect(program.memory[kind]).toBe(sum);
    }
    expect(program.memory.state).toBeGreaterThan(0);
  });

  test("hold their constants as little-endian bytes", () => {
    const program = compiled((b) => ({
      y: b.add(b.input("x", [3]), b.constant([1, -2.5, 1e30], [3])),
    }));
    const constant = program.buffers.find(({ kind }) => kind === "constant")!;
    const bytes = Buffer.from(constant.data!, "base64");
    expect(bytes.length).toBe(constant.bytes);
    expect([0, 4, 8].map((at) => bytes.readFloatLE(at))).toEqual([1, -2.5, Math.fround(1e30)]);
  });
});
