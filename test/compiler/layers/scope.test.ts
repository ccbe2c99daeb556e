/** Paths, storage and random streams of a parameter tree. */
import { describe, expect, it } from "vitest";
import { Builder } from "../../../compiler/ir/builder.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { dropout } from "../../../compiler/layers/dropout.ts";
import { linear } from "../../../compiler/layers/linear.ts";
import { rootScope } from "../../../compiler/layers/scope.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { parameters } from "../backbones/parameters.ts";

describe("scope", () => {
  it("joins places into published names, with the root's path in front", () => {
    const s = rootScope(new Builder(rules), "teacher");
    const x = s.b.input("x", [2, 3]);
    const states = s
      .at("encoder.layer")
      .repeat(2, x, (place, y) => linear(place.at("dense"), y, 3));
    expect([...parameters([states.at(-1)!]).keys()]).toEqual([
      "teacher.encoder.layer.0.dense.weight",
      "teacher.encoder.layer.0.dense.bias",
      "teacher.encoder.layer.1.dense.weight",
      "teacher.encoder.layer.1.dense.bias",
    ]);
    expect(states.at(-1)!.origin.path).toBe("teacher.encoder.layer.1.dense");
  });

  it("stores matrices as f16 when asked, vectors as f32, and gives both as f32", () => {
    const s = rootScope(new Builder(rules)).with({ stored: "f16" });
    const weight = s.parameter("weight", [4, 4]);
    expect(weight.type.dtype).toBe("f32");
    expect(weight.inputs[0]!.type.dtype).toBe("f16");
    expect(s.parameter("bias", [4]).op).toBe("parameter");
    expect(s.parameter("position_embedding", [4, 4]).op).toBe("parameter");
  });
});

describe("dropout", () => {
  it("is absent at rate 0 and without a seed", () => {
    const b = new Builder(rules);
    const x = b.input("x", [8]);
    expect(dropout(rootScope(b), x, 0.5)).toBe(x);
    expect(dropout(rootScope(b, "", { seed: b.input("seed", [2], "i32") }), x, 0)).toBe(x);
  });

  it("keeps the mean, and drops other elements at each place", () => {
    const b = new Builder(rules);
    const s = rootScope(b, "", { seed: b.input("seed", [2], "i32") });
    const x = b.broadcastTo(b.constant(1), [4000]);
    const roots = [dropout(s, x, 0.1), dropout(s.at("deeper"), x, 0.1)];
    const [first, second] = interpret(rules, roots, new Map([["seed", [3, 4]]]));
    const share = first!.filter((value) => value === 0).length / 4000;
    expect(share).toBeGreaterThan(0.08);
    expect(share).toBeLessThan(0.12);
    expect(Math.max(...first!)).toBeCloseTo(1 / 0.9, 12);
    expect(first).not.toEqual(second);
  });
});
