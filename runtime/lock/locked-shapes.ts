/** Names and shapes in a lock → which weights do not fit the pipeline, without their files. */
import type { CheckedModel } from "../../compiler/1-check/model.ts";
import { buildStage } from "../../compiler/2-build/build-stage.ts";
import type { ModuleParameters } from "../../compiler/2-build/stage-graphs.ts";
import type { Lock } from "../../compiler/lock/lock.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { help, note, report } from "../../grammar/message.ts";
import { lockedShapes } from "../../grammar/messages/stages.ts";
import { type DataType, isDataType } from "../weights/data-type.ts";
import { FileError } from "../weights/file-error.ts";
import { type MatchReport, matchWeights } from "../weights/match.ts";
import type { TensorSource } from "../weights/tensor-source.ts";

/** A message for each module whose locked weights do not fit. `placeOf` gives the lock's path of a written one. */
export function lockedShapeFaults(
  model: CheckedModel,
  lock: Lock,
  placeOf: (written: string, base: string) => string,
): readonly Diagnostic[] {
  const known = new Set<string>();
  return [...model.stages.values()].flatMap((stage) => {
    const graphs = buildStage(model, stage.name, { batch: 2 });
    return graphs.modules.flatMap((module) => {
      if (known.has(module.owner)) return [];
      known.add(module.owner);
      return faultOf(model, module, graphs.startsAnew.file, lock, placeOf);
    });
  });
}

function faultOf(
  model: CheckedModel,
  { owner, parameters, state }: ModuleParameters,
  startsAnew: ReadonlySet<string>,
  lock: Lock,
  placeOf: (written: string, base: string) => string,
): readonly Diagnostic[] {
  const module = model.modules.get(owner);
  if (module === undefined || module.weights.value.kind !== "file") return [];
  const { path: written, base } = module.weights.value;
  const file = lock.files.find(({ path }) => path === placeOf(written, base));
  if (file?.tensors === undefined) return [];
  const wanted = parameters
    .filter(({ attributes }) => !startsAnew.has(attributes.path))
    .map(({ attributes: { path, shape } }) => ({ path: path.slice(module.prefix.length), shape }));
  const found = matchWeights(wanted, lockedTensors(file.path, file.tensors));
  const texts = faultTexts(found, state === "frozen");
  if (texts.length === 0) return [];
  const [first, ...others] = texts;
  const more = others.length > 3 ? [note(`and ${others.length - 3} more tensors`)] : [];
  return [
    report(
      lockedShapes,
      { path: written, module: owner },
      {
        primary: { span: module.weights.span, text: first! },
        notes: [
          ...others.slice(0, 3).map((text) => note(text)),
          ...more,
          help("name the weights that were made for this backbone, then blipc lock"),
        ],
      },
    ),
  ];
}

/** What a run would refuse: other shapes, and what a frozen module misses. */
function faultTexts({ mismatched, missing }: MatchReport, isFrozen: boolean): readonly string[] {
  return [
    ...mismatched.map(
      ({ path, wanted, found }) =>
        `${path} is [${wanted.join(", ")}] here and [${found?.join(", ") ?? "?"}] in the file`,
    ),
    ...(isFrozen
      ? missing.map(({ path, shape }) => `${path} [${shape.join(", ")}] is not in the file`)
      : []),
  ];
}

/** `{ x: "F32[2,3]" }` → a source of tensors that has no bytes. */
function lockedTensors(path: string, tensors: Readonly<Record<string, string>>): TensorSource {
  const refuse = (): never => {
    throw new FileError(path, "only its shapes are known, from blip.lock");
  };
  return {
    path,
    tensors: new Map(
      Object.entries(tensors).map(([name, text]) => {
        const [, dtype = "F32", sizes = ""] = /^(\w+)\[([\d,]*)\]$/.exec(text) ?? [];
        const known: DataType = isDataType(dtype) ? dtype : "F32";
        const shape = sizes === "" ? [] : sizes.split(",").map(Number);
        return [name, { dtype: known, shape, begin: 0, end: 0 }];
      }),
    ),
    metadata: new Map(),
    read: refuse,
    readInto: refuse,
    readFloat32: refuse,
    readInt32: refuse,
    close: () => {},
  };
}
