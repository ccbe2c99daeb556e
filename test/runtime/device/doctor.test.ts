import { expect, test } from "vitest";
import { examine } from "../../../runtime/device/doctor.ts";
import { runScript } from "../../support/process.ts";

test("it describes this machine as plain data", async () => {
  const report = await examine();
  expect(JSON.parse(JSON.stringify(report)).node).toBe(process.version);
  expect(report.adapter?.why, report.failure).toBeDefined();
  expect(report.adapters.length).toBeGreaterThan(0);
  expect(report.target?.maxBufferSize).toBe(report.limits["maxBufferSize"]);
  expect(report.subgroups).toBe(report.features.includes("subgroups"));
  if (process.platform === "linux") expect(report.loader.path).toContain("libvulkan");
});

test("on SwiftShader it says what would be faster", () => {
  const script = `
    import { examine } from "./runtime/device/doctor.ts";
    console.log(JSON.stringify(await examine()));
  `;
  const environment = { VK_DRIVER_FILES: "/nonexistent", BLIPC_SWIFTSHADER_DIR: undefined };
  const { output, errors } = runScript(script, { environment });
  expect(output, errors).not.toBe("");
  const report = JSON.parse(output);
  expect(report.driverSetting).toBe("/nonexistent");
  expect(report.driverFiles).toEqual([]);
  if (report.adapter?.kind !== "SwiftShader") return;
  const lines = report.advice.map((advice: { type: string }) => advice.type);
  expect(lines).toContain("sudo apt-get install --no-install-recommends mesa-vulkan-drivers");
  expect(report.f16).toBe(false);
});
