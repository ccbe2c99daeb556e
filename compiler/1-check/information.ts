/** What is worth knowing of a pipeline without faults: gradients through frozen modules, seeds that nobody wrote. */
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { help, note, report } from "../../grammar/message.ts";
import { gradientThroughBlocks, gradientThroughFrozen } from "../../grammar/messages/freezing.ts";
import { fewerNegatives, seedNotSaid } from "../../grammar/messages/lints.ts";
import type { CheckedModel, LanguageObjective } from "./model.ts";
import { coversBlock, partText } from "./module-part.ts";
import { modulesOfCall } from "./reach.ts";

/** Messages of severity `info`: gradients in order of stages and objectives, then seeds and contrasts of micro-batches. */
export function information(model: CheckedModel): readonly Diagnostic[] {
  return [
    ...throughFrozen(model),
    ...throughBlocks(model),
    ...withoutSeed(model),
    ...ofMicroBatches(model),
  ];
}

/** Contrasts that compare less than a step holds. */
function ofMicroBatches(model: CheckedModel): readonly Diagnostic[] {
  return [...model.stages.values()].flatMap(({ accumulate, minimize, whole, data }) => {
    const batch = model.data.get(data.value)?.batch.value;
    if (accumulate.value === 1 || batch === undefined) return [];
    const contrasts = minimize.filter(({ objective: name }) =>
      /contrastive$/.test(model.objectives.get(name)?.variant ?? ""),
    );
    const isWhole = (name: string) => whole.some(({ value }) => value === name);
    const names = contrasts.map(({ objective }) => objective);
    return contrasts
      .filter(({ objective }) => !isWhole(objective))
      .map(({ objective, span }) =>
        report(
          fewerNegatives,
          { objective, records: Math.floor(batch / accumulate.value), batch },
          {
            primary: { span: accumulate.span, text: "each micro-batch by itself" },
            labels: [{ span, text: "", apart: true }],
            notes: [help(`write \`whole = [${names.join(", ")}]\` to compare all of them`)],
          },
        ),
      );
  });
}

/** Modules whose frozen blocks have something trainable before them. */
function throughBlocks(model: CheckedModel): readonly Diagnostic[] {
  return [...model.modules.values()].flatMap((module) => {
    const { name, state, freeze } = module;
    const ranges = freeze.value.filter((part) => part.kind === "blocks");
    const last = ranges.toSorted((a, b) => a.to - b.to).at(-1);
    if (state.value === "frozen" || last === undefined) return [];
    const isFirst = !freeze.value.some(({ kind }) => kind === "embeddings");
    const open = Array.from({ length: last.from }, (_, index) => index).find(
      (index) => !coversBlock(freeze.value, index),
    );
    if (!isFirst && open === undefined) return [];
    const before = isFirst ? "embeddings" : `block ${open}`;
    return [
      report(
        gradientThroughBlocks,
        { part: partText(last), name, before },
        {
          primary: { span: freeze.span, text: "weights are fixed, activations are not" },
          labels: [{ span: state.span, text: "what is not named trains" }],
          notes: [
            help(
              "config" in module && module.config["layers"] === last.to
                ? `write \`frozen\` in front of \`${name}\` to keep all of it`
                : `write \`freeze = [embeddings, blocks[0..${last.to}]]\` to end the backward pass at block ${last.to}`,
            ),
          ],
        },
      ),
    ];
  });
}

function withoutSeed(model: CheckedModel): readonly Diagnostic[] {
  return [...model.stages.values()]
    .filter(({ seed }) => seed.isDefault)
    .map(({ name, header, seed }) =>
      report(
        seedNotSaid,
        { stage: name, seed: seed.value },
        {
          primary: { span: header, text: "" },
          notes: [help(`write \`seed = ${seed.value}\` to say that it is meant`)],
        },
      ),
    );
}

function throughFrozen(model: CheckedModel): readonly Diagnostic[] {
  const said = new Set<string>();
  return [...model.stages.values()].flatMap((stage) =>
    stage.minimize.flatMap(({ objective: name }) => {
      const objective = model.objectives.get(name);
      if (objective?.variant !== "language" || said.has(objective.model.value)) return [];
      const found = throughModel(objective, model);
      if (found === undefined) return [];
      said.add(objective.model.value);
      return [found];
    }),
  );
}

function throughModel(objective: LanguageObjective, model: CheckedModel): Diagnostic | undefined {
  const lm = model.modules.get(objective.model.value);
  const adapter = objective.prefix && model.modules.get(objective.prefix.value);
  if (lm?.kind !== "lm" || lm.state.value !== "frozen") return undefined;
  if (adapter?.kind !== "adapter" || objective.prefix === undefined) return undefined;
  const before = modulesOfCall(adapter.input.value, model).flatMap(
    (name) => model.modules.get(name) ?? [],
  );
  const trained = [adapter, ...before].find(({ state }) => state.value === "trainable");
  if (trained === undefined) return undefined;
  const still = before.find(({ kind, state }) => kind === "encoder" && state.value === "frozen");
  const unlike =
    still === undefined
      ? ""
      : `, unlike those of \`${still.name}\`,\nwhich has no trainable input; shown by: blipc plan --why memory`;
  const { source, start } = objective.prefix.span;
  const lineStart = source.text.lastIndexOf("\n", start) + 1;
  const from = lineStart + (/^\s*/.exec(source.text.slice(lineStart))?.[0].length ?? 0);
  return report(
    gradientThroughFrozen,
    { frozen: lm.name, trainable: trained.name },
    {
      primary: {
        span: { source, start: from, end: objective.prefix.span.end },
        text: "trainable input",
      },
      labels: [
        {
          span: lm.state.span,
          text: "weights are fixed, activations are not",
          apart: true,
        },
      ],
      notes: [
        note(
          `so the activations of its ${lm.config["layers"]} layers must be kept for the backward pass${unlike}`,
        ),
      ],
    },
  );
}
