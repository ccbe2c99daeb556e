/** Attention, its gradient and what stands behind them → one kernel. */
import type { Node } from "../ir/node.ts";
import { elements } from "../ir/tensor-type.ts";
import { addressAbove, pathDown } from "./address-above.ts";
import { attentionView, isAttention } from "./attention-view.ts";
import { Lowering, NotFusible } from "./expression.ts";
import type { Group, Member, Realized } from "./group.ts";
import type { Store } from "./kernel.ts";
import type { Linear } from "./linear.ts";

/** Throws `NotFusible` when a member follows from none of the results. */
export function realizeAttention(
  group: Group,
  isStored: (node: Node) => boolean,
  isNeeded: (member: Member) => boolean,
): Realized {
  const results = group.members.map(({ node }) => node).filter(isAttention);
  const view = attentionView(results[0]!, isStored);
  const { batch, column, width, scores } = view;
  const own = new Map<Node, { address: Linear; atHand: boolean }>();
  for (const node of results) own.set(node, { address: view.address(node), atHand: true });
  const ofColumns = new Set<Node>(results.filter(isLogSum));
  for (const { node } of group.members) {
    if (own.has(node)) continue;
    const below = results.find(
      (each) => pathDown(node, each, elements(each.type.shape)) !== undefined,
    );
    if (below === undefined) throw new NotFusible();
    own.set(node, { address: addressAbove(node, below, own.get(below)!.address), atHand: false });
    if (isLogSum(below)) ofColumns.add(node);
  }
  const lowering = new Lowering({ isStored, own: (node) => own.get(node) });
  const [, , , bias, visible] = results[0]!.inputs;
  const stores = group.members.filter(isNeeded).map(({ node, to }): Store => {
    const { address, atHand } = own.get(node)!;
    return {
      node,
      to,
      address,
      value: atHand ? { kind: "local", node } : lowering.value(node, address),
    };
  });
  return {
    kernel: {
      kind: "attention",
      pass: view.pass,
      batch,
      column,
      row: view.row,
      width,
      scale: results[0]!.attributes.scale,
      operands: view.operands,
      bias: lowering.value(bias, scores),
      visible: lowering.value(visible, scores),
      results,
      stores: stores.filter(({ node }) => !ofColumns.has(node)),
      columnStores: stores.filter(({ node }) => ofColumns.has(node)),
    },
    reads: new Set([
      ...Object.values(view.operands).map(({ source }) => source),
      ...lowering.loads,
    ]),
  };
}

const isLogSum = (node: Node): boolean =>
  node.op === "attention" && node.attributes.gives === "logSum";
