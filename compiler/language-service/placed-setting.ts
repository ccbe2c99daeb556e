/** Setting in a text -> its value in the checked model and where that was set. */
import type { Block } from "../../grammar/ast.ts";
import type { CheckedModel, Placed } from "../1-check/model.ts";

/** Fields of the model that are called differently. */
const fields: Readonly<Record<string, string>> = {
  max_len: "maxLength",
  input: "imageSize",
  self: "queries",
};

/** The value of a setting; `blocks` are the blocks around it, outermost first. */
export function placedSetting(
  model: CheckedModel,
  blocks: readonly Block[],
  name: string,
): Placed<unknown> | undefined {
  const [outer, ...inner] = blocks;
  const owner = outer?.name?.kind === "identifier" ? outer.name.text : undefined;
  if (owner === undefined) return undefined;
  const tables = [model.modules, model.texts, model.objectives, model.data, model.stages];
  let part: unknown = tables.map((table) => table.get(owner)).find((each) => each !== undefined);
  for (const block of inner) {
    part = block.blockKind.kind === "identifier" ? fieldOf(part, block.blockKind.text) : undefined;
  }
  const camel = name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  const found = fieldOf(part, fields[name] ?? camel);
  return isPlaced(found) ? found : undefined;
}

function fieldOf(part: unknown, name: string): unknown {
  return typeof part === "object" && part !== null && name in part
    ? (part as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function isPlaced(value: unknown): value is Placed<unknown> {
  return typeof value === "object" && value !== null && "isDefault" in value && "span" in value;
}
