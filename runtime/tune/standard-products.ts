/** The products of BLIP-2 at its published size: what is tuned where no pipeline is named. */
import type { Plan } from "../../compiler/5-schedule/plan.ts";
import type { Target } from "../../compiler/program.ts";
import { loneProduct, type ProductShape, type ProductWork, worksOf } from "./product-work.ts";

/** Pairs of a batch: few on software drivers, where sizes are a matter of minutes. */
const pairsOf = { cpu: 8, gpu: 32 };
/** Pictures of a batch that go through the tower at once. */
const picturesOf = { cpu: 1, gpu: 32 };

/** The kinds of those products, the heaviest in a step first. */
export function standardProducts(target: Target): readonly ProductWork[] {
  const pairs = pairsOf[target.deviceClass];
  const plans = [...towerProducts(picturesOf[target.deviceClass]), ...trainedProducts(pairs)];
  return worksOf(plans.flatMap(([layers, shape]) => timesOver(layers, shape, target)));
}

type Layered = readonly [layers: number, shape: ProductShape];

const dense = { left: "f32", right: "f32", batch: 1, isShared: false } as const;

/** ViT-g: 39 blocks of 257 tokens, 16 heads of 88, its weights stored as f32 or f16; forward alone. */
function towerProducts(pictures: number): readonly Layered[] {
  const rows = 257 * pictures;
  const widths = [
    [1408, 4224],
    [1408, 1408],
    [1408, 6144],
    [6144, 1408],
  ] as const;
  const heads = { ...dense, batch: 16 * pictures, rows: 257 };
  return [
    ...(["f32", "f16"] as const).flatMap((right) =>
      widths.map(
        ([depth, columns]): Layered => [
          39,
          { ...dense, layout: "NT", right, rows, depth, columns },
        ],
      ),
    ),
    [39, { ...heads, layout: "NT", depth: 88, columns: 257 }],
    [39, { ...heads, layout: "NN", depth: 257, columns: 88 }],
  ];
}

/** Forward, gradients of the input, gradients of the weights, of rows by a weight of [columns, depth]. */
function linear(layers: number, rows: number, depth: number, columns: number): readonly Layered[] {
  return [
    [layers, { ...dense, layout: "NT", rows, depth, columns }],
    [layers, { ...dense, layout: "NN", rows, depth: columns, columns: depth }],
    [layers, { ...dense, layout: "TN", rows: columns, depth: rows, columns: depth }],
  ];
}

/** The Q-Former's 12 layers of 32 queries or 32 tokens with its vocabulary, then OPT-2.7b, whose weights are frozen. */
function trainedProducts(pairs: number): readonly Layered[] {
  const rows = 32 * pairs;
  const heads = { ...dense, batch: 12 * pairs };
  const opt = (depth: number, columns: number): readonly Layered[] =>
    (["f32", "f16"] as const).flatMap((right): readonly Layered[] => [
      [32, { ...dense, layout: "NT", right, rows: 2 * rows, depth, columns }],
      [32, { ...dense, layout: "NN", right, rows: 2 * rows, depth: columns, columns: depth }],
    ]);
  return [
    ...linear(12 * 4, rows, 768, 768),
    ...linear(12 * 2, rows, 768, 3072),
    ...linear(12 * 2, rows, 3072, 768),
    ...linear(6 * 2, 257 * pairs, 1408, 768),
    ...linear(1, rows, 768, 30_522),
    [6, { ...heads, layout: "NT", rows: 32, depth: 64, columns: 257 }],
    [6, { ...heads, layout: "NN", rows: 32, depth: 257, columns: 64 }],
    [12, { ...heads, layout: "NT", rows: 64, depth: 64, columns: 64 }],
    [12, { ...heads, layout: "NN", rows: 64, depth: 64, columns: 64 }],
    [12, { ...heads, layout: "TN", rows: 64, depth: 64, columns: 64 }],
    ...opt(2560, 2560),
    ...opt(2560, 10_240),
    ...opt(10_240, 2560),
  ];
}

function timesOver(layers: number, shape: ProductShape, target: Target): readonly Plan[] {
  const { plan } = loneProduct(shape, target);
  return Array.from({ length: layers }, () => plan);
}
