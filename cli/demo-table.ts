/** What the demo measured → rows beside the reference's figures. */
import {
  type ReferencePoint,
  type ReferenceShare,
  referenceMean,
  referenceResults,
  stage1Reference,
  stage2Reference,
} from "../runtime/report/reference.ts";
import type { ResultRow } from "../runtime/report/report-html.ts";
import type { DemoEvaluation } from "./demo-evaluation.ts";

/** Shares first, then losses at the reference's steps. */
export function demoRows(evaluation: DemoEvaluation): readonly ResultRow[] {
  return [...shareRows(evaluation), ...lossRows(evaluation)];
}

/** Rows of shares, in percent. */
export function shareRows(evaluation: DemoEvaluation): readonly ResultRow[] {
  const { heldOutRetrieval, heldOut, seen, wrongPicture } = evaluation;
  const { contrast, reranked } = heldOutRetrieval;
  const reference = referenceResults;
  const rows = [
    share("R@1 of 100 held-out, picture to text", contrast.imageToText, reference.imageToText),
    share("R@1 of 100 held-out, text to picture", contrast.textToImage, reference.textToImage),
  ];
  if (reranked !== undefined) {
    rows.push(
      share("  re-ranked, picture to text", reranked.imageToText, reference.rerankedImageToText),
      share("  re-ranked, text to picture", reranked.textToImage, reference.rerankedTextToImage),
    );
  }
  return [
    ...rows,
    share("captions wholly right, seen pairs", seen.shares.whollyRight, reference.captionsSeen),
    share(
      "captions wholly right, held-out pairs",
      heldOut.shares.whollyRight,
      reference.captionsHeldOut,
    ),
    share("  size", heldOut.shares.size, reference.sizeHeldOut),
    share("  color", heldOut.shares.color, reference.colorHeldOut),
    share("  shape", heldOut.shares.shape, reference.shapeHeldOut),
    share("  place or relation", heldOut.shares.relation, reference.relationHeldOut),
    wrongRow(wrongPicture.whollyRight),
  ];
}

function share(name: string, value: number, reference: ReferenceShare): ResultRow {
  const { mean, least, most } = reference;
  const percent = 100 * value;
  return {
    name,
    measured: `${percent.toFixed(1)} %`,
    reference: `${mean.toFixed(1)} % (${least.toFixed(1)} to ${most.toFixed(1)})`,
    isGood: percent >= least,
  };
}

function wrongRow(value: number): ResultRow {
  return {
    name: "captions wholly right, wrong picture",
    measured: `${(100 * value).toFixed(1)} %`,
    reference: "0.0 %",
    isGood: value === 0,
  };
}

const lossNames: Readonly<Record<string, string>> = {
  contrastive: "itc",
  matching: "itm",
  captioning: "itg",
  language: "lm",
};

/** Losses at the reference's steps: inside two standard deviations, or lower, counts as good. */
export function lossRows(evaluation: DemoEvaluation): readonly ResultRow[] {
  return [
    ...rowsOf("stage 1", evaluation.stage1Losses, stage1Reference),
    ...rowsOf("stage 2", evaluation.stage2Losses, stage2Reference),
  ];
}

function rowsOf(
  stage: string,
  losses: Readonly<Record<string, readonly number[]>>,
  reference: readonly ReferencePoint[],
): readonly ResultRow[] {
  return reference.flatMap((point) =>
    Object.entries(point.losses).flatMap(([variant, [mean, deviation]]) => {
      const measured = referenceMean(losses[variant] ?? [], point.step);
      if (measured === undefined) return [];
      // A spread over three seeds says little below a hundredth.
      const spread = Math.max(2 * deviation, 0.02 * mean, 0.01);
      return [
        {
          name: `${stage} ${lossNames[variant] ?? variant}, step ${point.step}`,
          measured: measured.toFixed(3),
          reference: `${mean.toFixed(3)} ± ${deviation.toFixed(3)}`,
          isGood: measured <= mean + spread,
        },
      ];
    }),
  );
}
