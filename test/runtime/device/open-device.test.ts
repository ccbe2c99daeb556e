import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { findAdapter } from "../../../runtime/device/find-adapter.ts";
import { openDevice } from "../../../runtime/device/open-device.ts";
import { archivePath } from "../../../runtime/device/swiftshader.ts";
import { sharedDevice } from "../../support/device.ts";
import { runScript } from "../../support/process.ts";

const hasPackage = archivePath() !== undefined && process.arch === "x64";
const cache = mkdtempSync(join(tmpdir(), "blipc-test-"));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const addOnce = `
  import { openDevice } from "./runtime/device/open-device.ts";
  import { DeviceMemory } from "./runtime/execute/memory.ts";
  import { prepare } from "./runtime/execute/executable.ts";
  import { addProgram } from "./test/support/programs.ts";
  const device = await openDevice();
  const executable = await prepare(device, addProgram(3), new DeviceMemory(device));
  const { sum } = await executable.run({ a: Float32Array.of(1, 2, 3), b: Float32Array.of(10, 20, 30) });
  const { kind, why } = device.adapter;
  console.log(JSON.stringify({ kind, why, target: device.target, sum: [...sum] }));
`;

test("the target is what the adapter says", async () => {
  const { target, adapter, features, limits } = await sharedDevice();
  expect(target.maxBufferSize).toBe(limits["maxBufferSize"]);
  expect(target.maxStorageBuffersPerShaderStage).toBeGreaterThanOrEqual(8);
  if (adapter.kind !== "gpu") expect(target.deviceClass).toBe("cpu");
  const isSteady = adapter.subgroupMinSize === adapter.subgroupMaxSize;
  const lanes = features.has("subgroups") && isSteady ? adapter.subgroupMinSize : 0;
  expect(target.subgroupSize).toBe(lanes);
  expect(adapter.why).toMatch(/\.$/);
});

test("devices can be opened, closed and opened again", async () => {
  for (let round = 0; round < 5; round += 1) {
    const device = await openDevice();
    device.close();
    device.close();
    expect(device.loss?.reason).toBe("closed");
    await expect(device.guard(Promise.resolve(1))).rejects.toMatchObject({ name: "DeviceLost" });
  }
});

describe.skipIf(!hasPackage)("SwiftShader from the package", () => {
  test("a driver setting that names nothing ends there, unpacked anew, and computes", () => {
    const environment = {
      VK_DRIVER_FILES: "/nonexistent",
      XDG_CACHE_HOME: cache,
      BLIPC_SWIFTSHADER_DIR: undefined,
    };
    const { code, output, errors } = runScript(addOnce, { environment });
    expect(code, errors).toBe(0);
    const report = JSON.parse(output);
    expect(report).toMatchObject({ kind: "SwiftShader", sum: [11, 22, 33] });
    expect(report.target).toMatchObject({ subgroupSize: 4, deviceClass: "cpu" });
    expect(report.why).toContain("/nonexistent");
    const [folder] = readdirSync(join(cache, "blipc"));
    const files = join(cache, "blipc", folder ?? "");
    expect(readdirSync(join(cache, "blipc"))).toHaveLength(1);
    expect(readdirSync(files).sort()).toEqual([
      "libvk_swiftshader.so",
      "libvulkan.so.1",
      "vk_swiftshader_icd.json",
    ]);
    const manifest = JSON.parse(readFileSync(join(files, "vk_swiftshader_icd.json"), "utf8"));
    expect(existsSync(manifest.ICD.library_path)).toBe(true);
  });

  test("a process that this one starts takes the choice over", () => {
    const script = `
      import { spawnSync } from "node:child_process";
      import { openDevice } from "./runtime/device/open-device.ts";
      await openDevice({ adapter: "swiftshader" });
      const inner = ${JSON.stringify(addOnce)};
      const flags = ["--import", "tsx", "--input-type=module", "--eval", inner];
      const { stdout } = spawnSync(process.execPath, flags, { encoding: "utf8" });
      console.log(stdout);
    `;
    const { code, output, errors } = runScript(script, { environment: { XDG_CACHE_HOME: cache } });
    expect(code, errors).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ kind: "SwiftShader", sum: [11, 22, 33] });
  });

  test("a setting that names an existing file is obeyed", () => {
    const [folder] = readdirSync(join(cache, "blipc"));
    const file = join(cache, "blipc", folder ?? "", "vk_swiftshader_icd.json");
    const environment = { VK_DRIVER_FILES: file, BLIPC_SWIFTSHADER_DIR: undefined };
    const { output, errors } = runScript(addOnce, { environment });
    expect(output, errors).not.toBe("");
    expect(JSON.parse(output)).toMatchObject({ kind: "system software driver" });
    expect(JSON.parse(output).why).toContain(file);
  });
});

test("without the package the error has the line to type", () => {
  const script = `
    import { createRequire } from "node:module";
    import Module from "node:module";
    const resolve = Module._resolveFilename;
    Module._resolveFilename = (name, ...rest) => {
      if (name.startsWith("@sparticuz")) throw new Error("Cannot find module");
      return resolve(name, ...rest);
    };
    const { openDevice } = await import("./runtime/device/open-device.ts");
    await openDevice().catch((error) => console.log(error.name + ": " + error.message));
  `;
  const environment = {
    VK_DRIVER_FILES: "/nonexistent",
    XDG_CACHE_HOME: join(cache, "empty"),
    BLIPC_SWIFTSHADER_DIR: undefined,
  };
  const { output, errors } = runScript(script, { environment });
  expect(output, errors).toMatch(/^NoAdapter: /);
  if (process.platform === "linux" && process.arch === "x64") {
    expect(output).toContain("npm install --no-save @sparticuz/chromium@143.0.4");
  }
});

test("asking for a real GPU never ends on a CPU", async () => {
  const found = await findAdapter("gpu").catch((error: Error) => error);
  if (found instanceof Error) expect(found.message).toContain("A real GPU was asked for");
  else expect(found.kind).toBe("gpu");
});

test("a garbage collection does not take the process down", () => {
  const script = `
    import { openDevice } from "./runtime/device/open-device.ts";
    for (let round = 0; round < 3; round += 1) {
      const device = await openDevice();
      const work = device.gpu.queue.onSubmittedWorkDone();
      globalThis.gc();
      await device.guard(work);
      if (round === 1) device.close();
      for (let turn = 0; turn < 5; turn += 1) {
        globalThis.gc();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
    console.log("alive");
  `;
  const { code, output, errors } = runScript(script, { flags: ["--expose-gc"] });
  expect(output, errors).toBe("alive\n");
  expect(code).toBe(0);
});
