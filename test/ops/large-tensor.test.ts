/** An embedding of OPT-125m's size, 154 MB, through bindings of 128 MiB: rows read, products both ways, rows changed. */
import { describe, expect, test } from "vitest";
import { compileGraph } from "../../compiler/compile-graph.ts";
import { Builder } from "../../compiler/ir/builder.ts";
import { rules } from "../../compiler/ops/index.ts";
import { prepare } from "../../runtime/execute/executable.ts";
import { DeviceMemory } from "../../runtime/execute/memory.ts";
import { sharedDevice } from "../support/device.ts";

const words = 50_272;
const width = 768;
const most = 128 * 1024 * 1024;

/** Element (row, column): a few bits, so that sums of products are exact in f32. */
const entry = (row: number, column: number) => (((row * 31 + column * 17) % 13) - 6) / 4;

describe("a tensor of 154 MB", () => {
  test("is looked up, multiplied along either side and changed, exactly", async () => {
    const device = await sharedDevice();
    const b = new Builder(rules);
    const table = b.parameter("table", [words, width]);
    const ids = b.input("ids", [4], "i32");
    const x = b.input("x", [2, width]);
    const rows = b.gather(table, ids);
    const logits = b.matmul(x, b.transpose(table, [1, 0]));
    const back = b.matmul(b.input("d", [2, words]), table);
    const outputs = new Map([
      ["rows", rows],
      ["logits", logits],
      ["back", back],
    ]);
    const updates = [{ target: table, value: b.mul(table, 2) }];
    const bytes = Math.min(most, device.target.maxStorageBufferBindingSize);
    const target = { ...device.target, maxStorageBufferBindingSize: bytes };
    const program = compileGraph("large", outputs, updates, target, b);
    expect(program.dispatches.some(({ windows }) => windows !== undefined)).toBe(true);
    const memory = new DeviceMemory(device);
    memory.allocate("table", 4 * words * width, "f32", [words, width]);
    await memory.upload("table", (place) => {
      const values = new Float32Array(place.buffer, place.byteOffset, words * width);
      for (let i = 0; i < values.length; i++) values[i] = entry(Math.floor(i / width), i % width);
    });
    const executable = await prepare(device, program, memory);
    try {
      const given = {
        ids: Int32Array.of(0, 43_690, 43_691, words - 1), // 128 MiB end within row 43,690
        x: Float32Array.from({ length: 2 * width }, (_, i) => (i % 5) - 2),
        d: Float32Array.from({ length: 2 * words }, (_, i) => (i % 8191 === 0 ? 1 : 0)),
      };
      const found = await executable.run(given);
      given.ids.forEach((id, i) => {
        const row = Array.from({ length: width }, (_, j) => entry(id, j));
        expect(Array.from(found["rows"]!.subarray(i * width, (i + 1) * width))).toEqual(row);
      });
      const wrongLogits = Array.from({ length: 2 * words }, (_, at) => {
        const [i, word] = [Math.floor(at / words), at % words];
        let sum = 0;
        for (let k = 0; k < width; k++) sum += given.x[i * width + k]! * entry(word, k);
        return sum === found["logits"]![at] ? 0 : 1;
      });
      expect(wrongLogits.filter((wrong) => wrong === 1).length).toBe(0);
      const expected = new Float64Array(2 * width);
      given.d.forEach((value, at) => {
        const [i, word] = [Math.floor(at / words), at % words];
        if (value === 0) return;
        for (let k = 0; k < width; k++) expected[i * width + k]! += entry(word, k);
      });
      expect(Array.from(found["back"]!)).toEqual(Array.from(expected));
      const after = new Float32Array((await memory.download("table")).buffer);
      const changed = after.findIndex(
        (value, i) => value !== 2 * entry(Math.floor(i / width), i % width),
      );
      expect(changed).toBe(-1);
    } finally {
      executable.destroy();
      await memory.destroy();
    }
  });
});
