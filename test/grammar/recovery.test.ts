/** One mistake, one message, and the rest of the file is still read (language.md section 4.5). */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { measureRecovery } from "./mutation.ts";

const texts = ["stage1", "stage2", "vit_l"].map((name) =>
  readFileSync(new URL(`examples/${name}.blip`, import.meta.url), "utf8"),
);

it("gives one message a mistake and keeps the other statements", () => {
  const figures = measureRecovery(texts, 7);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  console.log(
    `${figures.broken} broken files: ${figures.meanMessages.toFixed(2)} messages, exactly one ${percent(figures.exactlyOne)}, intact elsewhere ${percent(figures.intact)}, worst 5 % lose ${percent(figures.worstLoss)}`,
  );
  expect(figures.broken).toBeGreaterThan(200);
  expect(figures.exactlyOne).toBeGreaterThanOrEqual(0.88);
  expect(figures.intact).toBeGreaterThanOrEqual(0.97);
});
