/** Parts of modules in a run: what `freeze` keeps, what `.except(…)` leaves out, tables of another picture size. */
import { createHash } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildStage } from "../../compiler/2-build/build-stage.ts";
import { readCheckpointFile } from "../../runtime/run-folder/checkpoint-file.ts";
import { fillInitialValues } from "../../runtime/weights/initial-values.ts";
import { modelOf } from "../support/check-file.ts";
import { tiny, trainFile } from "./train.ts";

const base = mkdtempSync(join(tmpdir(), "blipc-parts-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** sha256 of each tensor of the checkpoint of a step, by name. */
function hashes(folder: string, step: number): ReadonlyMap<string, string> {
  const name = `step-${String(step).padStart(8, "0")}.safetensors`;
  const { file } = readCheckpointFile(join(folder, "checkpoints", name));
  const found = new Map(
    [...file.tensors.keys()].map((tensor) => [tensor, hash(file.read(tensor))] as const),
  );
  file.close();
  return found;
}

function hash(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Names whose values differ, in order. */
function differing(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): readonly string[] {
  return [...one.keys()].filter((name) => one.get(name) !== other.get(name)).toSorted();
}

describe("freeze", () => {
  const sets = ["vision=trainable", "vision.freeze=blocks[0..1]"];
  const folder = join(base, "frozen-block");
  beforeAll(async () => {
    await trainFile(tiny, folder, { sets, steps: 3 });
  }, 120_000);

  test("keeps the frozen blocks as they were to the bit, and trains the rest", () => {
    const { modules } = buildStage(modelOf("test/end-to-end/tiny.blip", sets), "learn", {
      batch: 4,
    });
    const vision = modules.find(({ owner }) => owner === "vision")?.parameters ?? [];
    const before = new Map(
      vision.map(({ attributes: { path, shape, init } }) => {
        const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
        fillInitialValues(values, init, { seed: 7, path });
        return [path, hash(new Uint8Array(values.buffer))] as const;
      }),
    );
    const after = hashes(folder, 3);
    const changed = differing(before, after);
    expect([...before.keys()].filter((path) => path.includes(".blocks.0."))).toHaveLength(12);
    expect(changed).toEqual([
      "visual_encoder.cls_token",
      "visual_encoder.patch_embed.proj.bias",
      "visual_encoder.patch_embed.proj.weight",
      "visual_encoder.pos_embed",
    ]);
  });

  test("keeps no optimizer state for them", () => {
    const names = [...hashes(folder, 3).keys()].filter((name) => name.startsWith("optimizer/"));
    expect(names).toContain("optimizer/first_moment/visual_encoder.pos_embed");
    expect(names.filter((name) => name.includes("visual_encoder.blocks"))).toEqual([]);
  });

  test("goes on after a stop as if there had been none", async () => {
    const stopped = join(base, "frozen-stopped");
    await trainFile(tiny, stopped, { sets, steps: 2 });
    await trainFile(tiny, stopped, { sets, steps: 3, resume: true });
    expect(differing(hashes(folder, 3), hashes(stopped, 3))).toEqual([]);
  }, 120_000);
});

describe("continuing", () => {
  const first = join(base, "first");
  const project = join(base, "project");
  beforeAll(async () => {
    await trainFile(tiny, first, { steps: 2, sets: ["vision=trainable"] });
    copyFileSync(tiny, join(base, "tiny.blip"));
  }, 120_000);

  /** What the weights are before the first step. */
  async function start(name: string, text: string, stage = "learn") {
    const file = join(base, `${name}.blip`);
    writeFileSync(file, text);
    const folder = join(project, name);
    const { events } = await trainFile(file, folder, { from: first, steps: 0, stage });
    const notes = events.flatMap((event) => (event.kind === "note" ? [event.text] : []));
    return { weights: hashes(folder, 0), notes };
  }

  const extended = (settings: string) => `blip 1
import "./tiny.blip" as base
extend base {
  vision = trainable
${settings}
}
`;
  const isWeight = (name: string) => !name.startsWith("optimizer/");
  const earlier = () => new Map([...hashes(first, 2)].filter(([name]) => isWeight(name)));
  const crossing = [0].flatMap((layer) =>
    ["key", "value"].map(
      (name) => `Qformer.bert.encoder.layer.${layer}.crossattention.self.${name}.weight`,
    ),
  );

  test("takes everything over", async () => {
    const { weights } = await start("all", extended("  learn.from = base.learn.last"));
    expect(differing(earlier(), weights)).toEqual([]);
  }, 120_000);

  test("leaves out what `from = ….except(…)` names, and says so", async () => {
    const { weights, notes } = await start(
      "except",
      extended("  learn.from = base.learn.last.except(bridge.cross, itm)"),
    );
    expect(differing(earlier(), weights)).toEqual([
      ...crossing,
      "itm_head.bias",
      "itm_head.weight",
      "ln_vision.bias",
      "ln_vision.weight",
    ]);
    expect(notes).toContain("4 tensors of `bridge` not taken over: excepted by `.except(…)`");
    expect(notes).toContain("2 tensors of `itm` not taken over: excepted by `.except(…)`");
  }, 120_000);

  test("leaves out what `= s1.bridge.except(…)` names", async () => {
    const { weights, notes } = await start(
      "taken",
      `blip 1
import "./tiny.blip" as s1
trainable encoder vision = s1.vision
text caption = s1.caption
trainable queries q = s1.q
trainable qformer bridge = s1.bridge.except(cross)
objective itg: captioning {
  given = bridge(q)
  predict = caption
}
stage more {
  from = s1.learn.last
  minimize = itg
  data = s1.pairs
  train = 2 steps
  optimizer: adamw { lr = 1e-3 }
}
`,
      "more",
    );
    const taken = new Map([...earlier()].filter(([name]) => weights.has(name)));
    expect(taken.size).toBeGreaterThan(40);
    expect(differing(taken, weights)).toEqual([...crossing, "ln_vision.bias", "ln_vision.weight"]);
    expect(notes.filter((note) => note.includes("except"))).toEqual([
      "4 tensors of `bridge` not taken over: excepted by `.except(…)`",
    ]);
  }, 120_000);

  test("interpolates positions for pictures of another size, and says so", async () => {
    const { weights, notes } = await start(
      "larger",
      extended("  vision.input = image[64, 64, 3]\n  learn.from = base.learn.last"),
    );
    expect(differing(earlier(), weights)).toEqual(["visual_encoder.pos_embed"]);
    expect(notes.find((note) => note.includes("interpolated"))).toMatch(
      /^positions of `vision` interpolated from 3 x 3 patches in .*step-00000002\.safetensors to 4 x 4$/,
    );
  }, 120_000);
});
