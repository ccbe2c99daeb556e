/** Named state tensors on the device: weights, moments, running gradients; shared by all programs of a device. */
import type { Program, StorageType, TensorSlot } from "../../compiler/program.ts";
import { invariant } from "../device/errors.ts";
import type { Device } from "../device/open-device.ts";
import { type Allocation, allocate } from "./allocate.ts";
import { bytesOf } from "./check-program.ts";
import { deviceBytes } from "./host-tensors.ts";
import { mapForReading, usage } from "./usage.ts";

const stateUsage = usage.storage | usage.copySource | usage.copyTarget;

/** Bytes a piece: 1 to 4 MiB pieces upload several times faster than big ones. */
const uploadPiece = 4 * 1024 * 1024;

/** Bytes of the buffer through which downloads go. */
const downloadPiece = 32 * 1024 * 1024;

/** A tensor as it was announced. */
export interface StateTensor {
  readonly name: string;
  readonly type: StorageType;
  readonly shape: readonly number[];
  /** Multiple of 4. */
  readonly bytes: number;
}

/** A device buffer that holds one tensor or, for programs that change many at once, several. */
interface Home {
  readonly name: string;
  readonly bytes: number;
  allocation: Promise<Allocation> | undefined;
}

interface Entry {
  readonly tensor: StateTensor;
  readonly home: Home;
  /** Bytes from the begin of its home. */
  readonly offset: number;
}

/** Where something stands on the device. */
export interface BufferPlace {
  readonly buffer: GPUBuffer;
  /** Bytes. */
  readonly offset: number;
}

/** The state of one device. Device buffers are made at the first upload, or (zeros) when a program first needs them. */
export class DeviceMemory {
  private readonly device: Device;
  private readonly entries = new Map<string, Entry>();
  /** Where tensors were filled, kept from one upload to the next: memory that was never touched is slow to fill. */
  private room: Uint8Array<ArrayBuffer> | undefined;

  constructor(device: Device) {
    this.device = device;
  }

  /**
   * Announces the state of programs. All programs that will share the memory belong in one call: where one of them keeps
   * several tensors in one buffer, the others find them there.
   */
  announce(programs: readonly Program[]): void {
    const buffers = programs.flatMap((program) => {
      const tenants = program.buffers.map((): TensorSlot[] => []);
      for (const slot of program.state) tenants[slot.buffer]?.push(slot);
      return program.buffers.map(({ name, bytes }, i) => ({
        name,
        bytes,
        slots: tenants[i] ?? [],
      }));
    });
    for (const { name, bytes, slots } of buffers)
      if (slots.length > 1) this.announceTogether(name, bytes, slots);
    for (const { bytes, slots } of buffers)
      if (slots.length === 1)
        for (const { name, type, shape } of slots) this.allocate(name, bytes, type, shape);
  }

  private announceTogether(name: string, bytes: number, slots: readonly TensorSlot[]): void {
    const known = [...this.entries.values()].find(({ home }) => home.name === name)?.home;
    const home = known ?? { name, bytes, allocation: undefined };
    for (const { name: own, offset = 0, type, shape } of slots) {
      const before = this.entries.get(own);
      invariant(
        before === undefined ||
          (before.home === home && before.offset === offset) ||
          (before.home.allocation === undefined && before.home.name === own),
        `state "${own}" has another place already`,
      );
      const tensor = { name: own, bytes: sizeOf(shape, type), type, shape: [...shape] };
      this.entries.set(own, { tensor, home, offset });
    }
  }

  /** Announces a tensor; again with the same size, type and shape is fine. */
  allocate(name: string, bytes: number, type: StorageType, shape: readonly number[]): void {
    invariant(bytes > 0 && bytes % 4 === 0, `state "${name}": ${bytes} bytes are no multiple of 4`);
    const elements = shape.reduce((product, size) => product * size, 1);
    const least = type === "f16" ? elements * 2 : elements * 4;
    invariant(
      bytes >= least,
      `state "${name}": ${bytes} bytes hold no ${type}[${shape.join(",")}]`,
    );
    const known = this.entries.get(name)?.tensor;
    if (known === undefined) {
      const tensor: StateTensor = { name, bytes, type, shape: [...shape] };
      this.entries.set(name, { tensor, home: { name, bytes, allocation: undefined }, offset: 0 });
      return;
    }
    invariant(
      known.bytes === bytes && known.type === type && known.shape.join() === shape.join(),
      `state "${name}" is ${describe(known)} already and is now asked for as ${describe({ name, bytes, type, shape })}`,
    );
  }

  /** True when the tensor was announced. */
  has(name: string): boolean {
    return this.entries.has(name);
  }

  /** All tensors in the order in which they were announced. */
  get tensors(): readonly StateTensor[] {
    return [...this.entries.values()].map((entry) => entry.tensor);
  }

  /** Bytes of the buffers of all announced tensors. */
  get bytes(): number {
    return [...this.homes].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  private get homes(): ReadonlySet<Home> {
    return new Set([...this.entries.values()].map(({ home }) => home));
  }

  /**
   * Writes a whole tensor. A function gets the bytes to fill, which are zeros.
   * @throws `OutOfMemory`, `DeviceLost`, `InvariantError` for another length
   */
  async upload(
    name: string,
    content: Uint8Array | ((target: Uint8Array) => void | Promise<void>),
  ): Promise<void> {
    const entry = this.entry(name);
    const { bytes } = entry.tensor;
    if (typeof content !== "function") {
      invariant(
        content.byteLength === bytes,
        `state "${name}" takes ${bytes} bytes, not ${content.byteLength}`,
      );
    }
    if (typeof content !== "function") {
      this.write(await this.realize(entry.home), entry.offset, content);
      return;
    }
    const { room } = this;
    this.room = undefined;
    const memory = room !== undefined && room.byteLength >= bytes ? room : new Uint8Array(bytes);
    const target = memory.subarray(0, bytes);
    target.fill(0);
    await content(target);
    this.write(await this.realize(entry.home), entry.offset, target);
    this.room = memory;
  }

  /**
   * Writes a whole tensor of numbers as it is stored: f32 as they are, f16 rounded to nearest.
   * @throws as `upload`
   */
  async uploadFloats(name: string, values: Float32Array): Promise<void> {
    const { home, offset, tensor } = this.entry(name);
    const elements = tensor.shape.reduce((product, size) => product * size, 1);
    invariant(values.length === elements, `state "${name}" takes ${elements} numbers`);
    this.write(await this.realize(home), offset, deviceBytes(values, tensor.type));
  }

  private write({ buffer }: Allocation, offset: number, source: Uint8Array): void {
    const { queue } = this.device.gpu;
    for (let start = 0; start < source.byteLength; start += uploadPiece) {
      const size = Math.min(uploadPiece, source.byteLength - start);
      queue.writeBuffer(buffer, offset + start, source as Uint8Array<ArrayBuffer>, start, size);
    }
  }

  /** Zeros are written now, while the host goes on, and not when the first program asks for them. */
  private clear(buffer: GPUBuffer): void {
    const { gpu } = this.device;
    const encoder = gpu.createCommandEncoder();
    encoder.clearBuffer(buffer);
    gpu.queue.submit([encoder.finish()]);
  }

  /**
   * Reads a whole tensor, after everything that was submitted before.
   * @throws `DeviceLost`
   */
  async download(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.entry(name);
    const { buffer } = await this.realize(entry.home);
    const { bytes } = entry.tensor;
    const result = new Uint8Array(bytes);
    const staging = await allocate(this.device, {
      name: `download of ${name}`,
      bytes: Math.min(bytes, downloadPiece),
      usage: usage.mapRead | usage.copyTarget,
    });
    try {
      for (let start = 0; start < bytes; start += downloadPiece) {
        const size = Math.min(downloadPiece, bytes - start);
        const encoder = this.device.gpu.createCommandEncoder();
        encoder.copyBufferToBuffer(buffer, entry.offset + start, staging.buffer, 0, size);
        this.device.gpu.queue.submit([encoder.finish()]);
        await this.device.guard(staging.buffer.mapAsync(mapForReading, 0, size));
        result.set(new Uint8Array(staging.buffer.getMappedRange(0, size)), start);
        staging.buffer.unmap();
      }
    } finally {
      staging.destroy();
    }
    return result;
  }

  /** Where a tensor stands; in a buffer of zeros when nothing was uploaded. */
  async place(name: string): Promise<BufferPlace> {
    this.room = undefined;
    const { home, offset } = this.entry(name);
    const isNew = home.allocation === undefined;
    const { buffer } = await this.realize(home);
    if (isNew) this.clear(buffer);
    return { buffer, offset };
  }

  /** Frees all tensors. No program that uses them may run afterwards. */
  async destroy(): Promise<void> {
    const homes = this.homes;
    this.entries.clear();
    for (const { allocation } of homes) {
      const made = await allocation?.catch(() => undefined);
      made?.destroy();
    }
  }

  private entry(name: string): Entry {
    const entry = this.entries.get(name);
    invariant(entry !== undefined, `no state tensor is called "${name}"`);
    return entry;
  }

  private realize(home: Home): Promise<Allocation> {
    if (home.allocation !== undefined) return home.allocation;
    const { name, bytes } = home;
    const made = allocate(this.device, { name, bytes, usage: stateUsage });
    home.allocation = made;
    // After a failure the tensor may be tried again.
    made.catch(() => {
      if (home.allocation === made) home.allocation = undefined;
    });
    return made;
  }
}

/** Bytes of a tensor on the device: whole vectors of four. */
function sizeOf(shape: readonly number[], type: StorageType): number {
  return 16 * Math.ceil(Math.max(bytesOf(shape, type), 1) / 16);
}

function describe(tensor: StateTensor): string {
  return `${tensor.type}[${tensor.shape.join(",")}] of ${tensor.bytes} bytes`;
}
