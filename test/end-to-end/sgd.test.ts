/** Training by gradient descent with momentum: it learns, and a resumed run is the same to the bit. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readLatest } from "../../runtime/run-folder/checkpoints.ts";
import { lastCheckpoint, tinyLm, trainFile } from "./train.ts";

const base = mkdtempSync(join(tmpdir(), "blipc-sgd-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

test("a run by sgd keeps its momentum in checkpoints and goes on from them bit for bit", async () => {
  const file = join(base, "sgd.blip");
  writeFileSync(
    file,
    readFileSync(tinyLm, "utf8").replace(
      "adamw { lr = 1e-2, clip = 1.0 }",
      "sgd { lr = 0.1, momentum = 0.9, weight_decay = 1e-4, clip = 1.0 }",
    ),
  );
  const whole = await trainFile(file, join(base, "whole"));
  const losses = whole.events.flatMap((event) => (event.kind === "step" ? [event.loss] : []));
  expect(losses.at(-1)!).toBeLessThan(losses[0]! - 0.1);
  await trainFile(file, join(base, "halves"), { steps: 6 });
  await trainFile(file, join(base, "halves"), { resume: true });
  expect(lastCheckpoint(join(base, "halves")).equals(lastCheckpoint(join(base, "whole")))).toBe(
    true,
  );
  const { checkpoint } = readLatest(join(base, "whole"));
  const names = [...checkpoint!.file.tensors.keys()];
  expect(names).toContain("optimizer/momentum/opt_model.model.decoder.embed_tokens.weight");
  expect(names.some((name) => name.includes("moment/"))).toBe(false);
  checkpoint!.file.close();
});
