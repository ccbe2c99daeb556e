/** Epoch orders: permutations by seed and epoch, position by position. */
import { describe, expect, test } from "vitest";
import { batchesPerEpoch, epochOrder } from "../../../runtime/data/order.ts";

const settings = { length: 100, seed: 1, epoch: 0, shuffle: true };
const all = (change: object = {}) => {
  const whole = { ...settings, ...change };
  return Array.from({ length: whole.length }, (_, position) => epochOrder(whole)(position));
};
const sorted = (list: readonly number[]) => [...list].sort((a, b) => a - b);
const identity = (length: number) => Array.from({ length }, (_, index) => index);

describe("epochOrder", () => {
  test.each([1, 2, 3, 16, 17, 255, 256, 257, 1000, 4096, 5003])(
    "%i records: each once",
    (length) => {
      expect(sorted(all({ length }))).toEqual(identity(length));
    },
  );

  test("the same place gives the same record; seed and epoch change the order", () => {
    const base = all();
    expect(all()).toEqual(base);
    expect(base).not.toEqual(identity(100));
    expect(all({ seed: 2 })).not.toEqual(base);
    expect(all({ epoch: 1 })).not.toEqual(base);
  });

  test("every record comes first about equally often", () => {
    const counts = new Array<number>(8).fill(0);
    for (let epoch = 0; epoch < 4000; epoch++) {
      counts[epochOrder({ length: 8, seed: 3, epoch, shuffle: true })(0)]! += 1;
    }
    for (const count of counts) expect(Math.abs(count - 500)).toBeLessThan(110);
  });

  test("neighbors do not stay neighbors", () => {
    const order = all({ length: 4096 });
    const kept = order.filter((record, index) => order[index + 1] === record + 1).length;
    expect(kept).toBeLessThan(12);
  });

  test("groups stay together and in order", () => {
    const order = all({ group: 2 });
    for (let pair = 0; pair < 50; pair++) {
      expect(order[2 * pair]! % 2).toBe(0);
      expect(order[2 * pair + 1]).toBe(order[2 * pair]! + 1);
    }
    expect(sorted(order)).toEqual(identity(100));
    expect(() => all({ group: 3 })).toThrow("100 records do not divide into groups of 3");
  });

  test("without shuffling, the file's order", () => {
    expect(all({ shuffle: false })).toEqual(identity(100));
    expect(() => epochOrder(settings)(100)).toThrow(RangeError);
  });
});

test("batches per epoch", () => {
  expect(batchesPerEpoch(10, 4, true)).toBe(2);
  expect(batchesPerEpoch(10, 4, false)).toBe(3);
});
