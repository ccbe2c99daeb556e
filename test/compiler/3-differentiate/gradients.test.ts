/** Gradients as graphs: what is made, what is left out. */
import { describe, expect, test } from "vitest";
import { gradients } from "../../../compiler/3-differentiate/gradients.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { printNodes } from "../../../compiler/ir/print.ts";
import { rules } from "../../../compiler/ops/index.ts";

const builder = () => new Builder(rules);

/** The gradients of `loss` by `targets`, printed; `none` where no path leads there. */
function printed(b: Builder, loss: Node, targets: Readonly<Record<string, Node>>): string {
  const found = gradients(b, rules, loss, Object.values(targets));
  const names = Object.keys(targets);
  const made = names.flatMap((name, i) => {
    const gradient = found[i];
    return gradient ? [[`d ${name}`, gradient] as const] : [];
  });
  const none = names.filter((_, i) => !found[i]).map((name) => `d ${name} = none\n`);
  return `\n${printNodes(new Map(made))}${none.join("")}`;
}

describe("gradients", () => {
  test("of a sum of squares is twice the value, by adding the two uses", () => {
    const b = builder();
    const x = b.parameter("x", [3]);
    expect(printed(b, b.sum(b.mul(x, x), [0]), { x })).toMatchInlineSnapshot(`
      "
      %0: f32[3] = parameter(path=x, init={"kind":"zeros"})
      %1: f32[] = constant(data=[1])
      %2: f32[1] = reshape(%1)  # '
      %3: f32[3] = broadcast(%2)  # '
      %4: f32[3] = mul(%3, %0)  # '
      %5: f32[3] = add(%4, %4)
      d x = %5
      "
    `);
  });

  test("of a product are the products with the other operand turned", () => {
    const b = builder();
    const [x, w] = [b.input("x", [4, 3]), b.parameter("w", [3, 2])];
    expect(printed(b, b.sum(b.matmul(x, w), [0, 1]), { w })).toMatchInlineSnapshot(`
      "
      %0: f32[4,3] = input(name=x)
      %1: f32[] = constant(data=[1])
      %2: f32[1,1] = reshape(%1)  # '
      %3: f32[4,2] = broadcast(%2)  # '
      %4: f32[3,4] = transpose(%0, permutation=[1 0])  # '
      %5: f32[3,2] = matmul(%4, %3)  # '
      d w = %5
      "
    `);
  });

  test("of rounding to f16 and back pass as they are", () => {
    const b = builder();
    const [x, y] = [b.parameter("x", [3]), b.input("y", [3])];
    const rounded = b.cast(b.cast(x, "f16"), "f32");
    expect(printed(b, b.sum(b.mul(rounded, y), [0]), { x })).toMatchInlineSnapshot(`
      "
      %0: f32[3] = input(name=y)
      %1: f32[] = constant(data=[1])
      %2: f32[1] = reshape(%1)  # '
      %3: f32[3] = broadcast(%2)  # '
      %4: f32[3] = mul(%3, %0)  # '
      %5: f16[3] = cast(%4)  # '
      %6: f32[3] = cast(%5)  # '
      d x = %6
      "
    `);
  });

  test("of a broadcast is a fold over what was repeated", () => {
    const b = builder();
    const [x, bias] = [b.input("x", [4, 3]), b.parameter("bias", [3])];
    expect(printed(b, b.sum(b.exp(b.add(x, bias)), [0, 1]), { bias })).toMatchInlineSnapshot(`
      "
      %0: f32[4,3] = input(name=x)
      %1: f32[3] = parameter(path=bias, init={"kind":"zeros"})
      %2: f32[1,3] = reshape(%1)
      %3: f32[4,3] = broadcast(%2)
      %4: f32[4,3] = add(%0, %3)
      %5: f32[4,3] = exp(%4)
      %6: f32[] = constant(data=[1])
      %7: f32[1,1] = reshape(%6)  # '
      %8: f32[4,3] = broadcast(%7)  # '
      %9: f32[4,3] = mul(%8, %5)  # '
      %10: f32[3] = reduce(%9, kind=sum, axes=[0])  # '
      %11: f32[1,3] = reshape(%10)  # '
      %12: f32[3] = reshape(%11)  # '
      d bias = %12
      "
    `);
  });

  test("of rows of a table are added by row", () => {
    const b = builder();
    const table = b.parameter("table", [5, 2]);
    const rows = b.gather(table, b.input("ids", [3], "i32"));
    expect(printed(b, b.sum(b.mul(rows, rows), [0, 1]), { table })).toMatchInlineSnapshot(`
      "
      %0: f32[5,2] = parameter(path=table, init={"kind":"zeros"})
      %1: i32[3] = input(name=ids)
      %2: f32[3,2] = gather(%0, %1)
      %3: f32[] = constant(data=[1])
      %4: f32[1,1] = reshape(%3)  # '
      %5: f32[3,2] = broadcast(%4)  # '
      %6: f32[3,2] = mul(%5, %2)  # '
      %7: f32[3,2] = add(%6, %6)
      %8: f32[5,2] = scatterAdd(%1, %7, rows=5)  # '
      d table = %8
      "
    `);
  });

  test("are not made where no path leads to the loss, nor through stopGradient", () => {
    const b = builder();
    const [x, y, z] = [b.parameter("x", []), b.parameter("y", []), b.parameter("z", [])];
    const loss = b.mul(x, b.stopGradient(b.exp(y)));
    expect(printed(b, loss, { x, y, z })).toMatchInlineSnapshot(`
      "
      %0: f32[] = parameter(path=y, init={"kind":"zeros"})
      %1: f32[] = exp(%0)
      %2: f32[] = stopGradient(%1)
      %3: f32[] = constant(data=[1])
      %4: f32[] = mul(%3, %2)  # '
      d x = %4
      d y = none
      d z = none
      "
    `);
  });

  test("stop before a frozen operand: nothing is computed for it alone", () => {
    const b = builder();
    const [frozen, trained] = [b.parameter("frozen", [3, 3]), b.parameter("trained", [2, 3])];
    const loss = b.sum(b.matmul(trained, frozen), [0, 1]);
    expect(printed(b, loss, { trained })).toMatchInlineSnapshot(`
      "
      %0: f32[3,3] = parameter(path=frozen, init={"kind":"zeros"})
      %1: f32[] = constant(data=[1])
      %2: f32[1,1] = reshape(%1)  # '
      %3: f32[2,3] = broadcast(%2)  # '
      %4: f32[3,3] = transpose(%0, permutation=[1 0])  # '
      %5: f32[2,3] = matmul(%3, %4)  # '
      d trained = %5
      "
    `);
  });

  test("carry the place of what they belong to, with a prime", () => {
    const b = builder();
    const x = b.parameter("x", [2]);
    const loss = b.within({ path: "head" }, () => b.sum(b.exp(x), [0]));
    expect(printed(b, loss, { x })).toMatchInlineSnapshot(`
      "
      %0: f32[2] = parameter(path=x, init={"kind":"zeros"})
      %1: f32[2] = exp(%0)  # head
      %2: f32[] = constant(data=[1])
      %3: f32[1] = reshape(%2)  # head'
      %4: f32[2] = broadcast(%3)  # head'
      %5: f32[2] = mul(%4, %1)  # head'
      d x = %5
      "
    `);
  });

  test("refuse a loss that is no scalar, unless its adjoint is given", () => {
    const b = builder();
    const x = b.parameter("x", [2]);
    expect(() => gradients(b, rules, b.exp(x), [x])).toThrow("a loss is a scalar, not [2]");
    expect(gradients(b, rules, b.neg(x), [x], b.input("seed", [2]))[0]?.op).toBe("neg");
  });

  test("of an input that is the loss is 1", () => {
    const b = builder();
    const x = b.parameter("x", []);
    expect(printed(b, x, { x })).toMatchInlineSnapshot(`
      "
      %0: f32[] = constant(data=[1])
      d x = %0
      "
    `);
  });
});
