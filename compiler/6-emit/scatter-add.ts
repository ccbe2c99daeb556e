/** ScatterKernel → WGSL in two launches, without atomics: link equal indices in order, then walk the chain of each row. */

import type { ScatterKernel } from "../5-schedule/kernel.ts";
import { variable } from "../5-schedule/linear.ts";
import { elements } from "../ir/tensor-type.ts";
import { type EmitContext, emitted, type Launch } from "./launch.ts";
import { threadBuiltins, threads } from "./threads.ts";

export function emitScatter(kernel: ScatterKernel, context: EmitContext): readonly Launch[] {
  const rows = kernel.node.attributes.rows;
  const count = kernel.position.extent;
  const none = "0xffffffffu";
  const links = emitted(undefined, context, (text) => {
    const { shader } = text;
    const lines = variable(Math.max(rows, count, 2), false);
    const grid = threads(text, [lines], undefined, context.target);
    const head = context.bufferOf(kernel.head);
    const next = context.bufferOf(kernel.next);
    const indexAt = (name: string, at: string, then: () => void) =>
      text.block("", () => {
        text.define(kernel.position, at);
        const value = text.value(kernel.index).text;
        text.line(`${name} = u32(clamp(${value}, 0, i32(${shader.uniform(rows - 1)})));`);
        then();
      });
    text.line(`let count = ${shader.uniform(count)};`);
    text.line("var other = 0u;");
    text.block(`if (t < ${shader.uniform(rows)})`, () => {
      text.line(`var first = ${none};`);
      text.block("for (var j = 0u; j < count; j++)", () => {
        indexAt("other", "j", () => text.line("if (other == t) { first = j; }"));
        text.line("if (first != 0xffffffffu) { break; }");
      });
      text.line(shader.write(head, "u32", "t", "first"));
    });
    text.block("if (t < count)", () => {
      text.line("var own = 0u;");
      indexAt("own", "t", () => undefined);
      text.line(`var following = ${none};`);
      text.block("for (var j = t + 1u; j < count; j++)", () => {
        indexAt("other", "j", () => text.line("if (other == own) { following = j; }"));
        text.line("if (following != 0xffffffffu) { break; }");
      });
      text.line(shader.write(next, "u32", "t", "following"));
    });
    return {
      shader: shader.finish(grid.workgroup, threadBuiltins, text.lines()),
      grid: grid.count,
    };
  });
  const walk = emitted(undefined, context, (text) => {
    const { shader } = text;
    const row = variable(rows, false);
    const grid = threads(text, [row, ...kernel.within], undefined, context.target);
    const rowText = row.extent > 1 ? text.variableText(row) : "0u";
    text.line("var sum = 0.0;");
    text.line(`var j = ${shader.element(context.bufferOf(kernel.head), "u32", rowText)};`);
    text.block(`while (j != ${none})`, () => {
      text.define(kernel.position, "j");
      text.line(`sum += ${text.value(kernel.update).text};`);
      text.line(`j = ${shader.element(context.bufferOf(kernel.next), "u32", "j")};`);
    });
    const live = kernel.within.filter((v) => v.extent > 1);
    const position = live.reduce<{ text: string[]; stride: number }>(
      (state, _, i) => {
        const v = live[live.length - 1 - i]!;
        state.text.push(
          state.stride === 1
            ? text.variableText(v)
            : `${text.variableText(v)} * ${shader.uniform(state.stride)}`,
        );
        return { text: state.text, stride: state.stride * v.extent };
      },
      { text: [], stride: 1 },
    );
    const address = [`${rowText} * ${shader.uniform(kernel.run)}`, ...position.text].join(" + ");
    text.line(shader.write(context.bufferOf(kernel.node), "f32", address, "sum"));
    return {
      shader: shader.finish(grid.workgroup, threadBuiltins, text.lines()),
      grid: grid.count,
    };
  });
  return elements(kernel.node.type.shape) === 0 ? [] : [links, walk];
}
