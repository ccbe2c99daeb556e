/** Checks that need several parts at once: gradients, batches, schedules, unused modules. */
import { hasErrors } from "../../grammar/diagnostic.ts";
import { help, note } from "../../grammar/message.ts";
import { cacheOfRandom, noGradient, nothingToTrain } from "../../grammar/messages/freezing.ts";
import { unusedModule } from "../../grammar/messages/lints.ts";
import {
  dataLacks,
  negativesMissing,
  onePair,
  warmupTooLong,
} from "../../grammar/messages/objectives.ts";
import { imageSizes } from "../../grammar/messages/types.ts";
import type { Span } from "../../grammar/source.ts";
import { questionPlace } from "../question-place.ts";
import type { Context } from "./context.ts";
import type { BlockDeclaration } from "./file-scope.ts";
import type {
  Amount,
  CheckedData,
  CheckedModel,
  CheckedModule,
  CheckedObjective,
  CheckedStage,
  EncoderModule,
} from "./model.ts";
import { isCommandLine } from "./params.ts";
import { checkMetric, checkStageCircle } from "./parts/checkpoints.ts";
import { recordsOf, sourcesOf } from "./parts/data.ts";
import { moduleKinds, type Parts } from "./parts/parts.ts";
import {
  modulesOfCall,
  modulesOfObjective,
  modulesWithGradient,
  textsOfObjective,
} from "./reach.ts";
import type { Sink } from "./sink.ts";
import { withUnderscores } from "./value.ts";

/** Runs every rule over a model whose parts are all there. */
export function checkRules(model: CheckedModel, parts: Parts): void {
  const { sink } = parts.context;
  for (const stage of model.stages.values()) {
    const objectives = stage.minimize.flatMap(
      ({ objective }) => model.objectives.get(objective) ?? [],
    );
    const data = model.data.get(stage.data.value);
    checkWarmup(stage, sink, data);
    if (data !== undefined) checkData(data, stage.data.span, objectives, model, sink);
    const held = stage.validate && model.data.get(stage.validate.data.value);
    if (stage.validate !== undefined && held !== undefined && held !== data)
      checkData(held, stage.validate.data.span, objectives, model, sink);
    const missing = checkNegatives(stage, objectives, sink);
    checkMetric(stage, model, missing, sink);
    checkStageCircle(stage, model, sink);
    checkTrainable(stage, objectives, model, parts.context);
  }
  if (!hasErrors(sink.diagnostics)) checkReach(model, parts);
}

/** Warns of modules that nothing refers to; needs no complete model. */
export function checkUnused(parts: Parts): void {
  const { context } = parts;
  if (!context.active.some(({ kind }) => kind === "stage")) return;
  for (const block of unusedModules(parts)) {
    if (block.name.startsWith("_")) continue;
    context.sink.report(
      unusedModule,
      { kind: block.kind, name: block.name },
      {
        primary: { span: block.identifier.span, text: "no objective or stage reads it" },
        notes: [
          help(
            block.kind === "adapter"
              ? `use it as \`prefix = ${block.name}\` in ${readerOf(block, parts)}, or delete it; name it \`_${block.name}\` to keep it on purpose`
              : `use it, or delete it; name it \`_${block.name}\` to keep it on purpose`,
          ),
        ],
      },
    );
  }
}

/** The language objective that could read an adapter. */
function readerOf(adapter: BlockDeclaration, parts: Parts): string {
  const module = parts.module(adapter);
  const target = module?.kind === "adapter" ? module.target.value : undefined;
  for (const block of parts.context.active) {
    const objective = block.kind === "objective" ? parts.objective(block) : undefined;
    if (objective?.variant !== "language" || objective.prefix !== undefined) continue;
    if (objective.model.value === target) return `\`${objective.name}\``;
  }
  return "a language objective";
}

function unusedModules({ context, referenced }: Parts): readonly BlockDeclaration[] {
  return context.active.filter((block) => moduleKinds.has(block.kind) && !referenced.has(block));
}

/** Steps of an amount, as far as the file alone can tell. */
function stepsOf(amount: Amount, data: CheckedData | undefined): number | undefined {
  if (amount.unit === "steps" || amount.value === 0) return amount.value;
  const batch = data?.batch.value;
  if (batch === undefined) return undefined;
  if (amount.unit === "samples") return amount.value / batch;
  const records = data === undefined ? undefined : recordsOf(data);
  return records === undefined ? undefined : (amount.value * records) / batch;
}

function checkWarmup(stage: CheckedStage, sink: Sink, data: CheckedData | undefined): void {
  const { train, schedule } = stage;
  const { warmup } = schedule;
  const isSameUnit = warmup.value.unit === train.value.unit;
  const rise = isSameUnit ? warmup.value.value : stepsOf(warmup.value, data);
  const end = isSameUnit ? train.value.value : stepsOf(train.value, data);
  if (rise === undefined || end === undefined || rise <= end) return;
  const shorter = Math.max(1, Math.round(train.value.value / 10));
  sink.report(
    warmupTooLong,
    {},
    {
      primary: { span: warmup.span, text: "peak lr is first reached here" },
      labels: [{ span: train.span, text: "the run ends here" }],
      notes: [
        help(
          `shorten the warm-up, for example \`warmup = ${withUnderscores(shorter)} ${train.value.unit}\``,
        ),
      ],
    },
  );
}

function checkData(
  data: CheckedData,
  use: Span,
  objectives: readonly CheckedObjective[],
  model: CheckedModel,
  sink: Sink,
): void {
  const contrast = objectives.find(
    ({ variant }) => !["captioning", "language", "expression"].includes(variant),
  );
  if (data.batch.value === 1 && contrast !== undefined) {
    const variant = contrast.variant === "matching" ? "matching" : "contrastive";
    sink.report(
      onePair,
      { variant },
      {
        primary: {
          span: data.batch.span,
          text: isCommandLine(data.batch.span) ? "from the command line" : "",
        },
        labels: [{ span: contrast.variantSpan, text: "the loss is 0 for every input" }],
        notes: [help("use 32 or more")],
      },
    );
  }
  if (reportQuestions(data, use, objectives, model, sink)) return;
  const size = data.image.value.findLast((step) => "size" in step);
  for (const objective of objectives) {
    for (const name of modulesOfObjective(objective, model)) {
      const module = model.modules.get(name);
      if (module?.kind !== "encoder") continue;
      if (reportRandomCache(module, data, sink)) return;
      if (sourcesOf(data).some(({ kind }) => kind === "documents")) {
        sink.report(
          dataLacks,
          { data: data.name, lacks: "pictures", objective: objective.name },
          {
            primary: { span: use, text: "documents are text alone" },
            labels: [{ span: objective.header, text: `looks at pictures through \`${name}\`` }],
          },
        );
        return;
      }
      if (size !== undefined && "size" in size && size.size !== module.imageSize.value) {
        sink.report(
          imageSizes,
          { data: data.name, given: size.size, vision: name, wanted: module.imageSize.value },
          {
            primary: { span: data.image.span, text: `ends at ${size.size} x ${size.size}` },
            labels: [
              {
                span: module.imageSize.span,
                text: `${module.imageSize.value} x ${module.imageSize.value}`,
              },
            ],
            notes: [help("use one param for both")],
          },
        );
        return;
      }
    }
  }
}

/** True when it was reported that a text reads questions of records that have none. */
function reportQuestions(
  data: CheckedData,
  use: Span,
  objectives: readonly CheckedObjective[],
  model: CheckedModel,
  sink: Sink,
): boolean {
  if (sourcesOf(data).every(({ kind }) => kind === "vqa")) return false;
  for (const objective of objectives) {
    for (const name of textsOfObjective(objective, model)) {
      const text = model.texts.get(name);
      if (text === undefined) continue;
      const isFilled = text.prompt.value.includes(questionPlace);
      if (!isFilled && text.field.value !== "question") continue;
      sink.report(
        dataLacks,
        { data: data.name, lacks: "questions", objective: objective.name },
        {
          primary: { span: use, text: "only records of `vqa` have them" },
          labels: [
            {
              span: isFilled ? text.prompt.span : text.field.span,
              text: `\`${name}\` reads the question`,
            },
          ],
        },
      );
      return true;
    }
  }
  return false;
}

/** True when it was reported that pictures change although their features are kept. */
function reportRandomCache(module: EncoderModule, data: CheckedData, sink: Sink): boolean {
  const random = data.image.value.filter(({ kind }) => kind.startsWith("random_"));
  if (module.cache.value === undefined || random.length === 0) return false;
  const names = random.map(({ kind }) => `\`${kind}\``).join(" and ");
  sink.report(
    cacheOfRandom,
    { name: module.name, data: data.name },
    {
      primary: { span: module.cache.span, text: "the same features for every epoch" },
      labels: [{ span: data.image.span, text: `${names}: another picture in every epoch` }],
      notes: [help(`take ${names} out of the chain, or leave \`cache\` out`)],
    },
  );
  return true;
}

/** Names of the objectives that negatives are drawn from and that the stage does not compute. */
function checkNegatives(
  stage: CheckedStage,
  objectives: readonly CheckedObjective[],
  sink: Sink,
): readonly string[] {
  const missing: string[] = [];
  for (const objective of objectives) {
    if (objective.variant !== "matching") continue;
    const negatives = objective.negatives.value;
    if (negatives.kind !== "hard") continue;
    const { from } = negatives;
    if (stage.minimize.some((term) => term.objective === from)) continue;
    missing.push(from);
    sink.report(
      negativesMissing,
      { objective: objective.name, from },
      {
        primary: { span: stage.minimizeSpan, text: `${from} is missing` },
        labels: [
          {
            span: objective.negatives.span,
            text: `needs the similarity matrix of ${from}`,
            apart: true,
          },
        ],
        notes: [help(`add \`1.0 * ${from}\`, or use \`negatives = random\``)],
      },
    );
  }
  return missing;
}

function checkTrainable(
  stage: CheckedStage,
  objectives: readonly CheckedObjective[],
  model: CheckedModel,
  context: Context,
): void {
  const names = new Set(objectives.flatMap((objective) => modulesOfObjective(objective, model)));
  const modules = [...names].flatMap((name) => model.modules.get(name) ?? []);
  if (modules.length === 0 || modules.some(({ state }) => state.value === "trainable")) return;
  // What an expression learns of its own, and whether that is reached, is checked with the expression.
  if (objectives.some(({ variant }) => variant === "expression")) return;
  const losses = stage.minimize.map(({ objective }) => `\`${objective}\``).join(", ");
  // A tower that only reads pictures is frozen in every recipe: naming it would hide the others.
  const rest = modules.filter(({ kind }) => kind !== "encoder");
  const named = (rest.length > 0 ? rest : modules).toSorted(
    (a, b) => a.state.span.start - b.state.span.start,
  );
  const labels = named.map(({ state }, index) => ({
    span: state.span,
    text: index === named.length - 1 ? `every module on the path to ${losses} is frozen` : "",
    apart: true,
  }));
  context.sink.report(
    nothingToTrain,
    { stage: stage.name },
    {
      primary: { span: stage.minimizeSpan, text: "no weight would receive a gradient" },
      labels,
      notes: [help(trainedInBlip2(named))],
    },
  );
}

/** Which of the modules BLIP-2 trains; what to write when it would train none of them. */
function trainedInBlip2(modules: readonly CheckedModule[]): string {
  const trained = modules.filter(({ kind }) => /^(queries|qformer|adapter)$/.test(kind));
  if (trained.length === 0)
    return "write `trainable` in front of the parts that this stage should train";
  const names = trained.map(({ name }) => name);
  const list = [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");
  const fresh = trained.find(({ kind }) => kind === "adapter");
  const risk =
    fresh === undefined ? "" : `; ${fresh.name} is new, so freezing it leaves random weights`;
  return `BLIP-2 trains ${list} here${risk}`;
}

/** Trainable modules that are wired to something, but on which nothing that is minimized depends. */
function checkReach(model: CheckedModel, parts: Parts): void {
  if (model.stages.size === 0) return;
  const reached = new Set<string>();
  const paths: string[] = [];
  for (const stage of model.stages.values()) {
    const path: string[] = [];
    for (const { objective: name } of stage.minimize) {
      const objective = model.objectives.get(name);
      if (objective === undefined) return;
      const modules = modulesWithGradient(objective, model);
      for (const module of modules) reached.add(module);
      const trained = modules.filter(
        (each) => model.modules.get(each)?.state.value === "trainable",
      );
      path.push(`${name} -> ${trained.join(" and ") || "nothing"}`);
    }
    paths.push(`gradient paths of stage \`${stage.name}\`: ${path.join(", ")}`);
  }
  const unused = unusedModules(parts).flatMap(({ name }) => model.modules.get(name) ?? []);
  for (const module of unused) {
    const read = module.kind === "adapter" ? modulesOfCall(module.input.value, model) : [];
    for (const name of read) reached.add(name);
  }
  for (const block of parts.context.active) {
    const module = model.modules.get(block.name);
    if (module === undefined || module.state.value !== "trainable") continue;
    if (reached.has(module.name) || !parts.referenced.has(block)) continue;
    const { span } = module.state;
    parts.context.sink.report(
      noGradient,
      { name: module.name },
      {
        primary: { span, text: "would stay at its initial values" },
        notes: paths.map(note),
      },
    );
  }
}
