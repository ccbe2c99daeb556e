/** Ideas as `.blip` text, beside what each stage of the compiler makes of them. `vitest -u` rewrites the files. */
import { existsSync, readdirSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { buildStage } from "../../../compiler/2-build/build-stage.ts";
import type { StageGraphs } from "../../../compiler/2-build/stage-graphs.ts";
import { gradients } from "../../../compiler/3-differentiate/gradients.ts";
import { optimize } from "../../../compiler/4-optimize/optimize.ts";
import { schedule } from "../../../compiler/5-schedule/schedule.ts";
import { emit } from "../../../compiler/6-emit/emit.ts";
import { trainingGraphs } from "../../../compiler/compile.ts";
import { compileGraph } from "../../../compiler/compile-graph.ts";
import { printNodes } from "../../../compiler/ir/print.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { portableTarget } from "../../../compiler/program.ts";
import { validateProgram } from "../../../runtime/execute/validate-program.ts";
import { planText } from "../../compiler/5-schedule/plan-text.ts";
import { modelOf } from "../../support/check-file.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const ideas = readdirSync(here).filter((name) => existsSync(`${here}${name}/input.blip`));

/** A file that nobody reads holds no idea. */
const longest = 60_000;

/** What the updates stand on; they themselves are the same for every parameter, see the test of AdamW. */
function lossesAndGradients({ builder, stage, total, losses, trainable }: StageGraphs): string {
  const found = gradients(builder, rules, total, trainable);
  const outputs = new Map([["loss", total], ...losses]);
  trainable.forEach(({ attributes }, i) => {
    const gradient = found[i];
    if (gradient) outputs.set(`d ${attributes.path}`, gradient);
  });
  const lean = optimize({ name: stage, outputs, updates: [] }, builder, portableTarget);
  return printNodes(lean.outputs).replaceAll(/, init=\{[^}]*\}| {2}# .*/g, "");
}

/** Kernels of the losses, but for products, which are long and shown in `test/compiler/6-emit/kernels`. */
function lossKernels({ builder, stage, losses }: StageGraphs): string {
  const { shaders } = compileGraph(stage, losses, [], portableTarget, builder);
  const shown = shaders.filter(({ wgsl }) => !wgsl.includes("fma("));
  return shown.map(({ wgsl }, i) => `// shader ${i}\n${wgsl}\n`).join("");
}

test("there are at least four ideas", () => {
  expect(ideas.length).toBeGreaterThanOrEqual(4);
});

test.each(ideas)("%s", async (idea) => {
  const model = modelOf(relative(process.cwd(), `${here}${idea}/input.blip`));
  const files = { "graph.txt": "", "plan.txt": "", "kernels.wgsl": "" };
  for (const [name, stage] of model.stages) {
    const graphs = buildStage(model, name, { batch: 2 });
    files["kernels.wgsl"] += lossKernels(graphs);
    files["graph.txt"] += lossesAndGradients(graphs);
    const { step, apply } = trainingGraphs(graphs, stage);
    for (const graph of [step, ...(apply === undefined ? [] : [apply])]) {
      const lean = optimize(graph, graphs.builder, portableTarget);
      const plan = schedule(lean, portableTarget);
      const program = emit(plan);
      expect(validateProgram(JSON.parse(JSON.stringify(program)))).toEqual(program);
      files["plan.txt"] += `${graph.name}\n${planText(plan)}\n`;
    }
  }
  for (const [name, text] of Object.entries(files)) {
    expect(text.length, name).toBeLessThan(longest);
    await expect(text).toMatchFileSnapshot(`${idea}/${name}`);
  }
});
