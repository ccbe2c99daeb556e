/** Messages about objectives that are written as expressions (BLIP43xx). */
import { type AnyMessage, defineMessage } from "../message.ts";
import { stage1Example } from "./example-pipeline.ts";

/** The pipeline with a contrast that is written out instead of its three objectives. */
export const expressionExample: string = stage1Example
  .replace(
    /objective itc[\s\S]*?\ndata/,
    `objective itc: expression {
  image = normalize(linear(bridge(q), width: 64), over: width)
  text = normalize(linear(bridge(caption).cls, width: 64), over: width)
  cosine = max(dot(image, rename(text, batch: texts), over: width), over: queries)
  similarity = cosine / learned(0.07)
  loss = cross_entropy(similarity, over: texts, target: index(batch))
}

data`,
  )
  .replace("minimize = itc + itm + itg", "minimize = itc");

/** The example with one piece written differently. */
function changed(from: string, to: string): { readonly text: string } {
  return { text: expressionExample.replace(from, to) };
}

const working = { text: expressionExample };

/** A call of something that is no function. */
export const unknownFunction = defineMessage({
  code: "BLIP4301",
  slug: "unknown-function",
  severity: "error",
  title: ({ name }: { name: string }) => `there is no function called \`${name}\``,
  explanation:
    "Expressions of objectives are made of a fixed set of functions; `docs/objectives.md` lists them. A Q-Former can be called too.",
  failing: changed("normalize(linear(bridge(q)", "normalise(linear(bridge(q)"),
  working,
});

/** A function without what it needs, or with something it does not take. */
export const wrongArguments = defineMessage({
  code: "BLIP4302",
  slug: "wrong-arguments",
  severity: "error",
  title: ({ name, what }: { name: string; what: string }) => `\`${name}\` ${what}`,
  explanation:
    "A function takes its tensors by position and everything else by name. Axes are named: `over: width`.",
  failing: changed("over: texts, target: index(batch)", "over: texts"),
  working,
});

/** An axis that the tensor does not have. */
export const unknownAxis = defineMessage({
  code: "BLIP4303",
  slug: "unknown-axis",
  severity: "error",
  title: ({ axis, of }: { axis: string; of: string }) => `${of} has no axis \`${axis}\``,
  explanation:
    "Tensors have named axes: `batch`, `queries`, `tokens`, `patches`, `width`, and those that `rename` makes.",
  failing: changed("over: queries", "over: querys"),
  working,
});

/** One axis with two sizes. */
export const axisMismatch = defineMessage({
  code: "BLIP4304",
  slug: "axis-mismatch",
  severity: "error",
  title: (facts: { axis: string; left: string; right: string }) =>
    `\`${facts.axis}\` is ${facts.left} on one side and ${facts.right} on the other`,
  explanation:
    "Axes of one name are walked together, so they must be equally long. `rename` gives an axis another name, `linear` another width.",
  failing: changed("bridge(caption).cls, width: 64", "bridge(caption).cls, width: 32"),
  working,
});

/** Two axes of one tensor under one name. */
export const axisTwice = defineMessage({
  code: "BLIP4305",
  slug: "axis-twice",
  severity: "error",
  title: ({ axis }: { axis: string }) => `a tensor cannot have the axis \`${axis}\` twice`,
  explanation:
    "Axes are found by their names, so the names of one tensor differ from each other. `rename` takes a name that the tensor does not have yet.",
  failing: changed("rename(text, batch: texts)", "rename(text, batch: width)"),
  working,
});

/** A loss with axes left. */
export const lossWithAxes = defineMessage({
  code: "BLIP4306",
  slug: "loss-with-axes",
  severity: "error",
  title: (facts: { objective: string; axes: string }) =>
    `the loss of \`${facts.objective}\` is one number, and this has ${facts.axes}`,
  explanation:
    "Training follows one number downhill. `mean(…)` or `sum(…)` make one of many; without `over` they fold every axis.",
  failing: changed(
    "loss = cross_entropy(similarity, over: texts, target: index(batch))",
    "loss = -log_softmax(similarity, over: texts)",
  ),
  working: changed(
    "loss = cross_entropy(similarity, over: texts, target: index(batch))",
    "loss = -mean(log_softmax(similarity, over: texts) * eye(batch, texts))",
  ),
});

/** Something that has no value in an expression. */
export const notATensor = defineMessage({
  code: "BLIP4307",
  slug: "not-a-tensor",
  severity: "error",
  title: ({ value }: { value: string }) => `${value} is no tensor`,
  explanation:
    "Expressions compute with numbers, with the other settings of the block, and with what the model gives: calls of a Q-Former, `.patches` and `.cls` of towers, adapters, and `.mask` of a text.",
  failing: changed("linear(bridge(q),", "linear(vision,"),
  working,
});

/** A setting that needs itself. */
export const expressionCircle = defineMessage({
  code: "BLIP4308",
  slug: "expression-circle",
  severity: "error",
  title: ({ name }: { name: string }) => `\`${name}\` is made of itself`,
  explanation:
    "Each setting of an expression objective is computed once, from others that do not need it. Their order does not matter.",
  failing: changed("similarity = cosine", "similarity = 0.5 * similarity + cosine"),
  working,
});

/** A loss that trains nothing. */
export const lossWithoutGradient = defineMessage({
  code: "BLIP4309",
  slug: "loss-without-gradient",
  severity: "error",
  title: ({ objective }: { objective: string }) =>
    `no gradient leaves the loss of \`${objective}\``,
  explanation:
    "Gradients reach what the loss depends on smoothly. They end at `stop_gradient`, `argmax`, `index` and comparisons, and frozen modules are not updated.",
  failing: changed(
    "loss = cross_entropy(similarity, over: texts, target: index(batch))",
    "loss = mean(argmax(similarity, over: texts) == index(batch))",
  ),
  working,
});

/** One name for two different parameters. */
export const parameterTaken = defineMessage({
  code: "BLIP4310",
  slug: "parameter-taken",
  severity: "error",
  title: ({ path, by }: { path: string; by: string }) => `the parameter \`${path}\` ${by}`,
  explanation:
    "A name stands for one tensor in checkpoints. Two uses of a name share it, so they must agree in shape and first values; names of modules cannot be taken.",
  failing: changed(
    "learned(0.07)",
    'learned(0.07, name: "Qformer.bert.embeddings.LayerNorm.bias")',
  ),
  working: changed("learned(0.07)", 'learned(0.07, name: "temp")'),
});

/** A value that is computed and goes nowhere. */
export const unusedValue = defineMessage({
  code: "BLIP4311",
  slug: "unused-value",
  severity: "warning",
  title: (facts: { name: string; objective: string }) =>
    `\`${facts.name}\` of \`${facts.objective}\` goes into nothing`,
  explanation:
    "What the loss does not need is left out of the computation. A single number is reported as a metric instead.",
  failing: changed("  loss =", "  halved = similarity / 2\n  loss ="),
  working: changed("  loss =", "  mean_similarity = mean(similarity)\n  loss ="),
});

/** Codes BLIP43xx, in order. */
export const expressionMessages: readonly AnyMessage[] = [
  unknownFunction,
  wrongArguments,
  unknownAxis,
  axisMismatch,
  axisTwice,
  lossWithAxes,
  notATensor,
  expressionCircle,
  lossWithoutGradient,
  parameterTaken,
  unusedValue,
];
