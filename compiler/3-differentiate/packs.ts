/** Trained tensors and their gradients → packs, which an optimizer changes in one go each. */
import type { Builder } from "../ir/builder.ts";
import type { Node, NodeOf } from "../ir/node.ts";
import { packLayout } from "../ir/pack-layout.ts";
import { storageBytes } from "../ir/tensor-type.ts";

/** A trained tensor and what an optimizer must know of it. */
export interface Trained {
  readonly parameter: NodeOf<"parameter">;
  readonly gradient: Node;
  readonly weightDecay: number;
  readonly rateScale: number;
}

/** Bytes of a pack: what any adapter binds at once. */
const mostBytes = 134_217_728;

/** Tensors in order, those of equal settings together, as many a pack as fit; a larger tensor stays alone. */
export function packsOf(trained: readonly Trained[]): readonly (readonly Trained[])[] {
  const packs: Trained[][] = [];
  let bytes = 0;
  for (const each of [...bySettings(trained).values()].flat()) {
    const own = storageBytes({
      shape: [packLayout([each.parameter.type.shape]).size],
      dtype: "f32",
    });
    const last = packs.at(-1);
    if (last === undefined || bytes + own > mostBytes) packs.push([each]);
    else last.push(each);
    bytes = packs.at(-1)!.length === 1 ? own : bytes + own;
  }
  return packs;
}

function bySettings(trained: readonly Trained[]): ReadonlyMap<string, Trained[]> {
  const groups = new Map<string, Trained[]>();
  for (const each of trained) {
    const key = `${each.weightDecay},${each.rateScale}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [each]);
    else group.push(each);
  }
  return groups;
}

/**
 * A setting of every element of a pack: a number where all of `trained` agree, else a tensor. Packs of one run then do the
 * same arithmetic, whatever they hold.
 */
export function settingOf(
  b: Builder,
  pack: readonly Trained[],
  trained: readonly Trained[],
  setting: (each: Trained) => number,
): number | Node {
  const values = [...new Set([...bySettings(trained).values()].map(([first]) => setting(first!)))];
  if (values.length === 1) return values[0]!;
  const { starts, size } = packLayout(pack.map(({ parameter }) => parameter.type.shape));
  const groups = [...bySettings(trained).values()].map(([first]) => first!);
  const position = b.iota([size], 0);
  const isBefore = (group: number, each: Trained) =>
    groups.findIndex((other) => isAlike(other, each)) <= group;
  const full = (value: number) => b.broadcastTo(b.constant(value), [size]);
  return groups.slice(0, -1).reduceRight<Node>(
    (rest, group, i) => {
      const end = starts[pack.findIndex((each) => !isBefore(i, each))] ?? size;
      return b.select(b.less(position, end), full(setting(group)), rest);
    },
    full(setting(groups.at(-1)!)),
  );
}

function isAlike(first: Trained, second: Trained): boolean {
  return first.weightDecay === second.weightDecay && first.rateScale === second.rateScale;
}
