/** Tests of a checked pipeline -> what holds, worked out from its plan without a device. */
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { note, report } from "../../grammar/message.ts";
import { assertFails } from "../../grammar/messages/stages.ts";
import { textOf } from "../../grammar/source.ts";
import type { CheckedAssert, CheckedModel, CheckedModule, Term } from "../1-check/model.ts";
import { limitDiagnostic } from "./limit.ts";
import { type PlanReport, planReport } from "./plan-report.ts";

/** How one test ended. */
export interface TestOutcome {
  readonly name: string;
  readonly asserts: number;
  /** One message for each assert that does not hold. */
  readonly failures: readonly Diagnostic[];
}

/** A shape has `B` where the batch stands. */
type Result = number | string | boolean | readonly Result[];

/** Every test in order, then the limits of memory of all stages that have one. Numbers are those of `planReport`: parameters exact, memory for the least that WebGPU promises. */
export function runTests(model: CheckedModel): readonly TestOutcome[] {
  const plans = new Map<string, PlanReport>();
  const planOf = (stage: string): PlanReport => {
    const known = plans.get(stage) ?? planReport(model, stage);
    plans.set(stage, known);
    return known;
  };
  const limited = [...model.stages.values()].filter(({ memory }) => memory.value !== undefined);
  return [
    ...model.tests.map(({ name, asserts }) => ({
      name,
      asserts: asserts.length,
      failures: asserts.flatMap((each) => failureOf(each, name, { model, planOf }) ?? []),
    })),
    ...limited.map((stage) => {
      const found = limitDiagnostic(planOf(stage.name), model);
      return {
        name: `memory of ${stage.name}`,
        asserts: 1,
        failures: found === undefined ? [] : [found],
      };
    }),
  ];
}

interface Facts {
  readonly model: CheckedModel;
  readonly planOf: (stage: string) => PlanReport;
}

function failureOf(each: CheckedAssert, test: string, facts: Facts): Diagnostic | undefined {
  const { condition, message } = each;
  if (resultOf(condition, facts) === true) return undefined;
  const isComparison = condition.kind === "binary" && /^([=!]=|[<>]=?)$/.test(condition.operator);
  const sides = isComparison ? [condition.left, condition.right] : [condition];
  const isSize = sides.some(isMemory);
  const labels = sides.map((side) => ({
    span: side.span,
    text: said(side, resultOf(side, facts), isSize),
  }));
  const [first, ...others] = labels;
  const text = textOf(condition.span).replace(/\s+/g, " ");
  return report(
    assertFails,
    { test, message: message ?? `\`${text}\` does not hold` },
    {
      primary: first!,
      labels: others.filter(({ text: value }) => value !== ""),
      notes: [
        ...(message === undefined ? [] : [note(`\`${text}\` does not hold`)]),
        ...(isSize
          ? [note("memory is exact for the least that WebGPU promises of an adapter")]
          : []),
      ],
    },
  );
}

function isMemory(term: Term): boolean {
  if (term.kind === "memory") return true;
  if (term.kind === "binary") return isMemory(term.left) || isMemory(term.right);
  return false;
}

/** What stands beside a side of a comparison; empty for a literal, which says it itself. */
function said(term: Term, value: Result, isSize: boolean): string {
  if (term.kind === "value" || term.kind === "list") {
    return typeof value === "number" && !isSize && value >= 1e4 ? `= ${shown(value, false)}` : "";
  }
  return `is ${shown(value, isSize)}`;
}

function shown(value: Result, isSize: boolean): string {
  if (typeof value === "object") return `[${value.map((each) => shown(each, false)).join(", ")}]`;
  if (typeof value !== "number") return `${value}`;
  if (isSize) {
    if (value >= 2 ** 30) return `${(value / 2 ** 30).toFixed(2)} GiB`;
    return value >= 2 ** 20 ? `${(value / 2 ** 20).toFixed(2)} MiB` : `${value} B`;
  }
  return Number.isInteger(value) ? String(value).replace(/\B(?=(\d{3})+$)/g, "_") : String(value);
}

function resultOf(term: Term, facts: Facts): Result {
  switch (term.kind) {
    case "value":
      return term.value;
    case "list":
      return term.items.map((item) => resultOf(item, facts));
    case "params":
      return parameters(term.of, facts);
    case "memory":
      return facts.planOf(term.stage).memory.total;
    case "flops": {
      const { compute } = facts.planOf(term.stage);
      return compute.forward + compute.backward;
    }
    case "shape": {
      const module = facts.model.modules.get(term.module);
      return module === undefined ? [] : shapeOf(module, term.port);
    }
    case "unary": {
      const value = resultOf(term.operand, facts);
      return term.operator === "not" ? value !== true : -Number(value);
    }
    case "binary":
      return binary(term.operator, resultOf(term.left, facts), resultOf(term.right, facts));
  }
}

/** Parameters by owner, over all stages: a module may be in only one of them. */
function parameters(of: Extract<Term, { kind: "params" }>["of"], { model, planOf }: Facts): number {
  const found = new Map<string, PlanReport["modules"][number]>();
  for (const stage of model.stages.keys()) {
    for (const each of planOf(stage).modules) {
      const known = found.get(each.name);
      if (known === undefined || known.parameters < each.parameters) found.set(each.name, each);
    }
  }
  const counts = [...found.values()].map(({ name, parameters, frozen }) => {
    if (of === "all") return parameters;
    if ("module" in of) return name === of.module ? parameters : 0;
    return of.state === "frozen" ? frozen : parameters - frozen;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Of what a module gives, with `B` for the batch; of an adapter its matrix, of queries the tokens. */
function shapeOf(module: CheckedModule, port: string | undefined): readonly Result[] {
  switch (module.kind) {
    case "encoder":
      if (port === "cls") return ["B", module.width];
      return ["B", module.tokens, module.width];
    case "text-encoder":
      return ["B", module.width];
    case "queries":
      return [module.count.value, module.width.value];
    case "qformer":
      return ["B", (module.config["queries"] as number | undefined) ?? 0, module.width];
    case "adapter":
      return [module.inputWidth, module.outputWidth];
    case "lm":
      return [module.vocabulary, module.width];
  }
}

function binary(operator: string, left: Result, right: Result): Result {
  if (operator === "==") return isSame(left, right);
  if (operator === "!=") return !isSame(left, right);
  if (operator === "and") return left === true && right === true;
  if (operator === "or") return left === true || right === true;
  const [x, y] = [Number(left), Number(right)];
  switch (operator) {
    case "<":
      return x < y;
    case "<=":
      return x <= y;
    case ">":
      return x > y;
    case ">=":
      return x >= y;
    case "+":
      return x + y;
    case "-":
      return x - y;
    case "*":
      return x * y;
    case "/":
      return x / y;
    default:
      return x % y;
  }
}

function isSame(left: Result, right: Result): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
