/** Sentences of the language's meaning, each as a small change of a pipeline that checks. */
import { describe, expect, it } from "vitest";
import { stage1Example } from "../../../grammar/messages/example-pipeline.ts";
import { checkExample, printed } from "../../support/check-example.ts";

type Change = readonly [from: string, to: string];

function changed(text: string, changes: readonly Change[]): string {
  return changes.reduce((now, [from, to]) => {
    if (!now.includes(from)) throw new Error(`the example has no ${from}`);
    return now.replace(from, to);
  }, text);
}

/** The model of stage 1 after changes; throws with the messages when there is none. */
function stage1(...changes: readonly Change[]) {
  const text = changed(stage1Example, changes);
  const { model } = checkExample({ text });
  if (model === undefined) throw new Error(printed({ text }));
  return model;
}

describe("objectives", () => {
  it("may draw negatives at random, and then need no contrast", () => {
    const model = stage1(
      ["negatives = hard(from: itc)", "negatives = random"],
      ["minimize = itc + itm + itg", "minimize = itm + itg"],
    );
    const itm = model.objectives.get("itm");
    expect(itm?.variant === "matching" && itm.negatives.value).toEqual({ kind: "random" });
  });

  it("may let only the side of a row learn from it", () => {
    const gradient = (model: ReturnType<typeof stage1>) => {
      const itc = model.objectives.get("itc");
      return itc?.variant === "contrastive" ? itc.gradient.value : undefined;
    };
    expect(gradient(stage1())).toBe("both");
    const cls: Change = ["(caption).cls", "(caption).cls\n  gradient = row"];
    expect(gradient(stage1(cls))).toBe("row");
    expect(printed({ text: changed(stage1Example, [[cls[0], `${cls[1]}s`]]) })).toContain(
      "did you mean `row`?",
    );
  });
});
