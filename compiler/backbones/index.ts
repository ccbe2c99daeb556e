/** The table of backbones: what can be named in a pipeline, its role and its config. */
import { type BertConfig, bertPresets } from "./bert.ts";
import { type OptConfig, optPresets } from "./opt.ts";
import { type QformerConfig, qformerPresets } from "./qformer.ts";
import { type VitConfig, vitPresets } from "./vit.ts";

/** Where a published model comes from. */
export interface Published {
  readonly source: string;
  readonly license: string;
}

/** `vision`: image → tokens. `text`: ids → tokens. `bridge`: image tokens → query tokens. `decoder`: embeddings → logits. */
export type Backbone =
  | { readonly role: "vision"; readonly config: VitConfig; readonly published: Published }
  | { readonly role: "text"; readonly config: BertConfig; readonly published: Published }
  | { readonly role: "bridge"; readonly config: QformerConfig; readonly published: Published }
  | { readonly role: "decoder"; readonly config: OptConfig; readonly published: Published };
export type Role = Backbone["role"];

const own: Published = { source: "trained here on drawn shapes", license: "as this project" };
const evaClip: Published = { source: "BAAI, EVA-CLIP", license: "MIT" };
const openClip: Published = { source: "OpenAI, CLIP", license: "MIT" };
const google: Published = { source: "Google, BERT", license: "Apache-2.0" };
const meta: Published = { source: "Meta, OPT", license: "OPT license, research use only" };
const lavis: Published = {
  source: "Salesforce, BLIP-2 (text part from Google, BERT)",
  license: "BSD-3-Clause and Apache-2.0",
};

/** Backbones by role and name. One name may serve two roles, as BERT does. */
export const backbones: {
  readonly [R in Role]: ReadonlyMap<string, Extract<Backbone, { role: R }>>;
} = {
  vision: new Map(
    Object.entries(vitPresets).map(([name, config]) => [
      name,
      {
        role: "vision",
        config,
        published: name.startsWith("eva") ? evaClip : name.startsWith("clip") ? openClip : own,
      },
    ]),
  ),
  text: new Map(
    Object.entries(bertPresets).map(([name, config]) => [
      name,
      { role: "text", config, published: name.startsWith("shapes") ? own : google },
    ]),
  ),
  bridge: new Map(
    Object.entries(qformerPresets).map(([name, config]) => [
      name,
      { role: "bridge", config, published: name.startsWith("shapes") ? own : lavis },
    ]),
  ),
  decoder: new Map(
    Object.entries(optPresets).map(([name, config]) => [
      name,
      { role: "decoder", config, published: name.startsWith("shapes") ? own : meta },
    ]),
  ),
};

/** The backbone `name` in the given role; an owner in front (`facebook/opt-125m`) may be left out or written. */
export function backbone<R extends Role>(
  role: R,
  name: string,
): Extract<Backbone, { role: R }> | undefined {
  const table = backbones[role] as ReadonlyMap<string, Extract<Backbone, { role: R }>>;
  return table.get(name) ?? table.get(name.replace(/^(facebook|google-bert|openai)\//, ""));
}

/** Fields that a pipeline may override, with the type of each as its preset shows it. */
export function configFields(
  config: Backbone["config"],
): ReadonlyMap<string, "number" | "boolean" | "string"> {
  return new Map(
    Object.entries(config).map(([field, value]) => [
      field,
      typeof value as "number" | "boolean" | "string",
    ]),
  );
}

/** Words that a field of text admits; undefined for fields of numbers and truth values. */
export const configChoices: ReadonlyMap<string, readonly string[]> = new Map([
  ["activation", ["gelu", "geluTanh", "quickGelu", "relu", "silu"]],
  ["attentionBias", ["full", "query-value"]],
  ["naming", ["eva", "clip"]],
  ["normalization", ["clip", "imagenet", "half"]],
]);
