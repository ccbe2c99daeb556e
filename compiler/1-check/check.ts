/** Source -> checked model and messages: imports followed, names resolved, everything fitted together. */
import type { Statement } from "../../grammar/ast.ts";
import { type Diagnostic, hasErrors, sortDiagnostics } from "../../grammar/diagnostic.ts";
import { help } from "../../grammar/message.ts";
import { misplacedBlock } from "../../grammar/messages/names.ts";
import { parse } from "../../grammar/parse.ts";
import { type Source, type Span, textOf } from "../../grammar/source.ts";
import { Context } from "./context.ts";
import { checkContinuations } from "./continuation.ts";
import { describedKind } from "./described-kind.ts";
import { checkExpressions } from "./expression/check-expressions.ts";
import { type FileScope, lookUp } from "./file-scope.ts";
import { withoutFollowers } from "./followers.ts";
import { checkFrozenAnew } from "./frozen-anew.ts";
import { information } from "./information.ts";
import { checkLints } from "./lints.ts";
import { loadPipeline, type Resolve } from "./load-files.ts";
import type { CheckedModel, CheckedTest, ParameterValue, Placed } from "./model.ts";
import { adapterModule } from "./parts/adapter.ts";
import { checkedData } from "./parts/data.ts";
import { encoderModule } from "./parts/encoder.ts";
import { lmModule } from "./parts/language-model.ts";
import { checkedObjective } from "./parts/objective.ts";
import { moduleKinds, type PartMakers, Parts } from "./parts/parts.ts";
import { qformerModule, queriesModule } from "./parts/qformer.ts";
import { checkedStage } from "./parts/stage.ts";
import { checkedTests } from "./parts/tests.ts";
import { checkedText } from "./parts/text.ts";
import { checkRules, checkUnused } from "./rules.ts";
import { Sink } from "./sink.ts";
import { standardSource } from "./standard-library.ts";
import { checkWithoutQueries } from "./unread-queries.ts";
import type { Value } from "./value.ts";

/** A file that the pipeline imports, and where it says so. */
export interface ImportedFile {
  /** Name of its source. */
  readonly name: string;
  readonly span: Span;
}

export interface CheckResult {
  /** Undefined when there is an error. */
  readonly model: CheckedModel | undefined;
  /** All of the pipeline, in reading order. */
  readonly diagnostics: readonly Diagnostic[];
  /** What is worth knowing and no fault, such as gradients through frozen modules; empty when there is an error. */
  readonly information: readonly Diagnostic[];
  /** Of the file itself, those of the standard library left out. */
  readonly imports: readonly ImportedFile[];
}

/**
 * Checks a pipeline. Pure; never throws, whatever the text. `overrides` are sources of `path = value` lines, weakest
 * first; those of the command line are named `--set`. `resolve` gives equal names to equal files; what it does not
 * find is looked for in the standard library.
 */
export function check(source: Source, overrides: readonly Source[], resolve: Resolve): CheckResult {
  const sink = new Sink();
  const root = loadPipeline(source, overrides, resolve, parse, sink);
  const context = new Context(root, sink);
  const parts = new Parts(context, makers);
  const model = assemble(parts);
  context.params.reportBrokenRules();
  if (!hasErrors(sink.diagnostics)) {
    checkExpressions(model, sink);
    checkRules(model, parts);
    checkContinuations(model, parts);
    checkFrozenAnew(model, parts);
    checkUnused(parts);
    if (!hasErrors(sink.diagnostics)) checkLints(model, parts);
  }
  const diagnostics = sortDiagnostics(withoutFollowers(sink.diagnostics, context.root));
  const isBroken = hasErrors(diagnostics);
  return {
    model: isBroken ? undefined : model,
    diagnostics,
    information: isBroken ? [] : information(model),
    imports: importedFiles(context.root),
  };
}

function importedFiles(root: FileScope): readonly ImportedFile[] {
  return root.document.statements.flatMap((statement) => {
    if (statement.kind !== "import" || statement.from.kind === "missing") return [];
    const name = statement.alias ?? statement.names?.[0];
    const declared = name?.kind === "identifier" ? root.names.get(name.text) : undefined;
    const target = declared && "target" in declared ? declared.target : undefined;
    const isOwn = target !== undefined && standardSource(statement.from.value) !== target.source;
    return isOwn ? [{ name: target.source.name, span: statement.from.span }] : [];
  });
}

const makers: PartMakers = {
  module(block, parts) {
    switch (block.kind) {
      case "encoder":
        return encoderModule(block, parts);
      case "queries":
        return queriesModule(block, parts);
      case "qformer":
        return qformerModule(block, parts);
      case "adapter":
        return adapterModule(block, parts);
      case "lm":
        return lmModule(block, parts);
      default:
        return undefined;
    }
  },
  text: checkedText,
  objective: checkedObjective,
  data: checkedData,
  stage: checkedStage,
};

function assemble(parts: Parts): CheckedModel {
  const { context } = parts;
  const model = {
    file: context.root.source.name,
    parameters: parameters(context),
    modules: new Map(),
    texts: new Map(),
    objectives: new Map(),
    data: new Map(),
    stages: new Map(),
    tests: [] as CheckedTest[],
  } satisfies CheckedModel;
  const add = <T extends { readonly name: string }>(to: Map<string, T>, part: T | undefined) => {
    if (part !== undefined) to.set(part.name, part);
  };
  for (const block of context.active) {
    if (block.kind === "test") continue;
    if (moduleKinds.has(block.kind)) add(model.modules, parts.module(block));
    else if (block.kind === "text") add(model.texts, parts.text(block));
    else if (block.kind === "objective") add(model.objectives, parts.objective(block));
    else if (block.kind === "data") add(model.data, parts.data(block));
    else if (block.kind === "stage") add(model.stages, parts.stage(block));
    else context.view(block);
  }
  for (const block of parts.referenced) {
    if (block.kind === "text") add(model.texts, parts.text(block));
    if (block.kind === "data") add(model.data, parts.data(block));
  }
  for (const scope of [context.root, ...context.root.extended]) {
    for (const statement of scope.document.statements) {
      if (statement.kind === "block" && statement.name?.kind !== "identifier")
        describedKind(statement, undefined, context.sink);
      if (statement.kind === "setting") reportLooseSetting(statement, scope, context.sink);
    }
    model.tests.push(...checkedTests(scope, parts));
  }
  checkWithoutQueries(model, parts);
  return model;
}

/** A setting outside of every block: of a file of `--params` it would be the whole text, here it sets nothing. */
function reportLooseSetting(
  { path, span }: Extract<Statement, { kind: "setting" }>,
  scope: FileScope,
  sink: Sink,
): void {
  const [head] = path.segments;
  if (head?.kind !== "identifier") return;
  const known = lookUp(scope, head.text);
  const place =
    known?.declares === "param"
      ? `write the value behind \`param ${head.text}\``
      : known !== undefined
        ? `write it in the block \`${head.text}\``
        : "write it in the block it belongs to, or `param` in front of it";
  sink.report(
    misplacedBlock,
    { what: `the setting \`${textOf(path.span)}\` stands outside of every block` },
    {
      primary: { span, text: "sets nothing" },
      notes: [help(`${place}; \`--set\`, \`--params\` and \`extend\` change it from outside`)],
    },
  );
}

function parameters(context: Context): CheckedModel["parameters"] {
  const found = new Map<string, Placed<ParameterValue>>();
  for (const scope of [...context.root.extended, context.root]) {
    for (const declaration of scope.names.values()) {
      if (declaration.declares === "let")
        context.evaluator.declared(declaration, declaration.identifier.span);
      if (declaration.declares !== "param") continue;
      const value = context.params.value(declaration);
      const plain = plainValue(value);
      if (plain !== undefined)
        found.set(declaration.name, { value: plain, span: value.origin, isDefault: false });
    }
  }
  return found;
}

function plainValue(value: Value): ParameterValue | undefined {
  switch (value.kind) {
    case "number":
    case "string":
    case "boolean":
      return value.value;
    case "null":
      return null;
    case "list": {
      const items = value.items.map(plainValue);
      const known = items.filter((item) => item !== undefined);
      return known.length < items.length ? undefined : known;
    }
    default:
      return undefined;
  }
}
