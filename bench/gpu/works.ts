/** What is measured on a GPU machine, and the same at sizes that a software driver does in moments. */
import {
  type Attention,
  block,
  encoder,
  middle,
  pass,
  product,
  smallMiddle,
  stage,
  type Workload,
} from "../workloads.ts";

const eva = { tokens: 257, width: 1408, heads: 16, mlpWidth: 6144 };

function attention(
  batch: number,
  heads: number,
  queries: number,
  keys: number,
  headWidth: number,
  { isCausal = false, trains = false } = {},
): Attention {
  const about = `${isCausal ? ", causal" : ""}${trains ? ", with gradients" : ""}`;
  const name = `attention ${batch}x${heads} heads of ${headWidth}, ${queries}x${keys}${about}`;
  return { kind: "attention", name, batch, heads, queries, keys, headWidth, isCausal, trains };
}

/** Most telling first: where the time is short, the end is left out and named. */
const full: readonly Workload[] = [
  ...[1024, 4096, 8192].map((size) => product("NN", size, size, size)),
  product("NT", 4096, 4096, 4096, "", { isHalf: true }),
  pass("adamw", 1, 64 << 20),
  pass("layer-norm", 65536, 768),
  block({ ...eva, batch: 8 }, false),
  block({ ...encoder, batch: 32 }, true),
  stage(1, { ...middle, batch: 8, layers: 12, towerLayers: 1 }),
  stage(1, { ...middle, batch: 8, layers: 12 }),
  stage(2, { ...middle, batch: 8, layers: 12 }),
  pass("softmax", 131072, 257),
  pass("cross-entropy", 2048, 50272),
  pass("sum", 1, 64 << 20),
  product("NT", 2056, 1408, 6144, "ViT-g of 8, forward"),
  product("NT", 2056, 6144, 1408, "ViT-g of 8, forward"),
  product("NT", 2056, 1408, 4224, "ViT-g of 8, queries, keys, values"),
  product("NT", 256, 768, 3072, "Q-Former of 8, forward"),
  product("TN", 3072, 256, 768, "Q-Former of 8, weight gradient"),
  product("NN", 256, 3072, 768, "Q-Former of 8, input gradient"),
  product("NT", 512, 2560, 10240, "OPT-2.7B, forward"),
  product("NT", 512, 4096, 4096, "language model of 4096, forward"),
  attention(8, 12, 32, 257, 64),
  attention(8, 12, 32, 257, 64, { trains: true }),
  attention(8, 16, 257, 257, 88),
  attention(8, 16, 257, 257, 88, { trains: true }),
  attention(8, 32, 512, 512, 80, { isCausal: true }),
  attention(8, 32, 512, 512, 80, { isCausal: true, trains: true }),
  product("NN", 512, 512, 512),
  product("NN", 2048, 2048, 2048),
];

const tiny: readonly Workload[] = [
  product("NN", 64, 64, 64),
  product("NT", 64, 64, 64, "", { isHalf: true }),
  pass("adamw", 1, 1 << 12),
  pass("layer-norm", 32, 64),
  block({ batch: 1, tokens: 9, width: 64, heads: 4, mlpWidth: 128 }, false),
  stage(1, { ...smallMiddle, batch: 2, words: 8, queries: 4, layers: 1, towerLayers: 1 }),
  pass("softmax", 32, 33),
  pass("cross-entropy", 8, 100),
  attention(1, 2, 4, 9, 16),
  attention(1, 2, 9, 9, 16, { isCausal: true, trains: true }),
];

/** In the order in which they are measured. */
export function gpuWorks(isTiny: boolean): readonly Workload[] {
  return isTiny ? tiny : full;
}
