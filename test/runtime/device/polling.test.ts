import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openDevice } from "../../../runtime/device/open-device.ts";
import { expectSoon, installPolling, restorePolling } from "../../../runtime/device/polling.ts";
import { prepare } from "../../../runtime/execute/executable.ts";
import { DeviceMemory } from "../../../runtime/execute/memory.ts";
import { slowProgram } from "../../support/programs.ts";

test("it is in place only while somebody needs it", () => {
  const original = globalThis.setImmediate;
  installPolling();
  installPolling();
  expect(globalThis.setImmediate).not.toBe(original);
  restorePolling();
  expect(globalThis.setImmediate).not.toBe(original);
  restorePolling();
  expect(globalThis.setImmediate).toBe(original);
  restorePolling();
  expect(globalThis.setImmediate).toBe(original);
});

test("others keep the real one: order, arguments, promises and cancelling", async () => {
  installPolling();
  try {
    const seen: string[] = [];
    const cancelled = setImmediate(() => seen.push("never"));
    clearImmediate(cancelled);
    setTimeout(() => seen.push("timer"), 20);
    await new Promise<void>((resolve) => {
      setImmediate((text: string) => seen.push(text), "argument");
      setImmediate(resolve);
    });
    await promisify(setImmediate)();
    expect(seen).toEqual(["argument"]);
  } finally {
    restorePolling();
  }
});

test("native ticks come at once first and once a millisecond later", async () => {
  installPolling();
  try {
    let ticks = 0;
    const native = Function.prototype.bind.call(() => {
      ticks += 1;
    }, undefined);
    Object.defineProperty(native, "name", { value: "" });
    expectSoon();
    const start = performance.now();
    while (performance.now() - start < 50) {
      await new Promise<void>((resolve) => {
        setImmediate(native);
        const wait = setInterval(() => {}, 1000);
        const check = () => {
          clearInterval(wait);
          resolve();
        };
        setTimeout(check, 1);
      });
    }
    expect(ticks).toBeGreaterThan(5);
    expect(ticks).toBeLessThan(60);
  } finally {
    restorePolling();
  }
});

test("a long wait for the device leaves the core to others", async () => {
  const device = await openDevice();
  const executable = await prepare(device, slowProgram(12), new DeviceMemory(device));
  await executable.run({});
  let turns = 0;
  const original = globalThis.setImmediate;
  globalThis.setImmediate = ((callback: () => void) => {
    turns += 1;
    return original(callback);
  }) as typeof globalThis.setImmediate;
  const start = performance.now();
  await executable.run({});
  const milliseconds = performance.now() - start;
  globalThis.setImmediate = original;
  device.close();
  // A busy loop turns tens of times in a millisecond.
  expect(turns).toBeLessThan(milliseconds * 2 + 500);
});
