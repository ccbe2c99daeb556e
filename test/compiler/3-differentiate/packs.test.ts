/** Packs of an optimizer: which tensors stand together, and which element gets which setting. */
import { describe, expect, test } from "vitest";
import { packsOf, settingOf, type Trained } from "../../../compiler/3-differentiate/packs.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { interpret } from "../../../compiler/ir/interpret.ts";
import { rules } from "../../../compiler/ops/index.ts";

const b = new Builder(rules);

function trained(path: string, shape: number[], weightDecay = 0, rateScale = 1): Trained {
  const parameter = b.parameter(path, shape);
  return { parameter, gradient: b.neg(parameter), weightDecay, rateScale };
}

const names = (packs: readonly (readonly Trained[])[]) =>
  packs.map((pack) => pack.map(({ parameter }) => parameter.attributes.path).join(" "));

describe("packs", () => {
  test("hold tensors of equal settings next to one another", () => {
    const all = [trained("a", [2], 0.1), trained("b", [3]), trained("c", [4], 0.1)];
    expect(names(packsOf(all))).toEqual(["a c b"]);
  });

  test("end where any adapter's binding ends, and larger tensors stay alone", () => {
    const third = [1024, 11_000];
    const all = ["a", "b", "c"].map((path) => trained(path, third));
    const large = trained("large", [50_000, 1024]);
    expect(names(packsOf([all[0]!, large, ...all.slice(1)]))).toEqual(["a", "large", "b c"]);
  });

  test("give each element the setting of its tensor", () => {
    const all = [trained("d", [64], 0.1), trained("e", [2], 0), trained("f", [1], 0.1, 3)];
    const [pack] = packsOf(all);
    const values = (node: number | ReturnType<typeof b.neg>) =>
      typeof node === "number" ? node : interpret(rules, [node], new Map())[0]!;
    const decay = values(settingOf(b, pack!, all, ({ weightDecay }) => weightDecay));
    const scale = values(settingOf(b, pack!, all, ({ rateScale }) => rateScale));
    const at = (of: number | Float64Array) =>
      [0, 63, 64, 65, 128].map((i) => (of as Float64Array)[i]);
    expect(at(decay)).toEqual([0.1, 0.1, 0, 0, 0.1]);
    expect(at(scale)).toEqual([1, 1, 1, 1, 3]);
  });

  test("have a number where all tensors agree", () => {
    const all = [trained("g", [2], 0.1), trained("h", [2], 0.1)];
    expect(settingOf(b, all, all, ({ weightDecay }) => weightDecay)).toBe(0.1);
  });
});
