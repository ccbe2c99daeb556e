/** Kind `ops`: layers, losses and the optimizer, one at a time, with their gradients. */
import { gradients } from "../../../compiler/3-differentiate/gradients.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { lowest } from "../../../compiler/ir/lowest.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import * as activation from "../../../compiler/layers/activation.ts";
import { crossEntropy, softCrossEntropy } from "../../../compiler/layers/cross-entropy.ts";
import { patchEmbedding } from "../../../compiler/layers/embedding.ts";
import { affine } from "../../../compiler/layers/linear.ts";
import { l2Normalize, layerNorm, rmsNorm } from "../../../compiler/layers/norm.ts";
import { rootScope, type Scope } from "../../../compiler/layers/scope.ts";
import { logSoftmax, softmax } from "../../../compiler/layers/softmax.ts";
import { queryTextSimilarity } from "../../../compiler/objectives/contrastive.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { adamw, adamwRates, momentPaths } from "../../../compiler/optimizers/adamw.ts";
import { type Comparison, largestDifference } from "../comparison.ts";
import { evaluate, openSession } from "../evaluate.ts";
import { parametersOf } from "../graph.ts";
import { ReferenceCase } from "../reference-case.ts";
import type { ReferenceTensor } from "../tensors.ts";

interface OpCase {
  readonly op: string;
  readonly key: string;
  readonly params: {
    readonly eps?: number;
    readonly scale?: number;
    readonly label_smoothing?: number;
    readonly reduction?: "mean" | "none";
    readonly kernel?: number;
    readonly padding_idx?: number | null;
    readonly lr?: number;
    readonly betas?: readonly [number, number];
    readonly weight_decay?: number;
    readonly steps?: number;
  };
  readonly f32_vs_f64?: Readonly<Record<string, number>>;
}

/** Inputs of a case by name, and the scope whose parameters they are. */
interface Operands {
  readonly s: Scope;
  readonly of: (name: string) => Node;
  readonly has: (name: string) => boolean;
}

type Make = (x: Operands, params: OpCase["params"]) => readonly Node[];

const pointwise =
  (make: (b: Builder, x: Node) => Node): Make =>
  ({ s, of }) => [make(s.b, of("x"))];

const table: Readonly<Record<string, Make>> = {
  layernorm: ({ s, of }, { eps }) => [layerNorm(s, of("x"), eps!)],
  rmsnorm_t5: ({ s, of }, { eps }) => [rmsNorm(s, of("x"), eps!)],
  gelu_erf: pointwise(activation.gelu),
  gelu_tanh: pointwise(activation.geluTanh),
  quick_gelu: pointwise(activation.quickGelu),
  relu: pointwise(activation.relu),
  silu: pointwise(activation.silu),
  sigmoid: pointwise(activation.sigmoid),
  tanh: pointwise((b, x) => b.tanh(x)),
  softmax: pointwise(softmax),
  log_softmax: pointwise(logSoftmax),
  masked_softmax_finfo_min: ({ s: { b }, of }) => {
    const visible = b.equal(of("mask"), 0);
    return [softmax(b, b.select(visible, of("x"), lowest))];
  },
  cross_entropy: ({ s: { b }, of }, { label_smoothing, reduction }) => [
    crossEntropy(b, of("x"), of("target"), {
      smoothing: label_smoothing!,
      reduction: reduction!,
    }),
  ],
  soft_cross_entropy: ({ s: { b }, of }) => [softCrossEntropy(b, of("x"), of("target_probs"))],
  attention: ({ s: { b }, of, has }, { scale }) => {
    const scores = b.mul(b.matmul(of("q"), b.swap(of("k"))), scale!);
    const biased = has("mask") ? b.add(scores, of("mask")) : scores;
    return [b.matmul(softmax(b, biased), of("v"))];
  },
  conv_patch_embed: ({ s, of, has }, { kernel }) => [
    convolutionLayout(
      s,
      patchEmbedding(s, of("x"), kernel!, of("w").type.shape[0]!, {
        bias: has("b"),
      }),
      of("x"),
      kernel!,
    ),
  ],
  embedding: ({ s: { b }, of }, { padding_idx }) => {
    const rows = b.gather(of("w"), of("idx"));
    if (padding_idx === null || padding_idx === undefined) return [rows];
    const isPadding = b.reshape(b.equal(of("idx"), padding_idx), [...of("idx").type.shape, 1]);
    return [b.select(isPadding, b.stopGradient(rows), rows)];
  },
  linear: ({ s, of, has }) => [affine(s, of("x"), of("w"), has("b") ? of("b") : undefined)],
  matmul: ({ s: { b }, of }) => [b.matmul(of("a"), of("b"))],
  l2_normalize: ({ s, of }, { eps }) => [l2Normalize(s, of("x"), eps!)],
  itc_sim: ({ s, of }) => {
    const similarity = s.b.div(queryTextSimilarity(s, of("img"), of("txt")), of("temp"));
    return [similarity, s.b.swap(similarity)];
  },
};

/** Names that the layers give to what a case calls `w` and `b`. */
const parameterNames: Readonly<Record<string, string>> = { w: "weight", b: "bias" };
const byParameter = new Set(["layernorm", "rmsnorm_t5", "conv_patch_embed"]);

/** Compares outputs and gradients of every case. */
export async function check(folder: string, c: unknown): Promise<readonly Comparison[]> {
  const { cases, tensors_file } = c as {
    readonly cases: readonly OpCase[];
    readonly tensors_file?: string;
  };
  const reference = new ReferenceCase(folder, tensors_file);
  for (const entry of cases) {
    if (entry.op === "adamw") await checkAdamW(reference, entry);
    else await checkOp(reference, entry);
  }
  return reference.finish();
}

async function checkOp(reference: ReferenceCase, entry: OpCase): Promise<void> {
  const { key, op, params } = entry;
  const make = table[op];
  if (make === undefined) {
    reference.leaveOut(key, `no layer for the operator ${op}`);
    return;
  }
  const b = new Builder(rules);
  const s = rootScope(b);
  const given = new Map<string, ArrayLike<number>>();
  const nodes = new Map<string, Node>();
  for (const [name, { shape, data }] of reference.below(`${key}/in`)) {
    const path = byParameter.has(op) ? (parameterNames[name] ?? name) : name;
    given.set(path, data);
    const dtype = data instanceof Float32Array ? "f32" : "i32";
    nodes.set(name, b.input(name, shape, dtype));
  }
  const operands: Operands = { s, of: (name) => nodes.get(name)!, has: (name) => nodes.has(name) };
  const made = make(operands, params);
  const outputs = new Map(made.map((node, i) => [`out/${i}`, node]));
  const names = [...reference.below(`${key}/grad`).keys()];
  const own = parametersOf(made);
  const targets = names.map((name) => own.get(parameterNames[name] ?? name) ?? nodes.get(name)!);
  const sums: (Node | undefined)[] = targets.map(() => undefined);
  made.forEach((node, i) => {
    const upstream = reference.take(`${key}/grad_out/${i}`);
    given.set(`upstream${i}`, upstream.data);
    const seed = b.input(`upstream${i}`, node.type.shape);
    gradients(b, rules, node, targets, seed).forEach((part, k) => {
      const sofar = sums[k];
      if (part !== null) sums[k] = sofar === undefined ? part : b.add(sofar, part);
    });
  });
  for (const [k, name] of names.entries()) outputs.set(`grad/${name}`, sums[k]!);
  for (const [name, value] of await evaluate(outputs, given, b)) {
    if (op === "masked_softmax_finfo_min" && name === "grad/x")
      compareVisibleRows(reference, `${key}/${name}`, value, reference.take(`${key}/in/mask`));
    else compareValue(reference, entry, name, value);
  }
}

/**
 * Rows that see anything. In a row that sees nothing the reference takes half of a gradient, where the maximum of
 * score and lowest number is a tie; no row of a model is like that.
 */
function compareVisibleRows(
  reference: ReferenceCase,
  key: string,
  value: ArrayLike<number>,
  mask: ReferenceTensor,
): void {
  const { data } = reference.take(key);
  const [rows, columns] = mask.shape as [number, number];
  for (let row = 0; row < rows; row++) {
    const part = (x: ArrayLike<number>) => Array.from(x).slice(row * columns, (row + 1) * columns);
    if (part(mask.data).every((bias) => bias !== 0))
      reference.leaveOut(
        `${key}[${row}]`,
        "wholly masked: a gradient at a tie, which no model meets",
      );
    else
      reference.line(
        `${key}[${row}]`,
        `[${columns}], largest difference`,
        largestDifference(part(value), part(data)),
        1e-4 * largestDifference(part(data), new Float64Array(columns)) + 1e-9,
      );
  }
}

/** 1e-5 for pointwise results, 1e-4 of the greatest for reductions and gradients, and never below the reference's noise. */
function compareValue(
  reference: ReferenceCase,
  { key, op, f32_vs_f64 }: OpCase,
  name: string,
  value: ArrayLike<number>,
): void {
  const { data } = reference.take(`${key}/${name}`);
  const greatest = largestDifference(data, new Float64Array(data.length));
  const isPlain = name.startsWith("out/") && pointwiseOps.has(op);
  const noise = f32_vs_f64?.[name.startsWith("out/") ? "out" : name.replace("/", "_")] ?? 0;
  const strictBound = isPlain ? 1e-5 * Math.max(1, greatest) : 1e-4 * greatest;
  const isNoisy = 3 * noise > strictBound;
  reference.compare(
    `${key}/${name}`,
    value,
    isNoisy ? 3 * noise : strictBound,
    isNoisy ? "the bound is three times the reference's own f32 noise" : undefined,
  );
}

const pointwiseOps = new Set([
  "gelu_erf",
  "gelu_tanh",
  "quick_gelu",
  "relu",
  "silu",
  "sigmoid",
  "tanh",
  "softmax",
  "log_softmax",
  "masked_softmax_finfo_min",
]);

/** [batch, patches, out] → [batch, out, rows, columns], as a convolution gives it. */
function convolutionLayout(s: Scope, x: Node, pixels: Node, kernel: number): Node {
  const [batch, , out] = x.type.shape as [number, number, number];
  const rows = pixels.type.shape[2]! / kernel;
  return s.b.reshape(s.b.transpose(x, [0, 2, 1]), [batch, out, rows, -1]);
}

async function checkAdamW(reference: ReferenceCase, { key, params }: OpCase): Promise<void> {
  const b = new Builder(rules);
  const tensors = reference.below(key);
  const start = tensors.get("in/p")!;
  const { shape } = start;
  const parameter = b.parameter("p", shape);
  const betas = params.betas!;
  const settings = { betas, eps: params.eps!, weightDecay: params.weight_decay! };
  const gradient = b.input("gradient", shape);
  const updates = adamw(b, parameter, gradient, b.input("rates", [3]), settings);
  const names = ["p", ...momentPaths("p")];
  const graph = { outputs: new Map<string, Node>(), updates, builder: b };
  const session = await openSession(graph, new Map([["p", start.data]]));
  for (let step = 1; step <= params.steps!; step++) {
    const rates = adamwRates(params.lr!, step, betas);
    const slope = tensors.get(`grad/${step}`)!.data;
    await session.run(
      new Map<string, ArrayLike<number>>([
        ["gradient", slope],
        ["rates", rates],
      ]),
    );
    const state = await session.parameters();
    for (const [i, short] of ["p", "m", "v"].entries()) {
      const name = `out/${short}${step}`;
      if (tensors.has(name)) reference.compare(`${key}/${name}`, state.get(names[i]!)!, 2e-6);
    }
  }
  await session.close();
}
