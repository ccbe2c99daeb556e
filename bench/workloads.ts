/** What is measured: one workload a row of the table, the same for every column. */

/** Layout of the operands of a product: `T` says that the operand is stored the other way round. */
export type Form = "NN" | "NT" | "TN";

/** `batch` products of [rows, depth] and [depth, columns]. */
export interface Product {
  readonly kind: "product";
  readonly name: string;
  readonly batch: number;
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  readonly form: Form;
}

/** A pre-LN encoder block on [batch, tokens, width]; `trains` adds backward and AdamW. */
export interface Block {
  readonly kind: "block";
  readonly name: string;
  readonly batch: number;
  readonly tokens: number;
  readonly width: number;
  readonly heads: number;
  readonly mlpWidth: number;
  readonly trains: boolean;
}

/** Elementwise sum of two vectors. */
export interface Sum {
  readonly kind: "sum";
  readonly name: string;
  readonly length: number;
}

export type Workload = Product | Block | Sum;

/** Floating-point operations (a multiply-add is two) of the products in a workload. */
export function flopOf(work: Workload): number {
  switch (work.kind) {
    case "product":
      return 2 * work.batch * work.rows * work.depth * work.columns;
    case "sum":
      return work.length;
    case "block": {
      const { batch, tokens, width, mlpWidth, trains } = work;
      const rows = batch * tokens;
      const projections = 2 * rows * width * (4 * width + 2 * mlpWidth);
      const attention = 4 * batch * tokens * tokens * width;
      const forward = projections + attention;
      // Nothing needs the gradient of the block's input, so the first projection has none to its left.
      return trains ? 3 * forward - 2 * rows * width * 3 * width : forward;
    }
  }
}

/** Bytes that a workload must read and write at least; only for those bound by memory. */
export function bytesOf(work: Workload): number | undefined {
  return work.kind === "sum" ? 12 * work.length : undefined;
}

function product(
  form: Form,
  rows: number,
  depth: number,
  columns: number,
  about: string,
  batch = 1,
): Product {
  const times = batch === 1 ? "" : `${batch} of `;
  const name = `${times}${rows}x${depth}x${columns} ${form}${about === "" ? "" : `, ${about}`}`;
  return { kind: "product", name, batch, rows, depth, columns, form };
}

const encoder = { batch: 4, tokens: 197, width: 768, heads: 12, mlpWidth: 3072 };
const small = { batch: 72, tokens: 22, width: 64, heads: 4, mlpWidth: 256 };

const quick: readonly Workload[] = [
  product("NN", 512, 512, 512, ""),
  product("NT", 1584, 64, 256, "small stage 1, forward"),
  product("NN", 1584, 256, 64, "small stage 1, input gradient"),
  product("TN", 64, 1584, 256, "small stage 1, weight gradient"),
  product("NT", 528, 64, 64, "small stage 1, forward"),
  product("NT", 22, 16, 22, "small attention scores", 288),
  { kind: "block", name: "encoder block d64 h4 s22 b72, forward", ...small, trains: false },
  { kind: "block", name: "encoder block d64 h4 s22 b72, step", ...small, trains: true },
  { kind: "sum", name: "sum of two vectors of 4 Mi", length: 4 * 1024 * 1024 },
];

const full: readonly Workload[] = [
  product("NN", 1024, 1024, 1024, ""),
  product("NT", 257, 1408, 6144, "ViT-g, forward"),
  product("NT", 257, 6144, 1408, "ViT-g, forward"),
  product("NN", 257, 6144, 1408, "ViT-g, input gradient"),
  product("TN", 6144, 257, 1408, "ViT-g, weight gradient"),
  product("NT", 256, 768, 3072, "Q-Former of 8, forward"),
  product("NN", 256, 3072, 768, "Q-Former of 8, input gradient"),
  product("TN", 3072, 256, 768, "Q-Former of 8, weight gradient"),
  { kind: "block", name: "encoder block d768 h12 s197 b4, forward", ...encoder, trains: false },
  { kind: "block", name: "encoder block d768 h12 s197 b4, step", ...encoder, trains: true },
];

/** The rows of the table; the quick ones take about a minute on two cores. */
export function workloads(isQuick: boolean): readonly Workload[] {
  return isQuick ? quick : [...quick, ...full];
}
