import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { allocate, allocateAll, bytesAllocated } from "../../../runtime/execute/allocate.ts";
import { DeviceMemory } from "../../../runtime/execute/memory.ts";
import { sharedDevice } from "../../support/device.ts";
import { runScript } from "../../support/process.ts";

const canLimit = existsSync("/usr/bin/prlimit") && process.arch === "x64";

test("a reader fills the mapped memory; later uploads replace it", async () => {
  const memory = new DeviceMemory(await sharedDevice());
  memory.allocate("w", 16, "f32", [2, 2]);
  await memory.upload("w", (target) => {
    expect(target.byteLength).toBe(16);
    target.set(new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer));
  });
  expect([...new Float32Array((await memory.download("w")).buffer)]).toEqual([1, 2, 3, 4]);
  await memory.upload("w", async (target) => {
    await Promise.resolve();
    target.fill(0);
  });
  expect([...(await memory.download("w"))]).toEqual(new Array(16).fill(0));
  await memory.upload(
    "w",
    Uint8Array.from({ length: 16 }, (_, i) => i),
  );
  expect((await memory.download("w"))[15]).toBe(15);
  await memory.destroy();
});

test("numbers are written as the tensor is stored", async () => {
  const memory = new DeviceMemory(await sharedDevice());
  memory.allocate("w", 12, "f32", [3]);
  memory.allocate("h", 8, "f16", [3]);
  for (const name of ["w", "h"]) await memory.uploadFloats(name, Float32Array.of(1, -2, 0.1));
  const words = new Float32Array((await memory.download("w")).buffer);
  expect([...words]).toEqual([1, -2, Math.fround(0.1)]);
  const halves = new Uint16Array((await memory.download("h")).buffer);
  expect([...halves]).toEqual([0x3c00, 0xc000, 0x2e66, 0]);
  await expect(memory.uploadFloats("h", Float32Array.of(1))).rejects.toThrow("takes 3 numbers");
  await memory.destroy();
});

test("what was never uploaded is zero", async () => {
  const memory = new DeviceMemory(await sharedDevice());
  memory.allocate("moment", 400, "f32", [100]);
  expect((await memory.download("moment")).every((byte) => byte === 0)).toBe(true);
  expect(memory.bytes).toBe(400);
  await memory.destroy();
  expect(memory.has("moment")).toBe(false);
});

test("a tensor of many pieces comes back whole", async () => {
  const memory = new DeviceMemory(await sharedDevice());
  const values = Uint32Array.from({ length: 9_000_001 }, (_, i) => i * 2_654_435_761);
  memory.allocate("big", values.byteLength, "u32", [values.length]);
  await memory.upload("big", new Uint8Array(values.buffer));
  await memory.upload("big", new Uint8Array(values.buffer));
  const bytes = await memory.download("big");
  expect(Buffer.compare(bytes, new Uint8Array(values.buffer))).toBe(0);
  await memory.destroy();
});

test("wrong sizes and names are our own faults", async () => {
  const memory = new DeviceMemory(await sharedDevice());
  memory.allocate("w", 16, "f32", [4]);
  expect(() => memory.allocate("w", 16, "i32", [4])).toThrow('state "w" is f32[4]');
  expect(() => memory.allocate("v", 12, "f32", [4])).toThrow("hold no f32[4]");
  await expect(memory.upload("w", new Uint8Array(12))).rejects.toThrow("takes 16 bytes, not 12");
  await expect(memory.download("x")).rejects.toThrow('no state tensor is called "x"');
});

test("a reader that throws leaves nothing behind", async () => {
  const device = await sharedDevice();
  const memory = new DeviceMemory(device);
  const before = bytesAllocated(device);
  memory.allocate("w", 16, "f32", [4]);
  const upload = memory.upload("w", () => {
    throw new Error("short file");
  });
  await expect(upload).rejects.toThrow("short file");
  expect(bytesAllocated(device)).toBe(before);
  await memory.upload("w", new Uint8Array(16).fill(1));
  expect((await memory.download("w"))[0]).toBe(1);
  await memory.destroy();
});

test("more than the adapter's buffers hold: names the tensor and the bytes", async () => {
  const device = await sharedDevice();
  const bytes = 2 ** 40;
  const request = allocate(device, { name: "decoder.embed", bytes, usage: 0x80 });
  await expect(request).rejects.toMatchObject({
    name: "OutOfMemory",
    tensor: "decoder.embed",
    bytes,
  });
  const before = bytesAllocated(device);
  const both = allocateAll(device, [
    { name: "small", bytes: 64, usage: 0x80 },
    { name: "decoder.embed", bytes, usage: 0x80 },
  ]);
  await expect(both).rejects.toThrow('"decoder.embed" asked for 1.0 TiB');
  expect(bytesAllocated(device)).toBe(before);
});

test.skipIf(!canLimit)(
  "a driver that has no more memory: names the tensor, and the device lives on",
  () => {
    const script = `
    import { openDevice } from "./runtime/device/open-device.ts";
    import { DeviceMemory } from "./runtime/execute/memory.ts";
    import { execFileSync } from "node:child_process";
    import { readFileSync } from "node:fs";
    const device = await openDevice({ adapter: "swiftshader" });
    const memory = new DeviceMemory(device);
    memory.allocate("first", 4096, "f32", [1024]);
    await memory.upload("first", new Uint8Array(4096).fill(1));
    const used = Number(readFileSync("/proc/self/statm", "utf8").split(" ")[0]) * 4096;
    execFileSync("prlimit", ["--pid", String(process.pid), "--as=" + (used + 3e8) + ":"]);
    memory.allocate("layer.huge", 900e6, "f32", [225e6]);
    const error = await memory.place("layer.huge").then(() => undefined, (e) => e);
    execFileSync("prlimit", ["--pid", String(process.pid), "--as=unlimited:"]);
    const kept = (await memory.download("first"))[0];
    console.log(JSON.stringify({ ...error, message: error?.message, kept }));
    process.exit(0);
  `;
    const { output, errors } = runScript(script);
    expect(output, errors).not.toBe("");
    const report = JSON.parse(output) as Record<string, unknown>;
    expect(report).toMatchObject({
      name: "OutOfMemory",
      tensor: "layer.huge",
      bytes: 900e6,
      allocated: 4096,
      kept: 1,
    });
  },
);
