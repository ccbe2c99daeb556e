/** The table of ONNX operators that ops and layers of this project can say. */
import type { Operator } from "../call.ts";
import { elementwise } from "./elementwise.ts";
import { indexing } from "./indexing.ts";
import { layout } from "./layout.ts";
import { network } from "./network.ts";
import { products } from "./product.ts";
import { reduction } from "./reduction.ts";

export const operators: ReadonlyMap<string, Operator> = new Map(
  [elementwise, indexing, layout, network, products, reduction].flatMap((part) =>
    Object.entries(part),
  ),
);
