/** Kind `optim-schedule`: LAVIS's learning rates of every iteration, and its weight-decay groups. */
import { join } from "node:path";
import { type LearningRateSchedule, learningRate } from "../../../runtime/train/learning-rate.ts";
import { type GroupedParameter, parameterGroups } from "../../../runtime/train/parameter-groups.ts";
import { type Comparison, measured } from "../comparison.ts";
import { readTensors } from "../tensors.ts";

interface ScheduleEntry {
  readonly key: string;
  readonly scheduler: string;
  readonly args: Readonly<Record<string, number>>;
  readonly epochs: number;
  readonly iters_per_epoch: number;
  readonly lr_f64: readonly number[];
}

interface GroupEntry {
  readonly name: string;
  readonly freeze_vit: boolean;
  readonly lr_layer_decay: number;
  readonly vit: "eva" | "clip";
  readonly weight_decay: number;
  readonly groups: readonly {
    readonly weight_decay: number;
    readonly lr_scale: number;
    readonly names: readonly string[];
  }[];
  readonly frozen: readonly string[];
}

interface ScheduleCase {
  readonly tensors_file?: string;
  readonly schedules: readonly ScheduleEntry[];
  readonly param_groups: readonly GroupEntry[];
}

/** Relative bounds of the f64 lists and of the f32 tensors. */
const bounds = { double: 1e-12, single: 1e-6 };

/** Compares every schedule and every list of groups. */
export async function check(folder: string, c: unknown): Promise<readonly Comparison[]> {
  const reference = c as ScheduleCase;
  const tensors = readTensors(join(folder, reference.tensors_file ?? "tensors.safetensors"));
  const unused = new Set(tensors.keys());
  const lines: Comparison[] = [];
  for (const entry of reference.schedules) {
    unused.delete(entry.key);
    const rates = ratesOf(entry);
    const double = relativeError(rates, entry.lr_f64);
    const single = relativeError(rates, tensors.get(entry.key)!.data);
    lines.push(measured(`${entry.key}/lr_f64`, `${rates.length} rates`, double, bounds.double));
    lines.push(measured(entry.key, `${rates.length} rates, tensor`, single, bounds.single));
  }
  for (const entry of reference.param_groups) lines.push(...groupLines(entry));
  for (const name of unused) lines.push(measured(name, "a key nothing reads", 1, 0));
  return lines;
}

function scheduleOf({ scheduler, args }: ScheduleEntry): LearningRateSchedule {
  const number = (name: string, otherwise: number) => args[name] ?? otherwise;
  const warmUp = {
    rate: number("init_lr", Number.NaN),
    warmUpSteps: number("warmup_steps", 0),
    warmUpRate: number("warmup_start_lr", -1),
  };
  const minRate = number("min_lr", 0);
  switch (scheduler) {
    case "LinearWarmupCosineLRScheduler":
      return { name: "lavis_cosine", ...warmUp, minRate, epochs: number("max_epoch", Number.NaN) };
    case "LinearWarmupStepLRScheduler":
      return { name: "lavis_step", ...warmUp, minRate, factor: number("decay_rate", 1) };
    case "ConstantLRScheduler":
      return { name: "lavis_constant", ...warmUp };
    default:
      throw new Error(`unknown scheduler ${scheduler}`);
  }
}

function ratesOf(entry: ScheduleEntry): readonly number[] {
  const schedule = scheduleOf(entry);
  return Array.from({ length: entry.epochs * entry.iters_per_epoch }, (_, step) =>
    learningRate(schedule, {
      step,
      epoch: Math.floor(step / entry.iters_per_epoch),
      stepInEpoch: step % entry.iters_per_epoch,
    }),
  );
}

function relativeError(actual: readonly number[], expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  return Math.max(
    ...actual.map((rate, index) => {
      const wanted = expected[index]!;
      return rate === wanted ? 0 : Math.abs(rate - wanted) / Math.abs(wanted);
    }),
  );
}

function groupLines(entry: GroupEntry): readonly Comparison[] {
  const parameters: GroupedParameter[] = [
    ...entry.frozen.map((name) => ({ name, shape: shapeOf(name), isFrozen: true })),
    ...interleaved(entry.groups.map(({ names }) => names)).map((name) => ({
      name,
      shape: shapeOf(name),
    })),
  ];
  const actual = parameterGroups(parameters, {
    weightDecay: entry.weight_decay,
    layerDecay: entry.lr_layer_decay,
    vit: { flavor: entry.vit },
  });
  const names = (groups: readonly { readonly names: readonly string[] }[]) =>
    JSON.stringify(groups.map((group) => group.names));
  const decay = relativeError(
    actual.groups.map((group) => group.weightDecay),
    entry.groups.map((group) => group.weight_decay),
  );
  const scale = relativeError(
    actual.groups.map((group) => group.rateScale),
    entry.groups.map((group) => group.lr_scale),
  );
  const wrongNames = names(actual.groups) === names(entry.groups) ? 0 : 1;
  const wrongFrozen = JSON.stringify(actual.frozen) === JSON.stringify(entry.frozen) ? 0 : 1;
  const name = `param_groups/${entry.name}`;
  const note = "the case holds no shapes: dimensions are told from the names";
  return [
    measured(`${name}/groups.names`, `${entry.groups.length} groups`, wrongNames, 0, note),
    measured(`${name}/groups.weight_decay`, `${entry.groups.length} groups`, decay, 0),
    measured(`${name}/groups.lr_scale`, `${entry.groups.length} groups`, scale, bounds.double),
    measured(`${name}/frozen`, `${entry.frozen.length} names`, wrongFrozen, 0),
  ];
}

/** One of each list in turn: keeps the order within lists and the order of their first names. */
function interleaved(lists: readonly (readonly string[])[]): readonly string[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => (index < list.length ? [list[index]!] : [])),
  ).flat();
}

/** A shape with the right number of dimensions for a BLIP-2 parameter. */
function shapeOf(name: string): readonly number[] {
  if (name === "temp") return [];
  const oneDimensional = /bias$|(^|[._])class_embedding$|(LayerNorm|norm\d*|ln_\w+)\.weight$/.test(
    name,
  );
  return oneDimensional ? [8] : [8, 8];
}
