/** A few seconds of fuzzing; `npm run fuzz` goes on longer. */
import { expect, it } from "vitest";
import { fuzz } from "./fuzz.ts";

it("takes any file without a crash, within a second, and points inside of it", () => {
  const { files, messages, faults } = fuzz(4, 7);
  expect(faults).toEqual([]);
  expect(files).toBeGreaterThan(10);
  expect(messages).toBeGreaterThan(10);
});
