/** A prepared program, run step by step: one encoder, one pass and one submission a step. */
import type { Program, TensorSlot } from "../../compiler/program.ts";
import { invariant, OutOfMemory, ProgramRefused } from "../device/errors.ts";
import type { Device } from "../device/open-device.ts";
import { type Allocation, bytesAllocated } from "./allocate.ts";
import { bytesOf } from "./check-program.ts";
import { checkInputs, deviceBytes, type HostTensors, hostTensor } from "./host-tensors.ts";
import type { DeviceMemory } from "./memory.ts";
import {
  encodeLaunches,
  type PreparedProgram,
  type PrepareOptions,
  prepareProgram,
} from "./prepare.ts";
import { encodeCopies, layOut, type Range, StagingRing } from "./staging.ts";

/** What to bring back from a run. */
export interface RunOptions {
  /** Names of outputs; all when absent, none when empty. */
  readonly read?: readonly string[];
}

/** A step under way. */
export interface Submission {
  /**
   * The outputs that were asked for, once the step is done.
   * Rejects with `DeviceLost`, `ProgramRefused` or `OutOfMemory`. A failure that nobody reads is thrown by the next step.
   */
  readonly outputs: Promise<HostTensors>;
}

/** A program ready to run. */
export interface Executable {
  readonly program: Program;
  /** Device bytes by kind; equal to `program.memory`. */
  readonly bytes: Program["memory"];
  readonly prepared: PreparedProgram;
  /**
   * Writes the inputs and sends one step off without waiting: step n + 1 can be sent while the outputs of step n are
   * still to come. Steps run in the order in which they are sent.
   * @throws `InvariantError` naming the input that is missing, unknown or of another type or length; `DeviceLost`
   */
  submit(inputs: HostTensors, options?: RunOptions): Submission;
  /** Resolves when the outputs of one more run have a buffer of the program to go to: then sending it takes no more memory. */
  whenFree(): Promise<void>;
  /** One step from inputs to outputs. */
  run(inputs: HostTensors, options?: RunOptions): Promise<HostTensors>;
  /** Frees input, constant, scratch and output buffers; state stays in the memory. */
  destroy(): void;
}

/**
 * Makes a program ready to run on a device with its state in `memory`.
 * @throws what `prepareProgram` throws
 */
export async function prepare(
  device: Device,
  program: Program,
  memory: DeviceMemory,
  options?: PrepareOptions,
): Promise<Executable> {
  return new PreparedExecutable(await prepareProgram(device, program, memory, options));
}

/** Writes the inputs of a program, which were checked, into their buffers. */
export function writeInputs(prepared: PreparedProgram, inputs: HostTensors): void {
  const { program, buffers, device } = prepared;
  for (const { name, buffer, type } of program.inputs) {
    const tensor = inputs[name];
    const target = buffers[buffer];
    if (tensor === undefined || target === undefined || tensor.length === 0) continue;
    device.gpu.queue.writeBuffer(target.buffer, target.offset, deviceBytes(tensor, type));
  }
}

class PreparedExecutable implements Executable {
  readonly prepared: PreparedProgram;
  private readonly ring: StagingRing;
  private isDestroyed = false;
  private unreadFailure: unknown;

  constructor(prepared: PreparedProgram) {
    this.prepared = prepared;
    this.ring = new StagingRing(prepared.device, prepared.program.name, prepared.readbacks);
  }

  get program(): Program {
    return this.prepared.program;
  }

  get bytes(): Program["memory"] {
    return this.prepared.bytes;
  }

  whenFree(): Promise<void> {
    return this.ring.whenFree();
  }

  async run(inputs: HostTensors, options?: RunOptions): Promise<HostTensors> {
    return this.submit(inputs, options).outputs;
  }

  submit(inputs: HostTensors, options: RunOptions = {}): Submission {
    const { device } = this.prepared;
    invariant(!this.isDestroyed, `program "${this.program.name}" was destroyed`);
    this.throwUnread();
    checkInputs(this.program.inputs, inputs);
    const slots = this.wanted(options.read);
    const ranges = slots.map((slot): Range => {
      const place = this.prepared.buffers[slot.buffer];
      invariant(place !== undefined, `output "${slot.name}" has no buffer`);
      const offset = place.offset + (slot.offset ?? 0);
      return { buffer: place.buffer, offset, bytes: bytesOf(slot.shape, slot.type) };
    });
    if (device.loss !== undefined) throw device.loss;
    const { staging, verdict } = this.send(inputs, ranges);
    return this.tracked(this.collect(slots, ranges, staging, verdict));
  }

  destroy(): void {
    if (this.isDestroyed) return;
    this.isDestroyed = true;
    this.ring.destroy();
    this.prepared.destroy();
  }

  private throwUnread(): void {
    const failure = this.unreadFailure;
    this.unreadFailure = undefined;
    if (failure !== undefined) throw failure;
    this.prepared.device.throwStrayError();
  }

  private wanted(read: readonly string[] | undefined): readonly TensorSlot[] {
    const { outputs } = this.program;
    if (read === undefined) return outputs;
    return read.map((name) => {
      const slot = outputs.find((output) => output.name === name);
      invariant(slot !== undefined, `"${name}" is no output of program "${this.program.name}"`);
      return slot;
    });
  }

  /** Everything that happens on the queue, in one go; and what the device thinks of it. */
  private send(inputs: HostTensors, ranges: readonly Range[]) {
    const { gpu } = this.prepared.device;
    const { bytes } = layOut(ranges);
    gpu.pushErrorScope("validation");
    gpu.pushErrorScope("out-of-memory");
    let scopes: Promise<readonly (GPUError | null)[]>;
    let staging: Allocation | undefined;
    try {
      staging = bytes > 0 ? this.ring.take(bytes) : undefined;
      writeInputs(this.prepared, inputs);
      const encoder = gpu.createCommandEncoder({ label: this.program.name });
      const pass = encoder.beginComputePass();
      encodeLaunches(pass, this.prepared.launches);
      pass.end();
      if (staging !== undefined) encodeCopies(encoder, ranges, staging.buffer);
      gpu.queue.submit([encoder.finish()]);
    } finally {
      scopes = Promise.all([gpu.popErrorScope(), gpu.popErrorScope()]);
    }
    return { staging, verdict: this.verdict(scopes) };
  }

  private async verdict(scopes: Promise<readonly (GPUError | null)[]>): Promise<void> {
    const { device } = this.prepared;
    const [shortage, fault] = await device.guard(scopes);
    if (shortage !== null && shortage !== undefined) {
      const text = shortage.message.trim();
      throw new OutOfMemory(`a step of ${this.program.name}`, 0, bytesAllocated(device), text);
    }
    if (fault !== null && fault !== undefined) throw refusal(fault.message.trim());
  }

  private async collect(
    slots: readonly TensorSlot[],
    ranges: readonly Range[],
    staging: Allocation | undefined,
    verdict: Promise<void>,
  ): Promise<HostTensors> {
    const { device } = this.prepared;
    const contents =
      staging === undefined
        ? device.guard(device.gpu.queue.onSubmittedWorkDone()).then(() => [])
        : this.ring.read(staging, ranges);
    // The verdict says more than the reading that fails after it.
    contents.catch(() => {});
    await verdict;
    const bytes = await contents;
    const empty = new ArrayBuffer(0);
    return Object.fromEntries(
      slots.map((slot, index) => [slot.name, hostTensor(bytes[index] ?? empty, slot)]),
    );
  }

  private tracked(outputs: Promise<HostTensors>): Submission {
    let isRead = false;
    let failure: unknown;
    outputs.catch((error: unknown) => {
      failure = error;
      if (!isRead) this.unreadFailure ??= error;
    });
    const read = () => {
      isRead = true;
      if (failure !== undefined && this.unreadFailure === failure) this.unreadFailure = undefined;
      return outputs;
    };
    return {
      get outputs() {
        return read();
      },
    };
  }
}

/** The device's words as an error; the label stands in them where an object of a dispatch is at fault. */
function refusal(text: string): ProgramRefused {
  const label = /\[(?:Invalid )?(?:BindGroup|ComputePipeline) "([^"]*)"/.exec(text)?.[1];
  return new ProgramRefused(label, text);
}
