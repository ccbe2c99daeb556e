/** Questions about pictures: asked of the Q-Former and in the prompt, answers alone are learned, and a run answers. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { captionFiles } from "../../runtime/evaluate/caption-files.ts";
import { trainFile } from "./train.ts";

const base = mkdtempSync(join(tmpdir(), "blipc-questions-"));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const small = "width = 16, heads = 2, layers = 1, mlp_width = 16, weights = random";
const pipeline = `blip 1

frozen encoder vision = "shapes-vit" { input = image[48, 48, 3], ${small} }
text ask = "shapes" { max_len = 12 tokens, field = question }
trainable queries q { count = 2 }
trainable qformer bridge = "shapes-bert" {
  self = [q, ask]
  cross = vision.patches
  width = 32, heads = 2, layers = 1, mlp_width = 32, weights = random
}
trainable lm opt = "shapes-opt" { embedding_width = 16, ${small} }
text answer = opt.tokenizer { max_len = 16 tokens, prompt = "{question} ", suffix = "\\n" }
trainable adapter to_lm: linear = bridge(q, ask) -> opt.embed
objective say: language { model = opt, prefix = to_lm, predict = answer }
data asked = vqa("questions.json") { root = "pictures", batch = 4, image = resize(48) -> normalize("clip") }
stage learn {
  minimize = say
  data = asked
  train = 60 steps
  optimizer: adamw { lr = 2e-2 }
  seed = 1
}
`;

beforeAll(async () => {
  mkdirSync(join(base, "pictures"));
  const picture = { create: { width: 48, height: 48, channels: 3, background: "red" } } as const;
  await sharp(picture)
    .png()
    .toFile(join(base, "pictures", "one.png"));
  // One picture: only the question tells what to answer.
  const asked = [
    ["a large red circle", "small"],
    ["a blue square", "green"],
    ["the small triangle", "above"],
    ["left of the circle", "large"],
  ];
  const records = asked.map(([question, answer]) => ({
    image: "one.png",
    question,
    answer: [answer],
  }));
  writeFileSync(join(base, "questions.json"), JSON.stringify(records));
  writeFileSync(join(base, "ask.blip"), pipeline);
});

test("a run learns to answer, and answers what it is asked", async () => {
  const folder = join(base, "run");
  const { events } = await trainFile(join(base, "ask.blip"), folder, {});
  const losses = events.flatMap((event) => (event.kind === "step" ? [event.loss] : []));
  // Without the questions nothing below log(4) / 2 would be reached: of two words each, one is told by chance.
  expect(losses.at(-1)!).toBeLessThan(0.1);
  const answers = async (question?: string) =>
    captionFiles({
      run: folder,
      files: [{ name: "one.png", path: join(base, "pictures", "one.png") }],
      batch: 1,
      adapter: "swiftshader",
      ...(question === undefined ? {} : { question }),
    });
  expect(await answers("a blue square")).toEqual([{ file: "one.png", caption: "green" }]);
  expect(await answers("Left of the circle!")).toEqual([{ file: "one.png", caption: "large" }]);
  await expect(answers()).rejects.toThrow("add --question");
}, 240_000);
