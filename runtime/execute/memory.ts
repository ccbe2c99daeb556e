/** Named state tensors on the device: weights, moments, running gradients; shared by all programs of a device. */
import type { StorageType } from "../../compiler/program.ts";
import { invariant } from "../device/errors.ts";
import type { Device } from "../device/open-device.ts";
import { type Allocation, allocate } from "./allocate.ts";
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

interface Entry {
  readonly tensor: StateTensor;
  allocation: Promise<Allocation> | undefined;
}

/** The state of one device. Device buffers are made at the first upload, or (zeros) when a program first needs them. */
export class DeviceMemory {
  private readonly device: Device;
  private readonly entries = new Map<string, Entry>();

  constructor(device: Device) {
    this.device = device;
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
      this.entries.set(name, { tensor, allocation: undefined });
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

  /** Bytes of all announced tensors. */
  get bytes(): number {
    return this.tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  }

  /**
   * Writes a whole tensor. A function gets the bytes to fill: at the first upload the mapped device memory itself.
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
    const fill = typeof content === "function" ? content : (to: Uint8Array) => to.set(content);
    if (entry.allocation === undefined) {
      await this.realize(entry, fill);
      return;
    }
    const { buffer } = await entry.allocation;
    let source = content;
    if (typeof source === "function") {
      const target = new Uint8Array(bytes);
      await source(target);
      source = target;
    }
    this.write(buffer, source);
  }

  private write(buffer: GPUBuffer, source: Uint8Array): void {
    const { queue } = this.device.gpu;
    for (let start = 0; start < source.byteLength; start += uploadPiece) {
      const size = Math.min(uploadPiece, source.byteLength - start);
      queue.writeBuffer(buffer, start, source as Uint8Array<ArrayBuffer>, start, size);
    }
  }

  /**
   * Reads a whole tensor, after everything that was submitted before.
   * @throws `DeviceLost`
   */
  async download(name: string): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.entry(name);
    const { buffer } = await this.realize(entry);
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
        encoder.copyBufferToBuffer(buffer, start, staging.buffer, 0, size);
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

  /** The device buffer of a tensor; made of zeros when nothing was uploaded. */
  async buffer(name: string): Promise<GPUBuffer> {
    return (await this.realize(this.entry(name))).buffer;
  }

  /** Frees one tensor, or all. No program that uses them may run afterwards. */
  async destroy(name?: string): Promise<void> {
    const names = name === undefined ? [...this.entries.keys()] : [name];
    for (const each of names) {
      const allocation = this.entry(each).allocation;
      this.entries.delete(each);
      const made = await allocation?.catch(() => undefined);
      made?.destroy();
    }
  }

  private entry(name: string): Entry {
    const entry = this.entries.get(name);
    invariant(entry !== undefined, `no state tensor is called "${name}"`);
    return entry;
  }

  private realize(
    entry: Entry,
    fill?: (target: Uint8Array) => void | Promise<void>,
  ): Promise<Allocation> {
    if (entry.allocation !== undefined) return entry.allocation;
    const { name, bytes } = entry.tensor;
    const request = { name, bytes, usage: stateUsage };
    const made = allocate(this.device, fill === undefined ? request : { ...request, fill });
    entry.allocation = made;
    // After a failure the tensor may be tried again.
    made.catch(() => {
      if (entry.allocation === made) entry.allocation = undefined;
    });
    return made;
  }
}

function describe(tensor: StateTensor): string {
  return `${tensor.type}[${tensor.shape.join(",")}] of ${tensor.bytes} bytes`;
}
