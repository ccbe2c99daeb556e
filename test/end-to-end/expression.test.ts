/** Training with a loss that is written out: the same numbers as the built-in one, and its checkpoints. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDevice } from "../../runtime/device/open-device.ts";
import { openRun } from "../../runtime/evaluate/open-run.ts";
import { openRetriever } from "../../runtime/evaluate/retrieve.ts";
import { readMetrics } from "../../runtime/run-folder/metrics.ts";
import { readTensors } from "../golden/tensors.ts";
import { lastCheckpoint, tiny, trainFile } from "./train.ts";

const base = mkdtempSync(join(tmpdir(), "blipc-expression-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const objectives = /objective itc[\s\S]*?\ndata/;
const builtIn = `objective itc: contrastive {
  image = bridge(q)
  text = bridge(caption).cls
  width = 16
}

data`;
const written = `objective itc: expression {
  image = normalize(linear(bridge(q), width: 16, name: "vision_proj"), over: width)
  text = normalize(linear(bridge(caption).cls, width: 16, name: "text_proj"), over: width)
  cosine = max(dot(image, rename(text, batch: texts), over: width), over: queries)
  similarity = cosine / learned(0.07, name: "temp")
  to_text = cross_entropy(similarity, over: texts, target: index(batch), smoothing: 0.1)
  to_image = cross_entropy(similarity, over: batch, target: index(texts), smoothing: 0.1)
  loss = (to_text + to_image) * 0.5
  right_text = mean(argmax(similarity, over: texts) == index(batch))
  right_image = mean(argmax(similarity, over: batch) == index(texts))
  accuracy = (right_text + right_image) * 0.5
}

data`;
const siglip = `objective itc: expression {
  image = normalize(linear(bridge(q), width: 16, name: "vision_proj"), over: width)
  text = normalize(linear(bridge(caption).cls, width: 16, name: "text_proj"), over: width)
  cosine = max(dot(image, rename(text, batch: texts), over: width), over: queries)
  logits = exp(learned(log(10), name: "t")) * cosine + learned(-10, name: "b")
  loss = -mean(sum(log_sigmoid((2 * eye(batch, texts) - 1) * logits), over: texts))
}

data`;

/** Tensors of the last checkpoint of a run. */
const weightsOf = (run: string) => {
  const names = readdirSync(join(run, "checkpoints")).sort();
  return readTensors(join(run, "checkpoints", names.at(-1)!));
};

const folder = (name: string) => join(base, name);
beforeAll(() => {
  const text = readFileSync(tiny, "utf8").replace("itc + itm + itg", "itc");
  for (const [name, objective] of Object.entries({ builtIn, written, siglip }))
    writeFileSync(folder(`${name}.blip`), text.replace(objectives, objective));
});

describe("a written contrast", () => {
  test("trains bit for bit as the built-in one", async () => {
    await trainFile(folder("builtIn.blip"), folder("builtIn"), { steps: 3 });
    await trainFile(folder("written.blip"), folder("written"), { steps: 3 });
    const rows = (name: string) => readMetrics(folder(name));
    expect(rows("written").length).toBe(3);
    expect(rows("written")).toEqual(rows("builtIn"));
    expect(rows("written")[0]).toHaveProperty(["itc.accuracy"]);
    expect(lastCheckpoint(folder("written"))).toEqual(lastCheckpoint(folder("builtIn")));
  }, 900_000);

  test("finds the same pictures and captions, more of them than a batch", async () => {
    const device = await openDevice({ adapter: "swiftshader" });
    const found = [];
    for (const name of ["builtIn", "written"]) {
      const run = openRun(folder(name));
      const retriever = await openRetriever(run, device, 4);
      const picture = (seed: number) =>
        Float32Array.from({ length: 3 * 48 * 48 }, (_, at) => Math.sin(seed * at + (at % 48)));
      const pictures = Array.from({ length: 6 }, (_, at) => picture(0.01 * (at + 1)));
      const captions = ["red", "blue", "green"].flatMap((color) =>
        ["circle", "square"].map((shape) => `a large ${color} ${shape}`),
      );
      found.push(await retriever.retrieve(pictures, captions, 2));
      await retriever.close();
      run.checkpoint.file.close();
    }
    device.close();
    expect(found[1]).toEqual(found[0]);
    expect(found[0]).toMatchObject({ pictures: 6, reranked: undefined });
    const { imageToText, textToImage } = found[0]!.contrast;
    expect(imageToText + textToImage).toBeGreaterThan(0);
  }, 900_000);

  test("continues from a checkpoint of the built-in one: at rate 0 its weights are what they were", async () => {
    const text = `blip 1
import "./builtIn.blip" as first
frozen encoder vision = first.vision
trainable queries q = first.q
trainable qformer bridge = first.bridge
${written.replaceAll("caption", "first.caption").replace(/data$/, "")}
stage again {
  from = first.learn.last
  minimize = itc
  data = first.pairs
  train = 1 steps
  optimizer: adamw { lr = 0 }
  seed = 1
}
`;
    writeFileSync(folder("again.blip"), text);
    await trainFile(folder("again.blip"), folder("again"), { from: folder("builtIn") });
    const [before, after] = ["builtIn", "again"].map((name) => weightsOf(folder(name)));
    expect(after!.get("temp")!.data[0]).not.toBe(Math.fround(0.07));
    for (const name of ["temp", "vision_proj.weight", "text_proj.bias"])
      expect([name, after!.get(name)]).toEqual([name, before!.get(name)]);
  }, 900_000);
});

test("SigLIP trains: its loss falls", async () => {
  await trainFile(folder("siglip.blip"), folder("siglip"), {
    sets: ["learn.train=20 steps", "learn.optimizer.lr=1e-2"],
  });
  const losses = readMetrics(folder("siglip")).map((row) => row["itc"] as number);
  expect(losses.length).toBe(20);
  expect(losses.every(Number.isFinite)).toBe(true);
  expect(losses[0]).toBeGreaterThan(5);
  expect(Math.max(...losses.slice(-5))).toBeLessThan(losses[0]! - 1);
}, 900_000);
