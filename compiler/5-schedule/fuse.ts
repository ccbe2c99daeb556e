/** Stored nodes → kernels: neighbors that share their loops become one. Greedy, in graph order. */

import type { Node, NodeOf } from "../ir/node.ts";
import { elements } from "../ir/tensor-type.ts";
import { isAttention, isOneKernel } from "./attention-view.ts";
import { bindingsOf } from "./blocks.ts";
import { NotFusible } from "./expression.ts";
import type { Group, Member, Realized } from "./group.ts";
import type { PlannedKernel, Store } from "./kernel.ts";
import { SplitNeeded } from "./linear.ts";
import { partsOf, type Write } from "./packs.ts";
import { isFold, realize, rowSpace } from "./realize.ts";
import { isSource, isSplat } from "./stored.ts";
import { Waiting } from "./waiting.ts";

interface Draft {
  readonly id: number;
  group: Group;
  /** The group with all its members written, where it was tried. */
  realized: Realized | undefined;
  reads: ReadonlySet<Node>;
  /** Rows: the loops; maps and products: the number of elements. */
  space: string;
  readonly rowCount: number;
  readonly isAgain: boolean;
}

/** Which kernels to try: `mostBuffers` bounds the bindings of one kernel. */
export interface FuseLimits {
  readonly mostBuffers: number;
  /** Bytes of one binding: a larger tensor may take several. */
  readonly mostBytes: number;
  /** Stored new values that are written to their parameter by a kernel of their own. */
  readonly apart: ReadonlySet<Node>;
  /** True where any kernel may write halves; else maps alone, which give both halves of a word to one thread. */
  readonly writesHalves: boolean;
  /** What is computed a second time, and all behind it: never in a kernel with the rest. */
  readonly again: ReadonlySet<Node>;
}

/** One kernel a group of stored nodes and of new parameter values, inputs before users. */
export function fuse(
  stored: readonly Node[],
  writes: readonly Write[],
  outputs: ReadonlySet<Node>,
  limits: FuseLimits,
): PlannedKernel[] {
  const isStoredNode = new Uint8Array(1 + stored.reduce((most, { id }) => Math.max(most, id), 0));
  for (const { id } of stored) isStoredNode[id] = 1;
  const isStored = ({ id }: Node) => isStoredNode[id] === 1;
  const homes = new Map<Node, Draft>();
  const drafts: Draft[] = [];
  const all = () => true;

  const fits = (group: Group): Realized | undefined => {
    try {
      const realized = realize(group, isStored, all);
      if (!limits.writesHalves && realized.kernel.kind !== "map" && writesHalf(group))
        return undefined;
      const writes = new Set(group.members.map((member) => member.to));
      const planned = { ...realized, writes, overwrites: new Set<Node>() };
      if (bindsTwice(realized.reads, writes)) return undefined;
      const bindings = bindingsOf(planned, limits.mostBytes);
      return bindings <= limits.mostBuffers ? realized : undefined;
    } catch (error) {
      if (error instanceof NotFusible || error instanceof SplitNeeded) return undefined;
      throw error;
    }
  };
  /** The kernels that fill what a node stands for. */
  const homesOf = (node: Node): readonly Draft[] =>
    [node, ...partsOf(node)].flatMap((each) => homes.get(each) ?? []);
  const waiting = new Waiting(stored.length + writes.length);
  const idsOf = (nodes: Iterable<Node>): ReadonlySet<number> => {
    const ids = new Set<number>();
    for (const node of nodes) for (const home of homesOf(node)) ids.add(home.id);
    return ids;
  };
  const join = (draft: Draft, group: Group, realized: Realized) => {
    draft.group = group;
    draft.realized = realized;
    draft.reads = new Set([...realized.reads].filter((node) => homes.get(node) !== draft));
    waiting.extend(draft.id, idsOf(draft.reads));
  };

  const isApart = ({ node, to }: Member, draft: Draft) =>
    to !== node && limits.apart.has(node) && homes.get(node) === draft;

  /** True when one of the others waits for the draft, so that it cannot wait for them. */
  const isBefore = (draft: Draft, others: Iterable<Draft>): boolean => {
    for (const other of others)
      if (other !== draft && waiting.isAfter(other.id, draft.id)) return true;
    return false;
  };

  const place = (member: Member) => {
    const alone = groupOf(member);
    const reads = readsOf(member, isStored);
    const dependencies = new Set<Draft>();
    for (const node of reads) for (const home of homesOf(node)) dependencies.add(home);
    const count = elements(member.node.type.shape);
    const space = spaceOf(member.node);
    const isAgain = limits.again.has(member.node);
    const candidates = [...dependencies, ...siblings(drafts, reads, dependencies, alone, space)]
      .filter(
        (draft) =>
          draft.isAgain === isAgain &&
          mayJoin(draft, alone, count, space) &&
          !isApart(member, draft),
      )
      .sort((a, b) => b.id - a.id);
    for (const draft of candidates) {
      if (isBefore(draft, dependencies)) continue;
      const kind = draft.group.kind === "map" && alone.kind === "rows" ? "rows" : draft.group.kind;
      const merged: Group = {
        kind,
        anchor: draft.group.anchor,
        members: [...draft.group.members, member],
      };
      const realized = fits(merged);
      if (realized === undefined) continue;
      join(draft, merged, realized);
      if (kind === "rows") draft.space = rowsKey(merged);
      if (member.to === member.node) homes.set(member.node, draft);
      return;
    }
    const draft: Draft = {
      id: drafts.length,
      group: alone,
      realized: undefined,
      reads,
      space,
      rowCount: alone.kind === "rows" ? count : -1,
      isAgain,
    };
    drafts.push(draft);
    waiting.add(idsOf(reads));
    if (member.to === member.node) homes.set(member.node, draft);
  };

  for (const node of stored) if (node.op !== "pack") place({ node, to: node });
  for (const { target, value } of writes) place({ node: value, to: target });

  return finish(drafts, isStored, outputs);
}

function writesHalf({ members }: Group): boolean {
  return members.some(({ node }) => node.type.dtype === "f16");
}

function finish(
  drafts: readonly Draft[],
  isStored: (node: Node) => boolean,
  outputs: ReadonlySet<Node>,
): PlannedKernel[] {
  const readElsewhere = new Map<Node, Set<Draft>>();
  for (const draft of drafts) {
    for (const node of [...draft.reads].flatMap((read) => [read, ...partsOf(read)])) {
      if (!readElsewhere.has(node)) readElsewhere.set(node, new Set());
      readElsewhere.get(node)!.add(draft);
    }
  }
  const shown = new Set([...outputs].flatMap((node) => [node, ...partsOf(node)]));
  return drafts.map((draft) => {
    const isNeeded = ({ node, to }: Member) =>
      to !== node ||
      shown.has(node) ||
      [...(readElsewhere.get(node) ?? [])].some((reader) => reader !== draft);
    const kept = draft.group.members.filter(isNeeded);
    const { kernel, reads } =
      draft.realized === undefined
        ? realize(draft.group, isStored, isNeeded)
        : withStoresOf(draft.realized, kept);
    return {
      kernel,
      reads,
      writes: new Set(kept.filter(({ node, to }) => node === to).map(({ node }) => node)),
      overwrites: new Set(kept.filter(({ node, to }) => node !== to).map(({ to }) => to)),
      label: labelOf(draft.group),
    };
  });
}

/** The kernel without the stores of members that nobody else reads: what they give, others of it still compute. */
function withStoresOf({ kernel, reads }: Realized, kept: readonly Member[]): Realized {
  const isKept = (store: Store) =>
    kept.some(({ node, to }) => node === store.node && to === store.to);
  switch (kernel.kind) {
    case "map":
    case "matmul":
      return { kernel: { ...kernel, stores: kernel.stores.filter(isKept) }, reads };
    case "attention": {
      const { columnStores, stores } = kernel;
      const left = { columnStores: columnStores.filter(isKept), stores: stores.filter(isKept) };
      return { kernel: { ...kernel, ...left }, reads };
    }
    case "rows": {
      const { rowStores, stores } = kernel;
      const left = { rowStores: rowStores.filter(isKept), stores: stores.filter(isKept) };
      return { kernel: { ...kernel, ...left }, reads };
    }
    case "scatter":
      return { kernel, reads };
  }
}

/** Buffers that a member alone reads: what lies beneath it, down to what is stored. */
function readsOf({ node, to }: Member, isStored: (node: Node) => boolean): ReadonlySet<Node> {
  const reads = new Set<Node>();
  const seen = new Set<Node>();
  const visit = (each: Node) => {
    if (seen.has(each)) return;
    seen.add(each);
    if (isStored(each) || (isSource(each) && !isSplat(each))) reads.add(each);
    else for (const input of each.inputs) if (elements(input.type.shape) > 0) visit(input);
  };
  if (to !== node) visit(node);
  else for (const input of node.inputs) visit(input);
  return reads;
}

function groupOf(member: Member): Group {
  const { node, to } = member;
  if (to !== node) return { kind: "map", anchor: undefined, members: [member] };
  switch (node.op) {
    case "matmul":
      return { kind: "matmul", anchor: node, members: [member] };
    case "attention":
    case "attentionGradient":
      return { kind: "attention", anchor: node, members: [member] };
    case "scatterAdd":
      return { kind: "scatter", anchor: node, members: [member] };
    case "reduce":
    case "argmax":
      return { kind: "rows", anchor: undefined, members: [member] };
    default:
      return { kind: "map", anchor: undefined, members: [member] };
  }
}

function spaceOf(node: Node): string {
  if (isFold(node)) {
    const { sizes, folded } = rowSpace(node);
    return `${sizes}/${folded.map(Number)}`;
  }
  return "";
}

function rowsKey(group: Group): string {
  const fold = group.members.find(({ node }) => isFold(node))!;
  return spaceOf(fold.node);
}

function wholeCount(draft: Draft): number {
  if (draft.group.kind !== "rows") return elements(draft.group.members[0]!.node.type.shape);
  return elementsOf(draft.space);
}

/** How many elements a space of rows has. */
function elementsOf(space: string): number {
  const sizes = space.split("/")[0]!.split(",");
  return sizes.reduce((product, size) => product * Number(size || 1), 1);
}

/** True when a kernel would be bound to a pack, and to a part of it, and write one of them. */
function bindsTwice(reads: ReadonlySet<Node>, writes: ReadonlySet<Node>): boolean {
  const isPartOf = (part: Node, whole: ReadonlySet<Node>) =>
    [...whole].some((node) => partsOf(node).includes(part));
  return (
    [...writes].some((node) => isPartOf(node, reads)) ||
    [...reads].some((node) => isPartOf(node, writes))
  );
}

const isState = (node: Node) => node.op === "parameter" || node.op === "pack";

/** A quick look before a group is tried in earnest. */
function mayJoin(draft: Draft, alone: Group, count: number, space: string): boolean {
  if (draft.group.kind === "scatter" || alone.kind === "matmul" || alone.kind === "scatter")
    return false;
  if (alone.anchor !== undefined && isAttention(alone.anchor))
    return draft.group.kind === "attention" && isOneKernel(draft.group.anchor!, alone.anchor);
  const isSink = alone.members.some(({ node, to }) => node !== to);
  const holdsSink = draft.group.members.some(({ node, to }) => node !== to);
  // A kernel that overwrites waits for all readers, so nothing else may wait for it.
  if (holdsSink !== isSink) return false;
  if (alone.kind === "rows") {
    if (draft.group.kind === "rows") return draft.space === space;
    return (
      draft.group.kind === "map" &&
      wholeCount(draft) ===
        elements((alone.members[0]!.node as NodeOf<"reduce">).inputs[0].type.shape)
    );
  }
  if (draft.group.kind === "rows") {
    return wholeCount(draft) === count || (draft.rowCount === count && count > 1);
  }
  return wholeCount(draft) === count;
}

/** Kernels that read the same buffers over the same elements: folds of one space, new values of one parameter. */
function siblings(
  drafts: readonly Draft[],
  reads: ReadonlySet<Node>,
  dependencies: ReadonlySet<Draft>,
  alone: Group,
  space: string,
): Draft[] {
  if (alone.kind === "attention")
    return drafts.filter((draft) => draft.group.kind === "attention" && !dependencies.has(draft));
  const isSink = alone.members.some(({ node, to }) => node !== to);
  if (!isSink && alone.kind !== "rows") return [];
  const found: Draft[] = [];
  for (let i = drafts.length - 1; i >= 0 && drafts.length - i < 64; i--) {
    const draft = drafts[i]!;
    if (dependencies.has(draft) || (alone.kind === "rows" && draft.space !== space)) continue;
    if (isSink && !draft.group.members.some(({ node, to }) => node !== to)) continue;
    const isShared = isSink
      ? [...draft.reads].some((node) => reads.has(node) && isState(node))
      : readsNoMore(reads, draft.reads, space) || readsNoMore(draft.reads, reads, space);
    if (isShared) found.push(draft);
  }
  return found;
}

/** True when all of the folded tensors that one kernel reads are read by the other too. */
function readsNoMore(own: ReadonlySet<Node>, others: ReadonlySet<Node>, space: string): boolean {
  const most = elementsOf(space);
  const large = [...own].filter((node) => 2 * elements(node.type.shape) >= most);
  return large.length > 0 && large.every((node) => others.has(node));
}

function labelOf(group: Group): string {
  const { node } =
    group.members.find((member) => member.node.origin.path !== "") ?? group.members[0]!;
  const { path, at } = node.origin;
  const name = group.anchor?.op ?? (group.kind === "rows" ? "fold" : node.op);
  return `${name}${path === "" ? "" : ` ${path}`}${at === undefined ? "" : ` (${at})`}`;
}
