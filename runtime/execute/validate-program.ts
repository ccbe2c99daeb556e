/** JSON text → a program that holds together: first the schema, then what no schema can say. */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import schema from "../../compiler/program.schema.json" with { type: "json" };
import type { Program } from "../../compiler/program.ts";
import { faultsOf } from "./check-program.ts";

/** A program from outside that cannot be run; `faults` has one sentence for each reason. */
export class BrokenProgram extends Error {
  override readonly name = "BrokenProgram";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    const shown = faults.slice(0, 20);
    const more = faults.length - shown.length;
    super(
      `The program is broken:\n${shown.map((fault) => `  ${fault}`).join("\n")}${more > 0 ? `\n  and ${more} more` : ""}`,
    );
    this.faults = faults;
  }
}

let validate: ValidateFunction | undefined;

/**
 * Checks a value from outside.
 * @throws `BrokenProgram`
 */
export function validateProgram(value: unknown): Program {
  validate ??= new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(
    schema,
  );
  if (!validate(value)) {
    const faults = (validate.errors ?? []).map(
      (error) => `${error.instancePath === "" ? "/" : error.instancePath} ${error.message ?? ""}`,
    );
    throw new BrokenProgram(faults);
  }
  const program = value as Program;
  const faults = faultsOf(program);
  if (faults.length > 0) throw new BrokenProgram(faults);
  return program;
}

/**
 * Reads a stored program.
 * @throws `BrokenProgram`, also for text that is no JSON
 */
export function parseProgram(text: string): Program {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BrokenProgram([`it is no JSON: ${error instanceof Error ? error.message : error}`]);
  }
  return validateProgram(value);
}
