/** Which products a plan has, and one of them by itself. */
import { describe, expect, test } from "vitest";
import { schedule } from "../../../compiler/5-schedule/schedule.ts";
import { operandKinds, productKind } from "../../../compiler/6-emit/product-kind.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { portableTarget } from "../../../compiler/program.ts";
import {
  loneProduct,
  type ProductWork,
  shortened,
  worksOf,
} from "../../../runtime/tune/product-work.ts";
import { standardProducts } from "../../../runtime/tune/standard-products.ts";

function planOf(make: (b: Builder) => readonly Node[]) {
  const b = new Builder(rules);
  const outputs = new Map(make(b).map((node, index) => [`y${index}`, node]));
  return schedule({ name: "test", outputs, updates: [] }, portableTarget);
}

describe("products of plans", () => {
  const plan = planOf((b) => {
    const x = b.parameter("x", [64, 40]);
    const heads = b.transpose(b.reshape(b.parameter("h", [6, 4, 8]), [6, 4, 8]), [1, 0, 2]);
    return [
      b.matmul(x, b.parameter("w", [40, 24])),
      b.matmul(x, b.parameter("v", [40, 25])),
      b.matmul(x, b.swap(b.cast(b.parameter("half", [24, 40], { kind: "zeros" }, "f16"), "f32"))),
      b.matmul(b.swap(x), b.parameter("z", [64, 24])),
      b.matmul(heads, b.swap(heads)),
    ];
  });
  const works = worksOf([plan, plan]);
  const find = (kind: string) => works.find((work) => work.kind === kind);

  test("are told by layout, dtype, alignment and size, heaviest first", () => {
    expect(works.map(({ kind }) => kind)).toEqual([
      "f32N4 f32N1 1 of 64x32x32",
      "f32N4 f32N4 1 of 64x32x32",
      "f32N4 f16T4 1 of 64x32x32",
      "f32T4 f32N4 1 of 32x64x32",
      "f32N4 f32T4 4 of 8x8x8",
    ]);
    expect(find("f32N4 f16T4 1 of 64x32x32")).toEqual({
      kind: "f32N4 f16T4 1 of 64x32x32",
      layout: "NT",
      left: "f32",
      right: "f16",
      batch: 1,
      rows: 64,
      depth: 40,
      columns: 24,
      isShared: false,
      operations: 2 * 2 * 64 * 40 * 24,
    });
  });

  test("stand alone as products of their kind", () => {
    for (const work of works) {
      const { kernel } = loneProduct(work, portableTarget);
      expect(productKind(kernel)).toBe(work.kind);
    }
  });

  test("of BLIP-2 are of all layouts and dtypes, one a kind", () => {
    const all = standardProducts(portableTarget);
    expect(new Set(all.map(({ kind }) => kind)).size).toBe(all.length);
    const kinds = new Set(all.map(({ layout, right }) => `${layout} ${right}`));
    expect([...kinds].sort()).toEqual(["NN f16", "NN f32", "NT f16", "NT f32", "TN f32"]);
    expect(all.every(({ operations }, i) => i === 0 || operations <= all[i - 1]!.operations)).toBe(
      true,
    );
  });
});

describe("a product that is too large to measure", () => {
  const work: ProductWork = {
    ...{ kind: "", layout: "NT", left: "f32", right: "f32", isShared: false, operations: 0 },
    ...{ batch: 3, rows: 257 * 64, depth: 1408, columns: 6144 },
  };

  test("loses rows and columns, not depths, nor what tiles leave over, nor what is read by fours", () => {
    const short = shortened(work, 1e9);
    expect(2 * short.batch * short.rows * short.depth * short.columns).toBeLessThanOrEqual(1e9);
    expect(short).toMatchObject({ depth: 1408, batch: 3 });
    expect(short.columns % 4).toBe(0);
    const odd = shortened({ ...work, rows: 64 * 300 + 1, columns: 64 * 9 + 5 }, 1e9);
    expect([odd.rows % 64, odd.columns % 64]).toEqual([1, 5]);
  });

  test("stays what it is when it is small enough, and ends where nothing can be taken", () => {
    expect(shortened(work, 1e15)).toEqual(work);
    const least = shortened({ ...work, batch: 1, depth: 1e6 }, 1);
    expect([least.rows, least.columns]).toEqual([64, 64]);
  });

  test("has the same operands alone", () => {
    const kind = operandKinds(loneProduct({ ...work, rows: 512 }, portableTarget).kernel);
    const short = loneProduct(shortened(work, 1e9), portableTarget);
    expect(operandKinds(short.kernel)).toBe(kind);
  });
});
