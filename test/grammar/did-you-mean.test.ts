/** Gleam's rule for suggestions. */
import { expect, it } from "vitest";
import { didYouMean, editDistance } from "../../grammar/did-you-mean.ts";

it.each([
  ["dtpye", ["dtype", "freeze", "input", "pool"], "dtype"],
  ["eva-clip-g14", ["clip-vit-l/14", "eva-clip-g/14"], "eva-clip-g/14"],
  ["anything", ["only"], "only"],
  ["DTYPE", ["dtypes", "dtype"], "dtype"],
  ["brige", ["vision", "bridge", "q"], "bridge"],
  ["wholly", ["different", "names"], undefined],
  ["x", [], undefined],
])("%s among %j", (name, candidates, meant) => {
  expect(didYouMean(name, candidates)).toBe(meant);
});

it("counts edits, a swap of neighbors as one", () => {
  expect(editDistance("", "abc")).toBe(3);
  expect(editDistance("kitten", "sitting")).toBe(3);
  expect(editDistance("ab", "ba")).toBe(1);
});
