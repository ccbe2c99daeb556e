/** Tensors larger than a binding: in how many blocks and parts each kind of kernel takes them. */
import { describe, expect, test } from "vitest";
import { compileGraph } from "../../../compiler/compile-graph.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { portableTarget } from "../../../compiler/program.ts";
import { validateProgram } from "../../../runtime/execute/validate-program.ts";

const target = { ...portableTarget, maxStorageBufferBindingSize: 1024 };

/** A line a dispatch: the windows of its buffers as begin-end in bytes. */
function bound(make: (b: Builder) => Node): readonly string[] {
  const b = new Builder(rules);
  const program = compileGraph("g", new Map([["y", make(b)]]), [], target, b);
  expect(validateProgram(JSON.parse(JSON.stringify(program)))).toEqual(program);
  return program.dispatches.map(({ buffers, windows, shader }) => {
    const places = buffers.map((index, i) => {
      const { name, bytes } = program.buffers[index]!;
      const window = windows?.[i];
      return window
        ? `${name} ${window.offset}-${window.offset + window.bytes}`
        : `${name} ${bytes}`;
    });
    return `${shader}: ${places.join(", ")}`;
  });
}

describe("with 1024 bytes a binding", () => {
  test("elementwise work is done in blocks of 152, bound where the nearest multiple of 256 bytes is", () => {
    expect(bound((b) => b.mul(b.input("x", [600]), b.parameter("w", [600])))).toEqual([
      "0: x 0-640, w 0-640, slot 0 0-640",
      "1: x 512-1280, w 512-1280, slot 0 512-1280",
      "1: x 1280-1920, w 1280-1920, slot 0 1280-1920",
      "1: x 1792-2400, w 1792-2400, slot 0 1792-2400",
    ]);
  });

  test("a product is cut along the side of its matrix that is not folded, if that makes it fit", () => {
    expect(
      bound((b) => b.matmul(b.input("x", [2, 8]), b.parameter("w", [8, 100]))),
    ).toMatchInlineSnapshot(`
      [
        "0: x 64, w 0-1024, w 1024-2048, w 2048-3072, w 3072-3200, slot 0 800",
      ]
    `);
    expect(
      bound((b) => b.matmul(b.input("x", [2, 8]), b.transpose(b.parameter("w", [100, 8]), [1, 0]))),
    ).toMatchInlineSnapshot(`
      [
        "0: x 64, w 0-512, slot 0 800",
        "1: x 64, w 512-1024, slot 0 800",
        "1: x 64, w 1024-1536, slot 0 800",
        "1: x 64, w 1536-2048, slot 0 800",
        "1: x 64, w 2048-2560, slot 0 800",
        "1: x 64, w 2560-3072, slot 0 800",
        "1: x 64, w 3072-3200, slot 0 800",
      ]
    `);
  });

  test("folds are cut into groups of rows", () => {
    expect(bound((b) => b.sum(b.input("x", [20, 30]), [1]))).toMatchInlineSnapshot(`
      [
        "0: x 0-480, slot 0 80",
        "0: x 256-960, slot 0 80",
        "0: x 768-1440, slot 0 80",
        "0: x 1280-1920, slot 0 80",
        "0: x 1792-2400, slot 0 80",
      ]
    `);
  });

  test("a table whose rows are looked up, or that is folded over, is bound in parts", () => {
    expect(bound((b) => b.gather(b.parameter("w", [100, 8]), b.input("ids", [5], "i32")))).toEqual([
      "0: ids 32, w 0-1024, w 1024-2048, w 2048-3072, w 3072-3200, slot 0 160",
    ]);
    expect(bound((b) => b.matmul(b.input("x", [2, 100]), b.parameter("w", [100, 8])))).toEqual([
      "0: x 800, w 0-1024, w 1024-2048, w 2048-3072, w 3072-3200, slot 0 64",
    ]);
  });
});
