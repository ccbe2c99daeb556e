/** A checked stage → its parts and how they feed each other, as plain data. */
import type {
  BridgeCall,
  CheckedModel,
  CheckedModule,
  CheckedObjective,
  TensorOutput,
} from "../../compiler/1-check/model.ts";

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

/** The parts that a stage reaches from its objectives. */
export function moduleGraph(model: CheckedModel, stageName: string): PictureGraph {
  const stage = model.stages.get(stageName)!;
  const parts = new Map<string, GraphPart>();
  const flows: GraphFlow[] = [];
  const data = model.data.get(stage.data.value);
  const dataId = `data ${stage.data.value}`;

  const addData = () => {
    const source = data?.source.value;
    const from =
      source === undefined
        ? ""
        : source.kind === "captions"
          ? source.path
          : `drawn: ${source.kind}`;
    const batch = `batch ${data?.batch.value ?? "?"}`;
    parts.set(dataId, { id: dataId, kind: "data", title: stage.data.value, lines: [from, batch] });
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
    flow(dataId, id, "caption");
    return id;
  };
  const addModule = (name: string): string => {
    const id = `module ${name}`;
    if (parts.has(id)) return id;
    const module = model.modules.get(name);
    if (module === undefined) return id;
    parts.set(id, { id, kind: module.state.value, title: name, lines: describe(module) });
    wire(module, id);
    return id;
  };
  const addCall = (call: BridgeCall, to: string, label: string) => {
    const id = addModule(call.module);
    const inputs = [call.queries, call.text].filter((part) => part !== undefined);
    flow(id, to, `${label}: ${call.module}(${inputs.join(", ")})`);
  };
  const wire = (module: CheckedModule, id: string) => {
    switch (module.kind) {
      case "encoder":
        flow(dataId, id, "picture");
        return;
      case "text-encoder":
        flow(addText(module.text.value), id, "ids");
        return;
      case "queries":
      case "lm":
        return;
      case "qformer":
        flow(addModule(module.cross.value), id, `cross-attention, width ${module.crossWidth}`);
        if (module.queries !== undefined) flow(addModule(module.queries.value), id, "queries");
        if (module.text !== undefined) flow(addText(module.text.value), id, "ids");
        return;
      case "adapter":
        addCall(module.input.value, id, `${module.inputWidth} -> ${module.outputWidth}`);
        flow(id, addModule(module.target.value), "prefix");
    }
  };
  const addObjective = (name: string): string => {
    const id = `objective ${name}`;
    const objective = model.objectives.get(name);
    if (objective === undefined) return id;
    parts.set(id, { id, kind: "objective", title: name, lines: [objective.variant] });
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
        flow(addText(objective.predict.value), id, "predict");
        return;
      case "language":
        flow(addModule(objective.model.value), id, "logits");
        if (objective.prefix !== undefined) addModule(objective.prefix.value);
        flow(addText(objective.predict.value), id, "predict");
        return;
      case "expression":
        for (const { output, shape } of objective.outputs) feedOutput(output, shape, id);
    }
  };
  const feedOutput = (output: TensorOutput, shape: string, id: string) => {
    if (output.kind === "bridge") addCall(output.call, id, shape);
    else if (output.kind === "mask") flow(addText(output.text), id, `mask ${shape}`);
    else flow(addModule(output.module), id, shape);
  };
  addData();
  const stageId = `stage ${stageName}`;
  for (const { objective, weight } of stage.minimize) {
    flow(addObjective(objective), stageId, `x ${weight}`);
  }
  const { value, unit } = stage.train.value;
  const { lr } = stage.optimizer;
  parts.set(stageId, {
    id: stageId,
    kind: "stage",
    title: stageName,
    lines: [`${value} ${unit}`, `adamw, lr ${lr.value}`],
  });
  return { name: `${model.file}#${stageName}`, parts: [...parts.values()], flows };
}

function describe(module: CheckedModule): readonly string[] {
  const head = `${module.kind}, ${module.state.value}`;
  switch (module.kind) {
    case "encoder":
      return [head, module.backbone.value, `${module.tokens} x ${module.width}`];
    case "text-encoder":
    case "lm":
      return [head, module.backbone.value, `width ${module.width}`];
    case "queries":
      return [head, `${module.count.value} x ${module.width.value}`];
    case "qformer":
      return [head, module.backbone.value, `width ${module.width}`];
    case "adapter":
      return [head, `${module.inputWidth} -> ${module.outputWidth}`];
  }
}
