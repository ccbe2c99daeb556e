import { describe, expect, it } from "vitest";
import {
  fillInitialValues,
  type InitialValues,
  initialValues,
} from "../../../runtime/weights/initial-values.ts";

describe("initialValues", () => {
  const kinds: readonly InitialValues[] = [
    { kind: "normal", std: 0.02 },
    { kind: "uniform", bound: 0.1 },
    { kind: "truncated-normal", std: 0.02 },
  ];
  const origin = { seed: 42, path: "Qformer.bert.encoder.layer.0.output.dense.weight" };

  it.each(kinds)("a range of $kind holds what the whole holds there", (values) => {
    const whole = initialValues(values, 103, origin);
    for (const [start, end] of [
      [0, 1],
      [1, 4],
      [3, 10],
      [7, 103],
    ] as const) {
      const range = new Float32Array(end - start);
      fillInitialValues(range, values, { ...origin, start });
      expect([...range]).toEqual([...whole.subarray(start, end)]);
    }
  });

  it.each(kinds)("$kind depends on seed and path", (values) => {
    const one = initialValues(values, 16, origin);
    expect(initialValues(values, 16, origin)).toEqual(one);
    expect(initialValues(values, 16, { ...origin, seed: 43 })).not.toEqual(one);
    expect(initialValues(values, 16, { ...origin, seed: 42 + 2 ** 32 })).not.toEqual(one);
    expect(initialValues(values, 16, { ...origin, path: "query_tokens" })).not.toEqual(one);
    expect(new Set(one).size).toBe(16);
  });

  it("stays as it was: checkpoints of old versions start from these", () => {
    expect([
      ...initialValues({ kind: "normal", std: 1 }, 4, { seed: 0, path: "a" }),
    ]).toMatchInlineSnapshot(`
      [
        0.06892351061105728,
        -2.0411837100982666,
        0.30692553520202637,
        0.4672352373600006,
      ]
    `);
    expect([
      ...initialValues({ kind: "uniform", bound: 1 }, 4, { seed: 0, path: "a" }),
    ]).toMatchInlineSnapshot(`
      [
        -0.7515325546264648,
        0.5107440948486328,
        0.7106803059577942,
        -0.685004472732544,
      ]
    `);
  });

  it("has the moments it should", () => {
    const moments = (values: InitialValues) => {
      const drawn = initialValues(values, 200_000, origin);
      const mean = drawn.reduce((sum, x) => sum + x, 0) / drawn.length;
      const square = drawn.reduce((sum, x) => sum + (x - mean) ** 2, 0) / drawn.length;
      const fourth = drawn.reduce((sum, x) => sum + (x - mean) ** 4, 0) / drawn.length;
      const largest = drawn.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      return { mean, std: Math.sqrt(square), kurtosis: fourth / square ** 2, largest };
    };
    const normal = moments({ kind: "normal", std: 2 });
    expect(Math.abs(normal.mean)).toBeLessThan(0.02);
    expect(normal.std).toBeCloseTo(2, 1);
    expect(normal.kurtosis).toBeCloseTo(3, 1);
    expect(normal.largest).toBeGreaterThan(7);
    const uniform = moments({ kind: "uniform", bound: 3 });
    expect(Math.abs(uniform.mean)).toBeLessThan(0.02);
    expect(uniform.std).toBeCloseTo(3 / Math.sqrt(3), 1);
    expect(uniform.largest).toBeLessThanOrEqual(3);
    const truncated = moments({ kind: "truncated-normal", std: 1 });
    // The spread of a normal cut at two standard deviations: sqrt(1 - 4 phi(2) / (2 Phi(2) - 1)).
    expect(truncated.std).toBeCloseTo(0.8796, 2);
    expect(truncated.largest).toBeLessThanOrEqual(2);
  });

  it("fills constants", () => {
    expect([...initialValues({ kind: "zeros" }, 2, origin)]).toEqual([0, 0]);
    expect([...initialValues({ kind: "ones" }, 2, origin)]).toEqual([1, 1]);
    expect([...initialValues({ kind: "constant", value: 0.5 }, 2, origin)]).toEqual([0.5, 0.5]);
  });
});
