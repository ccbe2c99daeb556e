/** Text with a cursor mark -> an analysis and the offset of the mark. */
import { type Analysis, analyze } from "../../compiler/language-service/index.ts";
import { createSource, type Span, textOf } from "../../grammar/source.ts";

/** Where the cursor stands. */
export const mark = "▮";

/** A text that was analyzed, and the offset of its cursor. */
export interface Marked {
  readonly analysis: Analysis;
  readonly offset: number;
}

/** Analyzes `text`, called `example.blip`, among other files. A mark may be left out. */
export function marked(
  text: string,
  files: Readonly<Record<string, string>> = {},
  previous?: Analysis,
): Marked {
  const at = text.indexOf(mark);
  const source = createSource("example.blip", text.replace(mark, ""));
  const others = new Map(
    Object.entries(files).map(([name, each]) => [name, createSource(name, each)]),
  );
  const analysis = analyze(source, (path) => others.get(path.replace(/^\.\//, "")), previous);
  return { analysis, offset: at < 0 ? 0 : at };
}

/** `example.blip:3 vision`: file, line and text of a span. */
export function spanText(span: Span): string {
  const line = span.source.text.slice(0, span.start).split("\n").length;
  return `${span.source.name}:${line} ${textOf(span)}`.trimEnd();
}

/** A small pipeline without errors, of stage 1 shape. */
export const stage1 = `blip 1

param batch: int = 64

/// The tower.
frozen encoder vision = "eva-clip-g/14" {
  input = image[224, 224, 3]
  dtype = f16
}

text caption = "bert-base-uncased" {
  max_len = 32 tokens
}

trainable queries q {
  count = 32
}

trainable qformer bridge = "bert-base-uncased" {
  self = [q, caption]
  cross = vision.patches
  every = 2
}

objective itc: contrastive {
  image = bridge(q)
  text = bridge(caption).cls
  temperature = learned(0.07)
}

data pairs = shapes(seed: 1) {
  batch = batch
}

stage pretrain {
  minimize = itc
  data = pairs
  train = 10 epochs
  optimizer: adamw { lr = 1e-4 }
  schedule: cosine { warmup = 100 steps }
  seed = 1
}
`;

/** The small pipeline with the cursor in front of the first `before`, which is kept or replaced. */
export function stage1At(before: string, replacement = mark + before): string {
  const at = stage1.indexOf(before);
  if (at < 0) throw new Error(`the example does not hold ${before}`);
  return stage1.slice(0, at) + replacement + stage1.slice(at + before.length);
}
