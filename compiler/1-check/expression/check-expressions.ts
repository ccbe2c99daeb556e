/** Expression objectives beside the rest of the model: does a gradient leave them, are their parameters their own. */
import { help } from "../../../grammar/message.ts";
import { lossWithoutGradient, parameterTaken } from "../../../grammar/messages/expressions.ts";
import { type Span, startTogether } from "../../../grammar/source.ts";
import type { CheckedModel, CheckedModule, ExpressionObjective } from "../model.ts";
import { modulesOfOutputs } from "../reach.ts";
import type { Sink } from "../sink.ts";
import { reachedByGradient } from "./gradient.ts";
import { ownParameters, type TermParameter, termsIn } from "./term.ts";

/** Runs over a model whose parts are all there. */
export function checkExpressions(model: CheckedModel, sink: Sink): void {
  const written = [...model.objectives.values()].filter((each) => each.variant === "expression");
  for (const objective of written) checkGradient(objective, model, sink);
  checkParameters(written, model, sink);
}

function checkGradient(objective: ExpressionObjective, model: CheckedModel, sink: Sink): void {
  const { parameters, outputs, ends } = reachedByGradient(objective);
  const names = modulesOfOutputs(outputs, model);
  const isTrained = names.some((name) => model.modules.get(name)?.state.value === "trainable");
  if (parameters.length > 0 || isTrained) return;
  const frozen = [...new Set(names)].flatMap((name) => model.modules.get(name) ?? []);
  const loss = objective.values.find(({ name }) => name === "loss");
  sink.report(
    lossWithoutGradient,
    { objective: objective.name },
    {
      primary: {
        span: loss?.term.span ?? objective.header,
        text: "no weight would change",
      },
      labels: [
        ...ends,
        ...frozen.map(({ state }) => ({ span: state.span, text: "not updated", apart: true })),
      ],
      notes: [help("the loss must depend smoothly on something `trainable` or `learned`")],
    },
  );
}

interface Owned {
  readonly parameter: TermParameter;
  readonly by: string;
}

/** Two uses of one path must be one and the same tensor, and none may stand among the weights of a module. */
function checkParameters(
  written: readonly ExpressionObjective[],
  model: CheckedModel,
  sink: Sink,
): void {
  const known = new Map<string, Owned>();
  for (const owned of headParameters(model)) known.set(owned.parameter.path, owned);
  for (const objective of written) {
    const all = objective.values.flatMap(({ term }) => termsIn(term).flatMap(ownParameters));
    for (const parameter of all) {
      const { path, span } = parameter;
      const module = [...model.modules.values()].find((each) => isAmong(path, each));
      if (module !== undefined) {
        report(sink, path, `is a weight of \`${module.name}\``, span, module.header);
        continue;
      }
      const other = known.get(path);
      if (other === undefined) known.set(path, { parameter, by: objective.name });
      else if (!isSame(other.parameter, parameter))
        report(sink, path, "is two different tensors", span, other.parameter.span);
      else if (!parameter.isNamed && !startTogether(span, other.parameter.span))
        report(sink, path, "is asked for twice", span, other.parameter.span);
    }
  }
}

function report(sink: Sink, path: string, by: string, span: Span, other: Span): void {
  sink.report(
    parameterTaken,
    { path, by },
    {
      primary: { span, text: "asked for here" },
      labels: [{ span: other, text: "and here" }],
      notes: [help('another `name: "…"` keeps them apart')],
    },
  );
}

function isSame(x: TermParameter, y: TermParameter): boolean {
  const facts = ({ shape, init }: TermParameter) => JSON.stringify([shape, init]);
  return facts(x) === facts(y);
}

/** Where the weights of each kind of module stand in checkpoints. */
const roots: Readonly<Record<CheckedModule["kind"], readonly string[]>> = {
  encoder: ["visual_encoder."],
  "text-encoder": ["Qformer."],
  queries: ["query_tokens"],
  qformer: ["Qformer.", "ln_vision.", "query_tokens"],
  adapter: ["opt_proj."],
  lm: ["opt_model."],
};

function isAmong(path: string, { kind, prefix }: CheckedModule): boolean {
  const isSet = (kind === "queries" || kind === "qformer") && path.endsWith(".query_tokens");
  return (
    isSet ||
    roots[kind].some((root) => `${path}.`.startsWith(prefix + root) || path === prefix + root)
  );
}

/** Parameters of the built-in objectives, with the names that an expression may share. */
function headParameters(model: CheckedModel): readonly Owned[] {
  const objectives = [...model.objectives.values()];
  return objectives.flatMap((objective): readonly Owned[] => {
    const { name, variant, header } = objective;
    const isFirst = objectives.find((each) => each.variant === variant) === objective;
    const own = (path: string, shape: readonly number[], init: TermParameter["init"]): Owned => ({
      parameter: { path, isNamed: true, shape, init, span: header },
      by: name,
    });
    const linear = (path: string, before: number, width: number): readonly Owned[] => {
      const init = { kind: "uniform", bound: 1 / Math.sqrt(before) } as const;
      return [own(`${path}.weight`, [width, before], init), own(`${path}.bias`, [width], init)];
    };
    if (variant === "contrastive") {
      const bridge = model.modules.get(objective.image.value.module);
      const reader = model.modules.get(objective.text.value.module);
      if (bridge?.kind !== "qformer" || reader?.kind !== "qformer") return [];
      const place = `${bridge.prefix}${isFirst ? "" : `${name}.`}`;
      const width = objective.width.value;
      const { value, learned } = objective.temperature.value;
      return [
        ...linear(`${place}vision_proj`, bridge.width, width),
        ...linear(`${place}text_proj`, reader.width, width),
        ...(learned ? [own(`${place}temp`, [], { kind: "constant", value })] : []),
      ];
    }
    if (variant === "matching") {
      const bridge = model.modules.get(objective.pair.value.module);
      return bridge?.kind === "qformer" ? linear(`${bridge.prefix}itm_head`, bridge.width, 2) : [];
    }
    return [];
  });
}
