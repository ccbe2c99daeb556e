/** One case of the suite: read, said in ops, and compared. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Builder } from "../../../compiler/ir/builder.ts";
import type { Node } from "../../../compiler/ir/node.ts";
import { sameShape, typeText } from "../../../compiler/ir/tensor-type.ts";
import { rules } from "../../../compiler/ops/index.ts";
import { Call, Inexpressible } from "./call.ts";
import { operators } from "./operators/index.ts";
import { type OnnxTensor, readModel, readTensor } from "./protobuf.ts";

/** A case that ops can say. */
export interface OnnxCase {
  readonly name: string;
  readonly operator: string;
  readonly builder: Builder;
  readonly outputs: ReadonlyMap<string, Node>;
  readonly given: ReadonlyMap<string, readonly number[]>;
  readonly expected: ReadonlyMap<string, OnnxTensor>;
}

/** A case that ops cannot say, and why. */
export interface LeftOut {
  readonly name: string;
  readonly operator: string;
  readonly reason: string;
}

/** Reads `folder/name` and builds its graph. */
export function openCase(folder: string, name: string): OnnxCase | LeftOut {
  const model = readModel(readFileSync(join(folder, name, "model.onnx")));
  const { operator } = model;
  const data = join(folder, name, "test_data_set_0");
  const tensors = (kind: string, names: readonly string[]) =>
    new Map(
      names.flatMap((tensor, i) => {
        const file = join(data, `${kind}_${i}.pb`);
        return existsSync(file) ? [[tensor, readTensor(readFileSync(file))] as const] : [];
      }),
    );
  const make = operators.get(operator);
  if (make === undefined) return { name, operator, reason: "no ops for this operator" };
  try {
    const call = new Call(new Builder(rules), model, tensors("input", model.graphInputs));
    const made = make(call);
    const expected = tensors("output", model.graphOutputs);
    const outputs = new Map<string, Node>();
    for (const tensor of expected.keys()) {
      const node = made[model.outputs.indexOf(tensor)];
      if (node === undefined) throw new Inexpressible(`output ${tensor}`);
      outputs.set(tensor, node);
    }
    return { name, operator, builder: call.b, outputs, given: call.given, expected };
  } catch (error) {
    if (error instanceof Inexpressible) return { name, operator, reason: error.message };
    throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
  }
}

/** The first difference in words, or undefined. Floats: rtol 1e-3, atol 1e-7, as ONNX's own runner; the rest exact. */
export function difference(
  { outputs, expected }: OnnxCase,
  results: ReadonlyMap<string, ArrayLike<number>>,
): string | undefined {
  for (const [name, tensor] of expected) {
    const node = outputs.get(name)!;
    const type = tensor.type === "i64" ? "i32" : tensor.type;
    if (!sameShape(node.type.shape, tensor.shape) || node.type.dtype !== type)
      return `${name} is ${typeText(node.type)}, not ${tensor.type}[${tensor.shape}]`;
    const values = results.get(name)!;
    if (values.length !== tensor.data.length) return `${name} has ${values.length} elements`;
    for (const [i, wanted] of tensor.data.entries()) {
      if (!isClose(values[i]!, wanted, type === "f32"))
        return `${name}[${i}] is ${values[i]}, not ${wanted}`;
    }
  }
  return undefined;
}

function isClose(value: number, wanted: number, isFloat: boolean): boolean {
  if (Object.is(value, wanted) || value === wanted) return true;
  return isFloat && Math.abs(value - wanted) <= 1e-7 + 1e-3 * Math.abs(wanted);
}
