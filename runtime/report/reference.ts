/** What PyTorch gave for the same recipe over three seeds: the figures that a demo is measured against. */

/** Mean and standard deviation over three seeds. */
export type Spread = readonly [mean: number, deviation: number];

/** Loss after a step: the mean of the ten steps up to it; at step 1 that step alone. */
export interface ReferencePoint {
  readonly step: number;
  readonly losses: Readonly<Record<string, Spread>>;
}

/** Stage 1: contrast, matching, captioning. */
export const stage1Reference: readonly ReferencePoint[] = (
  [
    [1, [3.754, 0.3], [0.68, 0.01], [3.85, 0.019]],
    [25, [1.703, 0.069], [0.643, 0.004], [2.546, 0.011]],
    [50, [1.19, 0.113], [0.637, 0.002], [1.597, 0.01]],
    [100, [0.891, 0.013], [0.584, 0.036], [1.44, 0.015]],
    [150, [0.788, 0.024], [0.412, 0.054], [1.279, 0.019]],
    [200, [0.725, 0.016], [0.255, 0.031], [1.181, 0.023]],
    [250, [0.684, 0.001], [0.184, 0.013], [1.091, 0.016]],
    [300, [0.672, 0.015], [0.124, 0.042], [1.034, 0.022]],
    [350, [0.655, 0.005], [0.091, 0.01], [1.008, 0.018]],
  ] as const
).map(([step, contrastive, matching, captioning]) => ({
  step,
  losses: { contrastive, matching, captioning },
}));

/** Stage 2 after stage 1: the language model's loss. */
export const stage2Reference: readonly ReferencePoint[] = (
  [
    [1, 2.895, 0.406],
    [25, 0.961, 0.052],
    [50, 0.76, 0.015],
    [100, 0.556, 0.02],
    [150, 0.425, 0.023],
    [200, 0.348, 0.025],
    [250, 0.29, 0.02],
    [300, 0.245, 0.019],
    [350, 0.2, 0.019],
    [400, 0.171, 0.021],
    [500, 0.155, 0.021],
  ] as const
).map(([step, mean, deviation]) => ({ step, losses: { language: [mean, deviation] } }));

/** Shares in percent: mean, least and greatest over three seeds. */
export interface ReferenceShare {
  readonly mean: number;
  readonly least: number;
  readonly most: number;
}

/** Results of the chosen recipe. */
export const referenceResults = {
  imageToText: { mean: 98.2, least: 97.5, most: 99 },
  textToImage: { mean: 97.5, least: 97, most: 98 },
  rerankedImageToText: { mean: 93, least: 92, most: 94 },
  rerankedTextToImage: { mean: 90, least: 88, most: 92.5 },
  captionsHeldOut: { mean: 34.8, least: 29, most: 43.5 },
  captionsSeen: { mean: 71, least: 65, most: 77 },
  captionsWrongPicture: { mean: 0, least: 0, most: 0 },
  sizeHeldOut: { mean: 97.9, least: 97.2, most: 98.6 },
  colorHeldOut: { mean: 89, least: 87.7, most: 91.3 },
  shapeHeldOut: { mean: 65.3, least: 60.8, most: 71.7 },
  relationHeldOut: { mean: 94.5, least: 90.5, most: 97 },
} as const satisfies Readonly<Record<string, ReferenceShare>>;

/** A loss as the reference counts it: the mean of the ten steps up to `step`. `values[0]` is step 1. */
export function referenceMean(values: readonly number[], step: number): number | undefined {
  if (values.length < step) return undefined;
  const from = step === 1 ? 0 : Math.max(0, step - 10);
  const part = values.slice(from, step);
  return part.reduce((sum, value) => sum + value, 0) / part.length;
}
