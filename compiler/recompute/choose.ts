/**
 * Plan, bytes -> tensors that are forgotten after the forward pass and computed again where the backward pass needs them,
 * cheapest first: fewest operations for each byte that they free at the fullest moment. Chen et al. 2016, arXiv:1604.06174.
 */
import type { Plan } from "../5-schedule/plan.ts";
import type { Node } from "../ir/node.ts";
import { operationsOf } from "../ir/operations.ts";
import { type LiveRange, liveBytes, liveRanges } from "./live-ranges.ts";

/** What is computed again. */
export interface Choice {
  /** Tensors that are forgotten, and the kernel from which on their second computation is read. */
  readonly from: ReadonlyMap<Node, number>;
  /** All nodes that are computed a second time: those tensors, and what leads to them and is no longer there. */
  readonly again: ReadonlySet<Node>;
  /** Bytes in use at the fullest moment, were no room lost between tensors. */
  readonly peak: number;
}

interface Candidate {
  readonly range: LiveRange;
  /** Last use before the longest time without one, and the first use after it. */
  readonly before: number;
  readonly after: number;
}

interface Chosen {
  readonly candidate: Candidate;
  to: number;
  /** Stored tensors that its second computation reads. */
  readonly reads: ReadonlySet<Node>;
}

/** What it takes to compute a tensor again. */
interface Closure {
  readonly to: number;
  readonly nodes: readonly Node[];
  readonly reads: ReadonlySet<Node>;
  readonly operations: number;
}

/** Chooses until `budget` bytes are enough, or as long as it helps. */
export function chooseAgain(plan: Plan, budget: number): Choice {
  const { choice, least } = new Chooser(plan).chooseFor(budget);
  return least < choice.peak ? new Chooser(plan).chooseFor(least).choice : choice;
}

/** Tensors of a smaller share of the fullest moment are not worth a kernel. */
const leastShare = 2 ** -14;

/** A tensor that would be gone is kept for a second computation, for up to this share of the time that the other is freed. */
const longestWait = 1 / 8;

class Chooser {
  readonly #ranges: ReadonlyMap<Node, LiveRange>;
  readonly #live: Float64Array;
  readonly #candidates: Set<Candidate>;
  readonly #chosen = new Map<Node, Chosen>();
  readonly #again = new Set<Node>();
  /** First second computation that reads a tensor. */
  readonly #readAt = new Map<Node, number>();
  /** Last use of tensors that second computations read later than anybody did before. */
  readonly #ends = new Map<Node, number>();
  /** What the candidates would take, as long as nothing of it was chosen. */
  readonly #closures = new Map<Candidate, Closure>();
  /** Candidates whose closure holds a node. */
  readonly #closuresWith = new Map<Node, Set<Candidate>>();

  constructor(plan: Plan) {
    this.#ranges = liveRanges(plan);
    this.#live = liveBytes(this.#ranges.values(), plan.kernels.length);
    const worth = this.#live[this.#fullest()]! * leastShare;
    const large = [...this.#ranges.values()].filter(
      ({ node, bytes }) => bytes >= worth && node.op !== "pack",
    );
    this.#candidates = new Set(acrossTurn(large.flatMap(candidate), plan.kernels.length));
  }

  /** `least` is the lowest peak on the way, which later choices may have raised. */
  chooseFor(budget: number): { readonly choice: Choice; readonly least: number } {
    let at = this.#fullest();
    let least = this.#live[at] ?? 0;
    while (this.#live[at]! > budget) {
      const best = this.#cheapest(at);
      if (best === undefined) break;
      this.#choose(best);
      at = this.#fullest();
      least = Math.min(least, this.#live[at]!);
    }
    const from = new Map([...this.#chosen].map(([node, { to }]) => [node, to]));
    return { choice: { from, again: this.#again, peak: this.#live[at] ?? 0 }, least };
  }

  #fullest(): number {
    return this.#live.indexOf(Math.max(...this.#live));
  }

  /** Where the second computation of a candidate is first read. */
  #toOf({ range, after }: Candidate): number {
    return Math.min(after, this.#readAt.get(range.node) ?? Number.POSITIVE_INFINITY);
  }

  #cheapest(at: number): Candidate | undefined {
    let best: Candidate | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const each of this.#candidates) {
      const to = this.#toOf(each);
      if (each.before >= at || to <= at) continue;
      const { operations, reads } = this.#closureOf(each, to);
      const freed = shareOf(each, each.before, to) - this.#lost(reads, to);
      // With nothing to start from there is nothing that tells the second computation from the first.
      if (freed <= 0 || reads.size === 0) continue;
      const price = operations / freed;
      if (price >= least) continue;
      least = price;
      best = each;
    }
    return best;
  }

  /** Bytes that stand for longer because second computations that were chosen before must be there by kernel `to`. */
  #lost(reads: ReadonlySet<Node>, to: number): number {
    const moved = new Set<Chosen>();
    const visit = (nodes: ReadonlySet<Node>): void => {
      for (const node of nodes) {
        const chosen = this.#chosen.get(node);
        if (chosen === undefined || chosen.to <= to || moved.has(chosen)) continue;
        moved.add(chosen);
        visit(chosen.reads);
      }
    };
    visit(reads);
    return [...moved].reduce((sum, each) => sum + shareOf(each.candidate, to, each.to), 0);
  }

  #closureOf(candidate: Candidate, to: number): Closure {
    const known = this.#closures.get(candidate);
    if (known?.to === to) return known;
    const found = this.#closure(candidate, to);
    this.#closures.set(candidate, found);
    for (const node of found.nodes) {
      const holders = this.#closuresWith.get(node) ?? new Set();
      this.#closuresWith.set(node, holders.add(candidate));
    }
    return found;
  }

  /** Down to what is there at kernel `to`, or is computed again already. */
  #closure({ range: { node }, before, after }: Candidate, to: number): Closure {
    const mayWait = (after - before) * longestWait;
    const nodes: Node[] = [];
    const reads = new Set<Node>();
    const seen = new Set<Node>([node]);
    const stack = [node];
    let operations = 0;
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (!this.#again.has(next)) {
        nodes.push(next);
        operations += operationsOf(next);
      }
      for (const input of next.inputs) {
        if (seen.has(input)) continue;
        seen.add(input);
        if (input.op === "input" || input.op === "parameter") reads.add(input);
        else if (this.#chosen.has(input)) reads.add(input);
        else if (this.#again.has(input)) stack.push(input);
        else if (to - this.#endOf(input) <= mayWait) reads.add(input);
        else stack.push(input);
      }
    }
    return { to, nodes, reads, operations };
  }

  #choose(candidate: Candidate): void {
    const { range, before } = candidate;
    const to = this.#toOf(candidate);
    const { nodes, reads } = this.#closureOf(candidate, to);
    for (let at = before + 1; at < to; at++) this.#live[at]! -= range.bytes;
    for (const node of nodes) {
      this.#again.add(node);
      for (const each of this.#closuresWith.get(node) ?? []) this.#closures.delete(each);
      this.#closuresWith.delete(node);
    }
    this.#chosen.set(range.node, { candidate, to, reads });
    this.#candidates.delete(candidate);
    for (const node of reads) this.#readFrom(node, to);
  }

  /** Last kernel that reads a stored tensor. */
  #endOf(node: Node): number {
    return this.#ends.get(node) ?? this.#ranges.get(node)?.uses.at(-1) ?? Number.NEGATIVE_INFINITY;
  }

  /** A second computation at `to` reads `node`: if that is computed again too, it must be there by then. */
  #readFrom(node: Node, to: number): void {
    this.#readAt.set(node, Math.min(to, this.#readAt.get(node) ?? to));
    const chosen = this.#chosen.get(node);
    if (chosen === undefined) this.#keepUntil(node, to);
    if (chosen === undefined || chosen.to <= to) return;
    for (let at = to; at < chosen.to; at++) this.#live[at]! += chosen.candidate.range.bytes;
    chosen.to = to;
    for (const each of chosen.reads) this.#readFrom(each, to);
  }

  #keepUntil(node: Node, to: number): void {
    const range = this.#ranges.get(node);
    if (range === undefined || this.#endOf(node) >= to) return;
    for (let at = this.#endOf(node) + 1; at <= to; at++) this.#live[at]! += range.bytes;
    this.#ends.set(node, to);
  }
}

/** Bytes, as far as they are freed from kernel `from` to kernel `to` of the time in which nobody reads the tensor. */
function shareOf({ range, before, after }: Candidate, from: number, to: number): number {
  return (range.bytes * (to - from)) / (after - before);
}

/** Those that wait at the moment at which most bytes wait: where the forward pass ends. */
function acrossTurn(candidates: readonly Candidate[], count: number): readonly Candidate[] {
  const waits = candidates.map(({ range, before, after }) => ({
    ...range,
    uses: [before + 1, after - 1],
  }));
  const waiting = liveBytes(waits, count);
  const turn = waiting.indexOf(Math.max(...waiting));
  return candidates.filter(({ before, after }) => before < turn && turn < after);
}

/** The longest time in which a tensor waits unread, if it waits at all. */
function candidate(range: LiveRange): readonly Candidate[] {
  let best = 0;
  for (let i = 1; i + 1 < range.uses.length; i++)
    if (range.uses[i + 1]! - range.uses[i]! > range.uses[best + 1]! - range.uses[best]!) best = i;
  const [before, after] = [range.uses[best], range.uses[best + 1]];
  if (before === undefined || after === undefined || after - before < 2) return [];
  return [{ range, before, after }];
}
