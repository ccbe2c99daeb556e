/** Random graphs through the whole compiler on the device, against the interpreter of the graph as it was written. */
import { describe, expect, test } from "vitest";
import { faultsOfGraph, graphText } from "./check-kernels.ts";
import { randomGraph } from "./random-graph.ts";

const count = 40;

describe("random graphs", () => {
  test.each(Array.from({ length: count }, (_, seed) => seed))("seed %i", async (seed) => {
    const graph = randomGraph(seed);
    expect(await faultsOfGraph(graph, seed % 2 === 1), graphText(graph)).toEqual([]);
  });
});
