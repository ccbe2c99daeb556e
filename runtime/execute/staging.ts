/** Outputs on their way to the host: a ring of mappable buffers, so that one step is read while the next one runs. */
import { readbackLayout } from "../../compiler/readback-layout.ts";
import { invariant } from "../device/errors.ts";
import type { Device } from "../device/open-device.ts";
import { type Allocation, counted } from "./allocate.ts";
import { mapForReading, usage } from "./usage.ts";

/** A range to be read. */
export interface Range {
  readonly buffer: GPUBuffer;
  /** Bytes; a multiple of 4. */
  readonly offset: number;
  /** Multiple of 4. */
  readonly bytes: number;
}

/** The ring: the program's own buffers, and more where runs are sent faster than they are read. */
export class StagingRing {
  private readonly device: Device;
  private readonly label: string;
  private readonly all = new Set<Allocation>();
  private readonly free: Allocation[];
  private taken = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(device: Device, label: string, own: readonly Allocation[]) {
    this.device = device;
    this.label = label;
    this.free = [...own];
  }

  /** Resolves when a buffer is free; at once while none was taken. */
  async whenFree(): Promise<void> {
    while (this.free.length === 0 && this.taken > 0)
      await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private give(): void {
    this.taken -= 1;
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** Takes a buffer with room for the bytes out of the ring, or makes one: call it inside an error scope. */
  take(bytes: number): Allocation {
    const index = this.free.findIndex((allocation) => allocation.bytes >= bytes);
    const known = index === -1 ? undefined : this.free.splice(index, 1)[0];
    this.taken += 1;
    if (known !== undefined) return known;
    const name = `outputs of ${this.label}`;
    const bits = usage.mapRead | usage.copyTarget;
    const buffer = this.device.gpu.createBuffer({ label: name, size: bytes, usage: bits });
    const made = counted(this.device, name, buffer, bytes);
    this.all.add(made);
    return made;
  }

  /** Waits for the submitted copies and hands out each range's bytes; the buffer goes back into the ring. */
  async read(staging: Allocation, ranges: readonly Range[]): Promise<readonly ArrayBuffer[]> {
    const { offsets, bytes } = layOut(ranges);
    try {
      await this.device.guard(staging.buffer.mapAsync(mapForReading, 0, bytes));
      const mapped = staging.buffer.getMappedRange(0, bytes);
      const contents = ranges.map((range, index) => {
        const start = offsets[index] ?? 0;
        return mapped.slice(start, start + range.bytes);
      });
      staging.buffer.unmap();
      this.free.push(staging);
      return contents;
    } catch (error) {
      this.all.delete(staging);
      staging.destroy();
      throw error;
    } finally {
      this.give();
    }
  }

  /** Frees all buffers. */
  destroy(): void {
    for (const allocation of this.all) allocation.destroy();
    this.all.clear();
    this.free.length = 0;
  }
}

/** Where each range starts in a staging buffer, and how many bytes they take together. */
export function layOut(ranges: readonly Range[]): ReturnType<typeof readbackLayout> {
  for (const { bytes } of ranges) invariant(bytes % 4 === 0, `${bytes} bytes cannot be copied`);
  return readbackLayout(ranges.map(({ bytes }) => bytes));
}

/** Encodes the copies of the ranges into the staging buffer. */
export function encodeCopies(
  encoder: GPUCommandEncoder,
  ranges: readonly Range[],
  staging: GPUBuffer,
): void {
  const { offsets } = layOut(ranges);
  ranges.forEach((range, index) => {
    encoder.copyBufferToBuffer(
      range.buffer,
      range.offset,
      staging,
      offsets[index] ?? 0,
      range.bytes,
    );
  });
}
