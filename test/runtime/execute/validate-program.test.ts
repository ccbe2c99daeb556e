import { describe, expect, test } from "vitest";
import { parseProgram, validateProgram } from "../../../runtime/execute/validate-program.ts";
import { addProgram, chainProgram, updateProgram } from "../../support/programs.ts";

test.each([addProgram(7), chainProgram([1, 2]), updateProgram(3)])("takes $name", (program) => {
  expect(parseProgram(JSON.stringify(program))).toEqual(program);
});

test("takes a buffer that is read twice", () => {
  const program = addProgram(7);
  const [read, , written] = program.dispatches[0]!.buffers;
  const dispatches = [{ ...program.dispatches[0]!, buffers: [read!, read!, written!] }];
  expect(parseProgram(JSON.stringify({ ...program, dispatches }))).toMatchObject({ dispatches });
});

/** The chain program with one thing changed. */
function broken(change: (program: never) => void): unknown {
  const copy = JSON.parse(JSON.stringify(chainProgram([1, 2])));
  change(copy as never);
  return JSON.parse(JSON.stringify(copy));
}

describe("refuses", () => {
  const cases: readonly (readonly [string, (program: never) => void, string])[] = [
    ["another format", (p: never) => set(p, "format", "onnx"), "/format"],
    ["an unknown field", (p: never) => set(p, "extra", 1), "additional properties"],
    ["a missing part", (p: never) => set(p, "memory", undefined), "'memory'"],
    ["a buffer of 6 bytes", (p: never) => set(p, "buffers/0/bytes", 6), "/buffers/0/bytes"],
    ["an unknown kind", (p: never) => set(p, "buffers/0/kind", "spare"), "/buffers/0/kind"],
    ["data that is no base64", (p: never) => set(p, "buffers/1/data", "%%"), "/buffers/1/data"],
    ["data of another length", (p: never) => set(p, "buffers/1/data", ""), "0 bytes of data for 8"],
    ["data in scratch", (p: never) => set(p, "buffers/2/data", "AA=="), "/buffers/2"],
    ["a grid of two", (p: never) => set(p, "dispatches/0/grid", [1, 1]), "/dispatches/0/grid"],
    ["an empty grid", (p: never) => set(p, "dispatches/0/grid", [0, 1, 1]), "/dispatches/0/grid"],
    ["a buffer twice", (p: never) => set(p, "dispatches/0/buffers", [0, 1, 1]), "stands twice"],
    ["too few windows", (p: never) => set(p, "dispatches/0/windows", [null]), "1 windows for 3"],
    [
      "a window beyond the end",
      (p: never) => set(p, "dispatches/0/windows", [{ offset: 256, bytes: 4 }, null, null]),
      "ends beyond the buffer 0",
    ],
    [
      "a window at no multiple of 256",
      (p: never) => set(p, "dispatches/0/windows", [{ offset: 4, bytes: 4 }, null, null]),
      "/dispatches/0/windows/0",
    ],
    ["no such buffer", (p: never) => set(p, "dispatches/0/buffers", [0, 1, 9]), "no buffer 9"],
    ["no such shader", (p: never) => set(p, "dispatches/1/shader", 4), "dispatch 1 (second)"],
    ["too few bindings", (p: never) => set(p, "dispatches/0/buffers", [0]), "1 buffers for 3"],
    [
      "writing an input",
      (p: never) => set(p, "dispatches/0/buffers", [2, 1, 0]),
      "the input buffer",
    ],
    [
      "a short uniform block",
      (p: never) => set(p, "dispatches/0/uniforms", [2]),
      "1 uniform words",
    ],
    ["a negative word", (p: never) => set(p, "dispatches/0/uniforms", [-1, 0, 0, 0]), "uniforms/0"],
    ["a tensor too big", (p: never) => set(p, "outputs/0/shape", [3]), "12 bytes in a buffer of 8"],
    ["an input in scratch", (p: never) => set(p, "inputs/0/buffer", 2), "in a scratch buffer"],
    [
      "a wrong sum",
      (p: never) => set(p, "memory/scratch", 8),
      "scratch buffers take 16 bytes, not 8",
    ],
  ];
  test.each(cases)("%s", (_, change, text) => {
    expect(() => validateProgram(broken(change))).toThrow(text);
  });

  test("what is no JSON", () => {
    expect(() => parseProgram("{")).toThrow("it is no JSON");
  });
});

/** Sets the value at a path such as `buffers/0/bytes`. */
function set(value: unknown, path: string, to: unknown): void {
  const keys = path.split("/");
  const last = keys.pop() ?? "";
  let at = value as Record<string, unknown>;
  for (const key of keys) at = at[key] as Record<string, unknown>;
  at[last] = to;
}
