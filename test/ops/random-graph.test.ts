/** Random graphs through the whole compiler on the device, against the interpreter of the graph as it was written. */
import { describe, expect, test } from "vitest";
import { faultsOfGraph, graphText, wayOf } from "./check-kernels.ts";
import { randomGraph } from "./random-graph.ts";

const count = 40;

describe("random graphs", () => {
  test.each(Array.from({ length: count }, (_, seed) => seed))("seed %i", async (seed) => {
    const graph = randomGraph(seed);
    expect(await faultsOfGraph(graph, wayOf(seed)), graphText(graph)).toEqual([]);
  });
});

/** Few of the tensors fit a binding of so few bytes: kernels run in blocks, and tensors are bound in parts. */
describe("random graphs through small bindings", () => {
  const cases = Array.from({ length: 16 }, (_, i) => [1000 + i, i % 2 === 0 ? 512 : 1024] as const);
  test.each(cases)("seed %i, %i bytes", async (seed, bytes) => {
    const graph = randomGraph(seed);
    expect(await faultsOfGraph(graph, wayOf(seed), bytes), graphText(graph)).toEqual([]);
  });
});
