/** A checked stage → its parts and how they feed each other, as plain data. */
import type {
  BridgeCall,
  CheckedModel,
  CheckedModule,
  CheckedObjective,
  TensorOutput,
} from "../../compiler/1-check/model.ts";
import { queriesOf, textsOf } from "../../compiler/1-check/self-sets.ts";

/** What a part is; pictures color by it. */
export type PartKind = "data" | "text" | "frozen" | "trainable" | "objective" | "stage";

/** One box. */
export interface GraphPart {
  readonly id: string;
  readonly kind: PartKind;
  /** First line. */
  readonly title: string;
  /** Lines under it. */
  readonly lines: readonly string[];
}

/** One arrow. */
export interface GraphFlow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** Boxes and arrows, in order of wiring. */
export interface PictureGraph {
  readonly name: string;
  readonly parts: readonly GraphPart[];
  readonly flows: readonly GraphFlow[];
}

/** The parts that a stage reaches from its objectives. `counts`: parameters by name of the block, where they are known. */
export function moduleGraph(
  model: CheckedModel,
  stageName: string,
  counts: ReadonlyMap<string, number> = new Map(),
): PictureGraph {
  const stage = model.stages.get(stageName)!;
  const parts = new Map<string, GraphPart>();
  const flows: GraphFlow[] = [];
  const data = model.data.get(stage.data.value);
  const dataId = `data ${stage.data.value}`;

  const batch = data?.batch.value ?? 0;
  const addData = () => {
    const source = data?.source.value;
    const from =
      source === undefined
        ? ""
        : "path" in source
          ? (source.path.split("/").at(-1) ?? "")
          : source.kind === "mix"
            ? `mix of ${source.of.map(({ data: part }) => part.name).join(", ")}`
            : `drawn: ${source.kind}`;
    const lines = [from, `batch ${batch}`];
    parts.set(dataId, { id: dataId, kind: "data", title: stage.data.value, lines });
  };
  const flow = (from: string, to: string, label: string) => {
    if (!flows.some((known) => known.from === from && known.to === to && known.label === label))
      flows.push({ from, to, label });
  };
  const addText = (name: string): string => {
    const id = `text ${name}`;
    if (parts.has(id)) return id;
    const text = model.texts.get(name);
    const lines = [text?.tokenizer.value ?? "", `${text?.maxLength.value ?? "?"} tokens`];
    parts.set(id, { id, kind: "text", title: name, lines });
    flow(dataId, id, `${text?.field.value ?? "caption"}s`);
    return id;
  };
  const addModule = (name: string): string => {
    const id = `module ${name}`;
    if (parts.has(id)) return id;
    const module = model.modules.get(name);
    if (module === undefined) return id;
    parts.set(id, { id, kind: module.state.value, title: name, lines: describe(module, counts) });
    wire(module, id);
    return id;
  };
  const addCall = (call: BridgeCall, to: string, label: string) => {
    const id = addModule(call.module);
    const module = model.modules.get(call.module);
    const inputs = [call.queries, call.text].filter((part) => part !== undefined);
    const queries = call.queries === undefined ? undefined : model.modules.get(call.queries);
    const rows = queries?.kind === "queries" ? [queries.count.value] : [];
    const width = module?.kind === "qformer" ? module.width : 0;
    const what = `${call.module}(${inputs.join(", ")})`;
    flow(id, to, `${label === "" ? what : `${label}: ${what}`}\n${sizes(batch, ...rows, width)}`);
  };
  const wire = (module: CheckedModule, id: string) => {
    switch (module.kind) {
      case "encoder":
        flow(
          dataId,
          id,
          `pictures\n${sizes(batch, 3, module.imageSize.value, module.imageSize.value)}`,
        );
        return;
      case "text-encoder":
        flow(addText(module.text.value), id, ids(module.text.value));
        return;
      case "queries":
      case "lm":
        return;
      case "qformer":
        flow(addModule(module.cross.value), id, `cross-attention\n${given(module.cross.value)}`);
        for (const name of queriesOf(module)) flow(addModule(name), id, `queries\n${given(name)}`);
        for (const name of textsOf(module)) flow(addText(name), id, ids(name));
        return;
      case "adapter":
        addCall(module.input.value, id, "");
        flow(id, addModule(module.target.value), `prefix\n${adapted(module)}`);
    }
  };
  /** `64 x 32` ids of a text block. */
  const tokensOf = (text: string) => sizes(batch, model.texts.get(text)?.maxLength.value ?? 0);
  const ids = (text: string) => `ids\n${tokensOf(text)}`;
  /** Shape of what a module gives. */
  const given = (name: string): string => {
    const module = model.modules.get(name);
    if (module?.kind === "encoder") return sizes(batch, module.tokens, module.width);
    if (module?.kind === "queries") return sizes(module.count.value, module.width.value);
    return "";
  };
  /** Shape of an adapter's result. */
  const adapted = (module: Extract<CheckedModule, { kind: "adapter" }>): string => {
    const queries = model.modules.get(module.input.value.queries ?? "");
    const rows = queries?.kind === "queries" ? [queries.count.value] : [];
    return sizes(batch, ...rows, module.outputWidth);
  };
  /** Shape of a language model's scores of a text. */
  const scores = (name: string, text: string): string => {
    const module = model.modules.get(name);
    const length = model.texts.get(text)?.maxLength.value ?? 0;
    return module?.kind === "lm" ? sizes(batch, length, module.vocabulary) : "";
  };
  const addObjective = (name: string): string => {
    const id = `objective ${name}`;
    const objective = model.objectives.get(name);
    if (objective === undefined) return id;
    parts.set(id, { id, kind: "objective", title: name, lines: [`${objective.variant} loss`] });
    feed(objective, id);
    return id;
  };
  const feed = (objective: CheckedObjective, id: string) => {
    switch (objective.variant) {
      case "contrastive":
        addCall(objective.image.value, id, "image");
        addCall(objective.text.value, id, "text");
        return;
      case "tower-contrastive":
        flow(addModule(objective.image.value), id, "image");
        flow(addModule(objective.text.value), id, "text");
        return;
      case "matching":
        addCall(objective.pair.value, id, "pair");
        if (objective.negatives.value.kind === "hard")
          flow(`objective ${objective.negatives.value.from}`, id, "hard negatives");
        return;
      case "captioning":
        addCall(objective.given.value, id, "given");
        flow(addText(objective.predict.value), id, `predict\n${tokensOf(objective.predict.value)}`);
        return;
      case "language":
        flow(
          addModule(objective.model.value),
          id,
          `logits\n${scores(objective.model.value, objective.predict.value)}`,
        );
        if (objective.prefix !== undefined) addModule(objective.prefix.value);
        flow(addText(objective.predict.value), id, `predict\n${tokensOf(objective.predict.value)}`);
        return;
      case "expression":
        for (const { output, shape } of objective.outputs) feedOutput(output, shape, id);
    }
  };
  const feedOutput = (output: TensorOutput, shape: string, id: string) => {
    if (output.kind === "mask") {
      flow(addText(output.text), id, `mask\n${shape}`);
    } else if (output.kind === "bridge") {
      const { module, queries, text } = output.call;
      const inputs = [queries, text].filter((part) => part !== undefined).join(", ");
      const row = output.rows === "first" ? ".cls" : "";
      flow(addModule(module), id, `${module}(${inputs})${row}\n${shape}`);
    } else flow(addModule(output.module), id, `${output.kind}\n${shape}`);
  };
  addData();
  const stageId = `stage ${stageName}`;
  for (const { objective, weight } of stage.minimize) {
    flow(addObjective(objective), stageId, weight === 1 ? "" : `x ${weight}`);
  }
  const { value, unit } = stage.train.value;
  const { name, lr } = stage.optimizer;
  parts.set(stageId, {
    id: stageId,
    kind: "stage",
    title: stageName,
    lines: ["stage", `${grouped(value)} ${unit}`, `${name}, lr ${lr.value}`],
  });
  return { name: `${model.file}#${stageName}`, parts: [...parts.values()], flows };
}

/** `64 x 257 x 1408` */
function sizes(...shape: readonly number[]): string {
  return shape.join(" x ");
}

function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** `985.9 M parameters` */
function counted(count: number | undefined): string {
  if (count === undefined) return "";
  if (count < 1e4) return `${grouped(count)} parameters`;
  if (count < 1e6) return `${(count / 1e3).toFixed(1)} k parameters`;
  return count < 1e9
    ? `${(count / 1e6).toFixed(1)} M parameters`
    : `${(count / 1e9).toFixed(2)} B parameters`;
}

function describe(module: CheckedModule, counts: ReadonlyMap<string, number>): readonly string[] {
  const size = counted(counts.get(module.name));
  const head = `${module.state.value} ${module.kind}`;
  switch (module.kind) {
    case "encoder":
      return [head, module.backbone.value, `${module.tokens} x ${module.width}`, size];
    case "text-encoder":
    case "lm":
    case "qformer":
      return [head, module.backbone.value, `width ${module.width}`, size];
    case "queries":
      return [head, `${module.count.value} x ${module.width.value}`, size];
    case "adapter":
      return [head, `${module.inputWidth} -> ${module.outputWidth}`, size];
  }
}
