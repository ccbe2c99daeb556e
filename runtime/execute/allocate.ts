/** One device buffer, with the device's verdict on it and a count of what is allocated. */
import { OutOfMemory, ProgramRefused } from "../device/errors.ts";
import type { Device } from "../device/open-device.ts";

const living = new WeakMap<Device, Set<Allocation>>();

/** Our buffers that are on the device now. */
export function allocationsOn(device: Device): readonly Allocation[] {
  return [...(living.get(device) ?? [])];
}

/** Bytes that our buffers hold on the device now. */
export function bytesAllocated(device: Device): number {
  return allocationsOn(device).reduce((sum, { bytes }) => sum + bytes, 0);
}

/** What is wanted of a buffer. */
export interface BufferRequest {
  /** Named in messages. */
  readonly name: string;
  readonly bytes: number;
  /** Sum of `usage` bits. */
  readonly usage: number;
  /** Writes the first contents straight into the mapped range. */
  readonly fill?: (target: Uint8Array) => void | Promise<void>;
}

/** A buffer that counts while it lives. */
export interface Allocation {
  readonly name: string;
  readonly buffer: GPUBuffer;
  readonly bytes: number;
  destroy(): void;
}

/**
 * Allocates a buffer; zeros where nothing fills it.
 * @throws `OutOfMemory` with the name, `DeviceLost`, or what `fill` throws
 */
export async function allocate(device: Device, request: BufferRequest): Promise<Allocation> {
  const { name, bytes, fill } = request;
  const before = bytesAllocated(device);
  if (bytes > device.target.maxBufferSize) {
    const most = `this adapter's buffers hold ${device.target.maxBufferSize} bytes at most`;
    throw new OutOfMemory(name, bytes, before, most);
  }
  if (device.loss !== undefined) throw device.loss;
  const { gpu } = device;
  gpu.pushErrorScope("validation");
  gpu.pushErrorScope("out-of-memory");
  let buffer: GPUBuffer | undefined;
  let refusal: unknown;
  try {
    const mappedAtCreation = fill !== undefined;
    buffer = gpu.createBuffer({ label: name, size: bytes, usage: request.usage, mappedAtCreation });
  } catch (error) {
    refusal = error;
  }
  const [shortage, fault] = await device.guard(
    Promise.all([gpu.popErrorScope(), gpu.popErrorScope()]),
  );
  if (shortage !== null && shortage !== undefined) {
    buffer?.destroy();
    throw new OutOfMemory(name, bytes, before, shortage.message.trim());
  }
  if (fault !== null && fault !== undefined) throw new ProgramRefused(name, fault.message.trim());
  if (buffer === undefined) {
    // The mapped copy is the host's memory; Dawn throws where that is short.
    throw new OutOfMemory(name, bytes, before, String(refusal));
  }
  const allocation = counted(device, name, buffer, bytes);
  if (fill === undefined) return allocation;
  try {
    await fill(new Uint8Array(buffer.getMappedRange()));
    buffer.unmap();
  } catch (error) {
    allocation.destroy();
    throw error;
  }
  return allocation;
}

/** Wraps a buffer that was made elsewhere so that it counts while it lives. */
export function counted(
  device: Device,
  name: string,
  buffer: GPUBuffer,
  bytes: number,
): Allocation {
  const all = living.get(device) ?? new Set();
  living.set(device, all);
  const allocation: Allocation = {
    name,
    buffer,
    bytes,
    destroy() {
      if (!all.delete(allocation)) return;
      buffer.destroy();
    },
  };
  all.add(allocation);
  return allocation;
}

/** Allocates many at once; when one fails the others are given back and the first failure is thrown. */
export async function allocateAll(
  device: Device,
  requests: readonly BufferRequest[],
): Promise<readonly Allocation[]> {
  const results = await Promise.allSettled(requests.map((request) => allocate(device, request)));
  const failure = results.find((result) => result.status === "rejected");
  const made = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  if (failure === undefined) return made;
  for (const allocation of made) allocation.destroy();
  throw failure.reason;
}
