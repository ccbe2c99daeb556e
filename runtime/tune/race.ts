/** Programs that should compute the same → which of them does it fastest, in the bits of the first. */
import type { Program } from "../../compiler/program.ts";
import { ProgramRefused } from "../device/errors.ts";
import type { Device } from "../device/open-device.ts";
import { type Executable, prepare } from "../execute/executable.ts";
import { DeviceMemory } from "../execute/memory.ts";
import { medianRatio, verdictOf } from "./verdict.ts";

/** How a race went. */
export interface Race {
  /** Programs that were compared and timed, the first among them. */
  readonly tiles: number;
  /** Programs that gave other bits than the first, or that the device refused. */
  readonly refused: number;
  readonly rounds: number;
  /** Milliseconds of a run of the first and of the winner. */
  readonly standard: number;
  readonly best: number;
  /** Index of the winner among the programs; 0 unless another one is surely faster. */
  readonly winner: number;
}

/** A sample takes at least so many milliseconds, so that the clock and the submission do not count. */
const leastSample = 5;
/** Rounds that decide. */
const rounds = 9;
/** After two rounds, programs whose better time is more than this share of the first's are out. */
const hopeless = 1.03;

interface Contender {
  readonly index: number;
  readonly executable: Executable;
}

/**
 * Fills the state with numbers, compares and times all programs, or as many as there is time for until `deadline` by the clock
 * (`now`, in milliseconds). They have the same state, no inputs, and f32 outputs.
 * @throws `DeviceLost`, `OutOfMemory`, and `ProgramRefused` for the first program
 */
export async function race(
  device: Device,
  programs: readonly Program[],
  deadline: number,
  now: () => number,
): Promise<Race> {
  const memory = new DeviceMemory(device);
  const contenders: Contender[] = [];
  let refused = 0;
  try {
    await fill(memory, programs[0]!);
    let expected: readonly ArrayLike<number>[] | undefined;
    for (const [index, program] of programs.entries()) {
      if (expected !== undefined && now() >= deadline) break;
      const executable = await prepared(device, program, memory, expected !== undefined);
      if (executable === undefined) {
        refused += 1;
        continue;
      }
      const found = Object.values(await executable.run({}));
      expected ??= found;
      if (areEqual(found, expected)) contenders.push({ index, executable });
      else {
        refused += 1;
        executable.destroy();
      }
    }
    return { ...(await raced(contenders, now)), refused };
  } finally {
    for (const { executable } of contenders) executable.destroy();
    await memory.destroy();
  }
}

/** Undefined where the device refuses the program and may do so. */
async function prepared(
  device: Device,
  program: Program,
  memory: DeviceMemory,
  mayFail: boolean,
): Promise<Executable | undefined> {
  try {
    return await prepare(device, program, memory);
  } catch (thrown) {
    if (mayFail && thrown instanceof ProgramRefused) return undefined;
    throw thrown;
  }
}

/** Numbers in [-1, 1) whose products round in every bit. */
async function fill(memory: DeviceMemory, program: Program): Promise<void> {
  memory.announce([program]);
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  for (const { name, shape } of program.state) {
    const count = shape.reduce((product, size) => product * size, 1);
    const values = Float32Array.from({ length: count }, next);
    await memory.uploadFloats(name, values);
  }
}

function areEqual(
  found: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
): boolean {
  return found.every((values, output) => {
    const others = expected[output]!;
    for (let i = 0; i < others.length; i++) if (values[i] !== others[i]) return false;
    return true;
  });
}

/** Interleaved rounds: in each of them every contender has its turn. */
async function raced(all: readonly Contender[], now: () => number): Promise<Omit<Race, "refused">> {
  const first = await sample(all[0]!, 1, now);
  const times = Math.max(1, Math.ceil(leastSample / first));
  const screening = [await round(all, times, now), await round(all, times, now)];
  const better = (index: number) => Math.min(...screening.map((each) => each[index]!));
  const hopeful = all.filter((_, index) => better(index) <= hopeless * better(0));
  const found: (readonly number[])[] = [];
  while (found.length < (hopeful.length === 1 ? 1 : rounds))
    found.push(await round(hopeful, times, now));
  const { medians, best } = verdictOf(found);
  return {
    tiles: all.length,
    rounds: found.length,
    standard: medians[0]!,
    best: medians[0]! * medianRatio(found, best),
    winner: hopeful[best]!.index,
  };
}

async function round(
  contenders: readonly Contender[],
  times: number,
  now: () => number,
): Promise<readonly number[]> {
  const found: number[] = [];
  for (const contender of contenders) found.push(await sample(contender, times, now));
  return found;
}

/** Milliseconds of one run, out of so many in a row. */
async function sample(
  { executable }: Contender,
  times: number,
  now: () => number,
): Promise<number> {
  const start = now();
  const sent = Array.from({ length: times }, () => executable.submit({}, { read: [] }).outputs);
  await Promise.all(sent);
  return (now() - start) / times;
}
