/** Random graphs through the whole compiler on the device, against the interpreter of the graph as it was written. */
import { describe, expect, test } from "vitest";
import { printNodes } from "../../compiler/ir/print.ts";
import { runGraph } from "../support/evaluate.ts";
import { expectations, fault } from "./error-bounds.ts";
import { randomGraph } from "./random-graph.ts";

const count = 40;

describe("random graphs", () => {
  test.each(Array.from({ length: count }, (_, seed) => seed))("seed %i", async (seed) => {
    const { draft, outputs } = randomGraph(seed);
    const withoutSubgroups = seed % 2 === 1;
    const run = await runGraph(outputs, draft.given, { builder: draft.b, withoutSubgroups });
    const expected = expectations([...outputs.values()], draft.given);
    const faults = [...outputs.keys()].flatMap(
      (name, i) => fault(name, run.outputs.get(name)!, expected[i]!) ?? [],
    );
    expect(faults, printNodes(outputs)).toEqual([]);
  });
});
