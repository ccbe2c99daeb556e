/** Settings of an expression objective -> its loss, over outputs of a tiny Q-Former that are given instead of computed. */
import { expect } from "vitest";
import type { QFormerModule } from "../../../compiler/1-check/model.ts";
import { Losses } from "../../../compiler/2-build/build-losses.ts";
import { StageParts } from "../../../compiler/2-build/stage-parts.ts";
import type { BertPass } from "../../../compiler/backbones/bert.ts";
import type { Builder } from "../../../compiler/ir/builder.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { stage1Example } from "../../../grammar/messages/example-pipeline.ts";
import { checkExample, printed } from "../../support/check-example.ts";

/** Two queries, width 2, texts of 3 tokens. */
export function pipelineWith(settings: string): string {
  const lines = settings.split("\n").map((line) => `  ${line}`);
  return stage1Example
    .replace(
      /objective itc[\s\S]*?\ndata/,
      `objective own: expression {\n${lines.join("\n")}\n}\n\ndata`,
    )
    .replace("itc + itm + itg", "own")
    .replace("count = 8", "count = 2")
    .replace("14 tokens", "3 tokens")
    .replace("cross = vision.patches", "cross = vision.patches\n  width = 2\n  heads = 1");
}

/** Inputs `queries` [2, 2, 2], `first` [2, 2], `words` [2, 3, 2]. */
class GivenOutputs extends StageParts {
  override queryPass(): BertPass {
    const hidden = this.input("queries", [2, 2, 2], "f32", { kind: "given" });
    return { hidden, states: [], keysValues: [] };
  }
  override textRow(): Node {
    return this.input("first", [2, 2], "f32", { kind: "given" });
  }
  override textRows(_: QFormerModule): Node {
    return this.input("words", [2, 3, 2], "f32", { kind: "given" });
  }
}

/** Loss and metrics at batch 2; fails with the messages when the settings are wrong. */
export function writtenLoss(settings: string): {
  readonly b: Builder;
  readonly loss: Node;
  readonly metrics: ReadonlyMap<string, Node>;
} {
  const text = pipelineWith(settings);
  const { model } = checkExample({ text });
  expect(model, printed({ text })).toBeDefined();
  const parts = new GivenOutputs(model!, { batch: 2 }, false);
  return { b: parts.b, ...new Losses(parts).loss(model!.objectives.get("own")!) };
}
