/** What the start of a stage took → its part of the file of results. */
import { markdownTable } from "../markdown-table.ts";
import { number, size } from "../spread.ts";
import type { ColdAndWarm } from "./start-up.ts";

const parts = {
  ready: "pipelines, buffers, bindings",
  first: "first step",
  later: "a later step",
} as const;

/** Two tables: the parts of an empty and of a filled shader cache, and first uses by kind of kernel. */
export function startLines({ cold, warm, firstUses, touching }: ColdAndWarm): readonly string[] {
  const lines = [cold, warm].flatMap((each, i) =>
    (["ready", "first", "later"] as const).map((part) => {
      const { wall, user, system, touched } = each[part];
      return [
        i === 0 ? "empty" : "filled",
        parts[part],
        number(wall / 1000),
        number(user / 1000),
        number(system / 1000),
        size(touched),
      ];
    }),
  );
  return [
    "### First step of stage 1, batch 2",
    "",
    `${cold.pipelines} shaders, ${cold.usedOnce} of them of one dispatch, ${cold.dispatches} dispatches; from text to WGSL in ${number(cold.compile / 1000)} s.`,
    "",
    markdownTable(
      ["shader cache", "what", "s", "processor s", "system s", "memory touched for the first time"],
      lines,
    ),
    "",
    `Touching ${size(touching.touched)} of memory that lay idle, one byte a page, and nothing else took ${number(touching.wall / 1000)} s on this machine.`,
    "",
    "The driver translates a shader when it is first dispatched; a start does most of that ahead, on all cores. With nothing ahead and each dispatch waited for by itself, first uses took, beyond later ones:",
    "",
    markdownTable(
      ["kernels", "shaders", "dispatches", "s"],
      firstUses.map(({ kind, shaders, dispatches, seconds }) => [
        kind,
        String(shaders),
        String(dispatches),
        number(seconds),
      ]),
    ),
    "",
  ];
}
