/** Prints how long the language service takes for a pipeline after each key: `npm run bench:lsp`. */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Analysis,
  analyze,
  completionsAt,
  definitionAt,
  documentSymbols,
  hoverAt,
  inlayShapes,
  quickFixes,
  semanticTokens,
} from "../../compiler/language-service/index.ts";
import { createSource, type Source } from "../../grammar/source.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const names = process.argv.slice(2);

for (const name of names.length > 0
  ? names
  : ["pipelines/blip2/stage1.blip", "pipelines/blip2/stage2-opt.blip"]) {
  measure(name);
}

function measure(name: string): void {
  const text = readFileSync(join(root, name), "utf8");
  const files = new Map<string, Source>();
  const resolve = (path: string, from: Source): Source | undefined => {
    const found = normalize(join(dirname(from.name), path));
    if (!existsSync(join(root, found))) return undefined;
    const source = files.get(found) ?? createSource(found, readFileSync(join(root, found), "utf8"));
    files.set(found, source);
    return source;
  };
  const times = new Map<string, { wall: number; processor: number }[]>();
  const timed = <T>(what: string, work: () => T): T => {
    const wall = performance.now();
    const before = process.cpuUsage();
    const result = work();
    const { user, system } = process.cpuUsage(before);
    const taken = { wall: performance.now() - wall, processor: (user + system) / 1000 };
    times.set(what, [...(times.get(what) ?? []), taken]);
    return result;
  };
  let previous: Analysis | undefined;
  const step = Math.max(1, Math.floor(text.length / 150));
  for (let at = 0; at < text.length; at += step) {
    // One more blank somewhere: what an editor sends after a key, with everything that it then asks for.
    const changed = createSource(name, `${text.slice(0, at)} ${text.slice(at)}`);
    timed("all of it", () => {
      const analysis = timed("messages", () => analyze(changed, resolve, previous));
      previous = analysis;
      timed("completion", () => completionsAt(analysis.scope, at));
      timed("hover", () => hoverAt(analysis, at));
      timed("definition", () => definitionAt(analysis.scope, at));
      timed("fixes", () => quickFixes(analysis, at, at));
      timed("outline", () => documentSymbols(analysis.scope.document.statements));
      timed("shapes", () => inlayShapes(analysis, 0, changed.text.length));
      timed("colors", () => semanticTokens(analysis));
    });
  }
  const row = (what: string, pick: (index: number, sorted: readonly number[]) => number) =>
    (["wall", "processor"] as const).map((clock) => {
      const sorted = times
        .get(what)!
        .slice(1)
        .map((each) => each[clock])
        .sort((a, b) => a - b);
      return pick(sorted.length, sorted).toFixed(1).padStart(8);
    });
  const lines = text.split("\n").length - 1;
  console.log(`${name}: ${lines} lines, ${times.get("messages")!.length} changes; milliseconds`);
  console.log("               first   median wall, cpu   95 % wall, cpu");
  for (const [what, [first]] of times) {
    const middle = row(what, (length, sorted) => sorted[Math.floor(length / 2)]!).join(" ");
    const high = row(what, (length, sorted) => sorted[Math.floor(length * 0.95)]!).join(" ");
    console.log(`  ${what.padEnd(11)} ${first!.wall.toFixed(1).padStart(6)} ${middle}  ${high}`);
  }
}
