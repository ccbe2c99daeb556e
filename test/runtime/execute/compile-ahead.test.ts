import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bytesIn } from "../../support/bytes-in.ts";
import { sharedDevice } from "../../support/device.ts";
import { runScript } from "../../support/process.ts";

const isLate = (await sharedDevice()).adapter.driver.includes("Mesa");

/** Makes a program of so many shaders ready with an empty shader cache, then runs it; says by which part that made the cache grow. */
function ready(shaders: number) {
  const folder = mkdtempSync(join(tmpdir(), "blipc-shader-cache-"));
  try {
    const script = `
    import { bytesIn } from "./test/support/bytes-in.ts";
    import { openDevice } from "./runtime/device/open-device.ts";
    import { prepare } from "./runtime/execute/executable.ts";
    import { DeviceMemory } from "./runtime/execute/memory.ts";
    import { addProgram } from "./test/support/programs.ts";
    const device = await openDevice();
    const program = addProgram(4);
    const [shader, dispatch, spec] = [program.shaders[0], program.dispatches[0], program.buffers[3]];
    const terms = (i) => "+ (sqrt(a[id.x]) - sqrt(a[id.x])) ".repeat(40 + i);
    const shaders = Array.from({ length: ${shaders} }, (_, i) => ({
      ...shader,
      wgsl: shader.wgsl.replace("a[id.x] + b[id.x]", "a[id.x] + b[id.x] " + terms(i)),
    }));
    const uniform = 256 * ${shaders};
    const buffers = [...program.buffers.slice(0, 3), { ...spec, bytes: uniform }];
    const dispatches = shaders.map((_, i) => ({ ...dispatch, shader: i }));
    const memory = { ...program.memory, uniform };
    const whole = { ...program, shaders, buffers, dispatches, memory };
    const executable = await prepare(device, whole, new DeviceMemory(device));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const bytes = bytesIn(${JSON.stringify(folder)});
    const inputs = { a: Float32Array.of(1, 2, 3, 4), b: Float32Array.of(5, 6, 7, 8) };
    const { sum } = await executable.run(inputs);
    console.log(JSON.stringify({ bytes, sum: [...sum] }));
    await new Promise((resolve) => setTimeout(resolve, 500));
    process.exit(0);
  `;
    const environment = { MESA_SHADER_CACHE_DIR: folder, MESA_SHADER_CACHE_DISABLE: "false" };
    const { output, errors } = runScript(script, { environment });
    expect(output, errors).not.toBe("");
    const said = JSON.parse(output) as { bytes: number; sum: readonly number[] };
    return { sum: said.sum, added: bytesIn(folder) / said.bytes - 1 };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test.skipIf(!isLate)(
  `shaders that the driver translates at first use are in its cache before the first step${isLate ? "" : " (skipped: needs Mesa's software driver)"}`,
  () => {
    const { added, sum } = ready(20);
    expect(sum).toEqual([6, 8, 10, 12]);
    // Of few shaders each is translated at its first dispatch.
    const few = ready(8).added;
    expect(few).toBeGreaterThan(0);
    expect(added).toBeLessThan(few / 4);
  },
);
