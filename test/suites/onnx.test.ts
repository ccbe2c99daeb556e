/** ONNX's own operator cases: all by the reference loops, a choice of them on the device. */
import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { evaluate } from "../support/evaluate.ts";
import { grouped } from "../support/grouped.ts";
import { interpreted } from "../support/interpreted.ts";
import { sharedPath, withoutShared } from "../support/shared.ts";
import { difference, type OnnxCase, openCase } from "./onnx/case.ts";

const folder = sharedPath("suites/onnx-node");
const isHere = existsSync(folder);
const names = isHere ? readdirSync(folder).sort() : [];

/** Cases of each operator that run on the device here; `npm run suite:onnx` runs all. */
const perOperator = 2;

describe.skipIf(!isHere)(`ONNX operator cases${withoutShared}`, () => {
  const opened = names.map((name) => openCase(folder, name));
  const cases = opened.filter((one): one is OnnxCase => "outputs" in one);

  test("all 556 are there and are expressed", () => {
    expect(names.length).toBe(556);
    expect(opened.filter((one) => "reason" in one)).toEqual([]);
    expect(cases.length).toBe(556);
  });

  test("all agree by the reference loops", () => {
    const faults = cases.flatMap((one) => {
      const fault = difference(one, interpreted(one.outputs, one.given));
      return fault === undefined ? [] : [`${one.name}: ${fault}`];
    });
    expect(faults).toEqual([]);
  });

  test("a wrong value is noticed", () => {
    const one = cases.find((candidate) => candidate.name === "test_softmax_example")!;
    const [[name, values]] = [...interpreted(one.outputs, one.given)] as [[string, Float32Array]];
    expect(difference(one, new Map([[name, values.map((value) => value * 1.01)]]))).toMatch(/is/);
  });

  test("the first and the last of each operator agree on the device", async () => {
    const groups = [...grouped(cases, (one) => one.operator).values()];
    const chosen = groups.flatMap((group) =>
      group.length <= perOperator ? group : [group[0]!, group.at(-1)!],
    );
    const faults: string[] = [];
    for (const one of chosen) {
      const fault = difference(one, await evaluate(one.outputs, one.given, one.builder));
      if (fault !== undefined) faults.push(`${one.name}: ${fault}`);
    }
    expect(faults).toEqual([]);
    expect(chosen.length).toBeGreaterThan(130);
  });
});
