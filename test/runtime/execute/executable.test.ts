import { describe, expect, test } from "vitest";
import { compileGraph } from "../../../compiler/compile-graph.ts";
import { Builder } from "../../../compiler/ir/builder.ts";
import { rules } from "../../../compiler/ops/index.ts";
import type { Program } from "../../../compiler/program.ts";
import { openDevice } from "../../../runtime/device/open-device.ts";
import { bytesAllocated } from "../../../runtime/execute/allocate.ts";
import { prepare } from "../../../runtime/execute/executable.ts";
import type { HostTensors } from "../../../runtime/execute/host-tensors.ts";
import { DeviceMemory } from "../../../runtime/execute/memory.ts";
import { profile } from "../../../runtime/execute/profile.ts";
import { halvesFromFloats } from "../../../runtime/half.ts";
import { sharedDevice } from "../../support/device.ts";
import { addProgram, chainProgram, slowProgram, updateProgram } from "../../support/programs.ts";

const a = Float32Array.from({ length: 100 }, (_, i) => i);
const b = Float32Array.from({ length: 100 }, (_, i) => 1000 - 3 * i);

async function prepared(program: Program) {
  const device = await sharedDevice();
  const memory = new DeviceMemory(device);
  return { device, memory, executable: await prepare(device, program, memory) };
}

describe("running", () => {
  test("one kernel computes what it says, again and again with new inputs", async () => {
    const { executable } = await prepared(addProgram(100));
    const first = await executable.run({ a, b });
    expect(first["sum"]).toEqual(a.map((value, i) => value + (b[i] ?? 0)));
    const second = await executable.run({ a: b, b });
    expect(second["sum"]).toEqual(b.map((value) => 2 * value));
    executable.destroy();
  });

  test("outputs of two runs have buffers of their own; a run that waits for one takes no more memory", async () => {
    const device = await sharedDevice();
    const b = new Builder(rules);
    const weight = b.parameter("sum", [4]);
    const sum = b.add(weight, b.input("step", [4]));
    const outputs = new Map([["sum", sum]]);
    const program = compileGraph("sums", outputs, [{ target: weight, value: sum }], device.target);
    const before = bytesAllocated(device);
    const memory = new DeviceMemory(device);
    const executable = await prepare(device, program, memory);
    const planned = Object.values(program.memory).reduce((all, bytes) => all + bytes, 0);
    const step = Float32Array.of(1, 2, 3, 4);
    const sent: Promise<HostTensors>[] = [];
    for (let run = 0; run < 9; run++) {
      await executable.whenFree();
      sent.push(executable.submit({ step }).outputs);
      expect(bytesAllocated(device) - before).toBe(planned);
    }
    // Nobody waits here.
    for (let run = 0; run < 3; run++) sent.push(executable.submit({ step }).outputs);
    expect(bytesAllocated(device) - before).toBeGreaterThan(planned);
    const sums = await Promise.all(sent);
    expect(sums.map((each) => each["sum"]?.[1])).toEqual(sums.map((_, i) => 2 * (i + 1)));
    executable.destroy();
    await memory.destroy();
    expect(bytesAllocated(device)).toBe(before);
  });

  test("a chain over reused scratch and a constant", async () => {
    const { executable } = await prepared(chainProgram([10, 20, 30]));
    const { y } = await executable.run({ x: Float32Array.of(1, 2, 3) });
    expect(y).toEqual(Float32Array.of(13, 26, 39));
    executable.destroy();
  });

  test("state is changed in place and shared by name between programs", async () => {
    const { device, memory, executable } = await prepared(updateProgram(4));
    const other = await prepare(device, updateProgram(4), memory);
    await memory.upload("layer.weight", new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer));
    await executable.run({ step: Float32Array.of(1, 1, 1, 1) }, { read: [] });
    const outputs = await other.run({ step: Float32Array.of(0, 10, 0, 10) });
    expect(outputs["new weight"]).toEqual(Float32Array.of(2, 13, 4, 15));
    executable.destroy();
    other.destroy();
    const bytes = await memory.download("layer.weight");
    expect(new Float32Array(bytes.buffer)).toEqual(Float32Array.of(2, 13, 4, 15));
  });

  test("steps sent without waiting run in order, each with its own outputs", async () => {
    const { executable } = await prepared(updateProgram(4));
    const steps = Array.from({ length: 10 }, (_, i) =>
      executable.submit({ step: new Float32Array(4).fill(i) }),
    );
    const weights = await Promise.all(steps.map((step) => step.outputs));
    expect(weights.map((outputs) => outputs["new weight"]?.[0])).toEqual([
      0, 1, 3, 6, 10, 15, 21, 28, 36, 45,
    ]);
    executable.destroy();
  });

  test("f16 tensors travel as floats", async () => {
    const identity = `
      @group(0) @binding(1) var<storage, read> x: array<u32>;
      @group(0) @binding(2) var<storage, read_write> y: array<u32>;
      @compute @workgroup_size(1) fn main(@builtin(global_invocation_id) id: vec3u) {
        y[id.x] = pack2x16float(unpack2x16float(x[id.x]) * 2.0);
      }`;
    const program: Program = {
      ...addProgram(1),
      buffers: [
        { kind: "input", bytes: 8, name: "x" },
        { kind: "scratch", bytes: 8, name: "y" },
      ],
      shaders: [
        {
          wgsl: identity,
          access: ["read", "read_write"],
          uniformWords: 0,
          needsSubgroups: false,
          needsF16: false,
          needsMatrices: false,
        },
      ],
      dispatches: [{ shader: 0, buffers: [0, 1], uniforms: [], grid: [2, 1, 1], label: "double" }],
      inputs: [{ name: "x", buffer: 0, shape: [3], type: "f16" }],
      outputs: [{ name: "y", buffer: 1, shape: [3], type: "f16" }],
      memory: { state: 0, input: 8, constant: 0, scratch: 8, uniform: 0, readback: 0 },
    };
    const { executable } = await prepared(program);
    const { y } = await executable.run({ x: Float32Array.of(1.5, -0.25, 2048) });
    expect(y).toEqual(Float32Array.of(3, -0.5, 4096));
    expect([...halvesFromFloats(Float32Array.of(1, 65_520, 2 ** -24, -2, Number.NaN))]).toEqual([
      0x3c00, 0x7c00, 1, 0xc000, 0x7e00,
    ]);
    executable.destroy();
  });

  test("it allocates what the plan promised and gives it back", async () => {
    const device = await sharedDevice();
    const before = bytesAllocated(device);
    const program = updateProgram(1024);
    const memory = new DeviceMemory(device);
    const executable = await prepare(device, program, memory);
    expect(executable.bytes).toEqual(program.memory);
    expect(bytesAllocated(device) - before).toBe(program.memory.state + program.memory.input);
    executable.destroy();
    expect(bytesAllocated(device) - before).toBe(memory.bytes);
    await memory.destroy();
    expect(bytesAllocated(device)).toBe(before);
  });
});

describe("refusing", () => {
  test("missing, unknown, wrongly long and wrongly typed inputs, by name", async () => {
    const { executable } = await prepared(addProgram(100));
    await expect(executable.run({ a })).rejects.toThrow('input "b" is missing');
    await expect(executable.run({ a, b, c: a })).rejects.toThrow('input "c" is none');
    await expect(executable.run({ a, b: b.subarray(1) })).rejects.toThrow(
      'input "b" takes 100 values (f32[100]), not 99',
    );
    await expect(executable.run({ a, b: new Int32Array(100) })).rejects.toThrow(
      'input "b" takes a Float32Array, not a Int32Array',
    );
    await expect(executable.run({ a, b }, { read: ["total"] })).rejects.toThrow("no output");
    executable.destroy();
  });

  test("WGSL that does not compile: label, reason and line", async () => {
    const broken = addProgram(64);
    const wgsl = (broken.shaders[0]?.wgsl ?? "").replace("a[id.x] + b[id.x]", "a[id.x] + bb");
    const program = {
      ...broken,
      shaders: broken.shaders.map((shader) => ({ ...shader, wgsl })),
    };
    await expect(prepared(program)).rejects.toThrow(
      /sum \(add\.blip:1:1\): WGSL does not compile: unresolved value 'bb'\n[\s\S]*sum\[id\.x\] = a\[id\.x\] \+ bb/,
    );
  });

  test("a binding that the shader does not declare so: label", async () => {
    const good = addProgram(64);
    const shaders = good.shaders.map((shader) => ({
      ...shader,
      access: ["read", "read", "read"] as const,
    }));
    await expect(prepared({ ...good, shaders })).rejects.toThrow("sum (add.blip:1:1): the shader");
  });

  test("a uniform block shorter than its struct: label", async () => {
    const good = chainProgram([1, 2]);
    const shaders = good.shaders.map((shader) => ({
      ...shader,
      wgsl: shader.wgsl.replace("unused2: u32", "unused2: u32, more: vec4u"),
    }));
    await expect(prepared({ ...good, shaders })).rejects.toThrow(/^first: /);
  });

  test("too many workgroups: label and limit", async () => {
    const good = addProgram(64);
    const dispatches = good.dispatches.map((dispatch) => ({
      ...dispatch,
      grid: [1, 1 << 24, 1] as const,
    }));
    await expect(prepared({ ...good, dispatches })).rejects.toThrow(
      /^sum .*16777216 workgroups in a row; this adapter takes \d+$/,
    );
  });

  test("a program whose sums do not add up", async () => {
    const good = addProgram(64);
    const memory = { ...good.memory, scratch: 4 };
    await expect(prepared({ ...good, memory })).rejects.toThrow(
      'program "add": memory: scratch buffers take 256 bytes, not 4',
    );
  });

  test("one state name with two shapes", async () => {
    const { device, memory, executable } = await prepared(updateProgram(4));
    await expect(prepare(device, updateProgram(8), memory)).rejects.toThrow(
      'state "layer.weight" is f32[4] of 16 bytes already',
    );
    executable.destroy();
  });
});

describe("losing the device", () => {
  test("a step under way ends within a second, and so does every later one", async () => {
    const device = await openDevice();
    const executable = await prepare(device, slowProgram(3), new DeviceMemory(device));
    const pending = executable.submit({}).outputs;
    const withoutReading = executable.submit({}, { read: [] }).outputs;
    const start = performance.now();
    setTimeout(() => device.gpu.destroy(), 20);
    await expect(pending).rejects.toMatchObject({ name: "DeviceLost", reason: "destroyed" });
    await expect(withoutReading).rejects.toMatchObject({ name: "DeviceLost" });
    expect(performance.now() - start).toBeLessThan(1000);
    await expect(executable.run({})).rejects.toMatchObject({ name: "DeviceLost" });
    device.close();
  });

  test("at any moment of a step, and the next device gives the same bits", async () => {
    const expected = new Float32Array(4).fill(6);
    for (let round = 0; round < 10; round += 1) {
      const device = await openDevice();
      const executable = await prepare(device, slowProgram(4), new DeviceMemory(device));
      const pending = executable.run({}).catch((error: unknown) => error);
      setTimeout(() => device.gpu.destroy(), round * 4);
      const outcome = await pending;
      if (outcome instanceof Error) expect(outcome.name).toBe("DeviceLost");
      await new Promise((resolve) => setTimeout(resolve, 40));
      await expect(executable.run({})).rejects.toMatchObject({ name: "DeviceLost" });
      device.close();
    }
    const device = await openDevice();
    const update = await prepare(device, updateProgram(4), new DeviceMemory(device));
    const outputs = await update.run({ step: expected });
    expect(outputs["new weight"]).toEqual(expected);
    device.close();
  });

  test("closing tells those who wait, and a new device works", async () => {
    const device = await openDevice();
    const executable = await prepare(device, slowProgram(4), new DeviceMemory(device));
    const pending = executable.run({});
    device.close();
    await expect(pending).rejects.toMatchObject({ name: "DeviceLost", reason: "closed" });
    const next = await openDevice();
    const again = await prepare(next, addProgram(100), new DeviceMemory(next));
    expect((await again.run({ a, b }))["sum"]?.[1]).toBe(998);
    next.close();
  });
});

test("errors outside any scope are thrown by the next step", async () => {
  const device = await openDevice();
  const executable = await prepare(device, addProgram(100), new DeviceMemory(device));
  device.gpu.createBuffer({ size: 16, usage: 3 });
  await device.guard(device.gpu.queue.onSubmittedWorkDone());
  await expect(executable.run({ a, b })).rejects.toThrow("The device reported: Buffer usages");
  expect((await executable.run({ a, b }))["sum"]?.[0]).toBe(1000);
  device.close();
});

test("a failure that nobody read is thrown by the next step", async () => {
  const device = await openDevice();
  const executable = await prepare(device, slowProgram(1), new DeviceMemory(device));
  executable.submit({});
  device.gpu.destroy();
  await new Promise((resolve) => setTimeout(resolve, 300));
  await expect(executable.run({})).rejects.toMatchObject({ name: "DeviceLost" });
  device.close();
});

test("a profile has every label once, and times", async () => {
  const { executable } = await prepared(chainProgram(Array.from({ length: 4096 }, (_, i) => i)));
  const report = await profile(executable, { x: new Float32Array(4096) }, 2);
  expect(report.rows.map((row) => row.label).sort()).toEqual(["first", "second", "third"]);
  expect(report.rows.every((row) => row.dispatches === 1)).toBe(true);
  expect(report.milliseconds).toBeGreaterThan(0);
  executable.destroy();
});
