/** A parameter whose shape differs from the file's → the sentence that says why. */
import { matchTemplate } from "./name-template.ts";

interface Reason {
  /** Templates of LAVIS paths. */
  readonly paths: readonly string[];
  readonly axis: number;
  /** What that size is, in the words of a pipeline. */
  readonly what: string;
}

/** The first reason holds whose template matches and whose axis differs. */
const reasons: readonly Reason[] = [
  {
    paths: [
      "Qformer.bert.encoder.layer.{i}.crossattention.self.key.weight",
      "Qformer.bert.encoder.layer.{i}.crossattention.self.value.weight",
    ],
    axis: 1,
    what: "the vision width",
  },
  { paths: ["ln_vision.{wb}"], axis: 0, what: "the vision width" },
  { paths: ["query_tokens"], axis: 1, what: "the number of queries" },
  { paths: ["query_tokens"], axis: 2, what: "the Q-Former's width" },
  {
    paths: ["Qformer.bert.embeddings.word_embeddings.weight", "Qformer.cls.predictions.{rest}"],
    axis: 0,
    what: "the Q-Former's vocabulary",
  },
  {
    paths: ["Qformer.bert.embeddings.position_embeddings.weight"],
    axis: 0,
    what: "the longest text of the Q-Former",
  },
  {
    paths: [
      "Qformer.bert.encoder.layer.{i}.intermediate.dense.{wb}",
      "Qformer.bert.encoder.layer.{i}.intermediate_query.dense.{wb}",
    ],
    axis: 0,
    what: "the Q-Former's feed-forward width",
  },
  {
    paths: [
      "Qformer.bert.encoder.layer.{i}.output.dense.weight",
      "Qformer.bert.encoder.layer.{i}.output_query.dense.weight",
    ],
    axis: 1,
    what: "the Q-Former's feed-forward width",
  },
  { paths: ["Qformer.{rest}"], axis: 0, what: "the Q-Former's width" },
  { paths: ["Qformer.{rest}"], axis: 1, what: "the Q-Former's width" },
  {
    paths: ["vision_proj.{wb}", "text_proj.{wb}"],
    axis: 0,
    what: "the width of the embedding that images and texts share",
  },
  {
    paths: ["vision_proj.weight", "text_proj.weight", "itm_head.weight"],
    axis: 1,
    what: "the Q-Former's width",
  },
  {
    paths: ["opt_proj.{wb}", "t5_proj.{wb}", "llm_proj.{wb}"],
    axis: 0,
    what: "the language model's width",
  },
  {
    paths: ["opt_proj.weight", "t5_proj.weight", "llm_proj.weight"],
    axis: 1,
    what: "the Q-Former's width",
  },
  {
    paths: ["visual_encoder.pos_embed"],
    axis: 1,
    what: "the number of patches (image size by patch size)",
  },
  {
    paths: ["visual_encoder.positional_embedding"],
    axis: 0,
    what: "the number of patches (image size by patch size)",
  },
  {
    paths: ["visual_encoder.patch_embed.proj.weight", "visual_encoder.conv1.weight"],
    axis: 2,
    what: "the patch size",
  },
  {
    paths: [
      "visual_encoder.blocks.{i}.mlp.fc1.{wb}",
      "visual_encoder.transformer.resblocks.{i}.mlp.c_fc.{wb}",
    ],
    axis: 0,
    what: "the vision tower's feed-forward width",
  },
  {
    paths: [
      "visual_encoder.blocks.{i}.mlp.fc2.weight",
      "visual_encoder.transformer.resblocks.{i}.mlp.c_proj.weight",
    ],
    axis: 1,
    what: "the vision tower's feed-forward width",
  },
  { paths: ["visual_encoder.{rest}"], axis: 0, what: "the vision width" },
  { paths: ["visual_encoder.{rest}"], axis: 1, what: "the vision width" },
  { paths: ["visual_encoder.{rest}"], axis: 2, what: "the vision width" },
  {
    paths: [
      "opt_model.model.decoder.embed_tokens.weight",
      "opt_model.lm_head.weight",
      "t5_model.shared.weight",
      "t5_model.lm_head.weight",
      "llm_model.model.embed_tokens.weight",
      "llm_model.lm_head.weight",
    ],
    axis: 0,
    what: "the language model's vocabulary",
  },
  {
    paths: ["opt_model.model.decoder.embed_positions.weight"],
    axis: 0,
    what: "the longest text of the language model",
  },
  {
    paths: ["opt_model.{rest}", "t5_model.{rest}", "llm_model.{rest}"],
    axis: 0,
    what: "the language model's width",
  },
  {
    paths: ["opt_model.{rest}", "t5_model.{rest}", "llm_model.{rest}"],
    axis: 1,
    what: "the language model's width",
  },
];

/** One sentence, such as "the vision width is 1408 in the file and 1024 in the pipeline". */
export function whyMismatch(
  path: string,
  wanted: readonly number[],
  found: readonly number[] | undefined,
): string {
  if (found === undefined) return "the tensors that make it up do not fit together";
  if (found.length !== wanted.length) {
    return `it has ${found.length} axes in the file and ${wanted.length} in the pipeline`;
  }
  const differs = (axis: number): boolean => found[axis] !== wanted[axis];
  const reason = reasons.find(
    ({ paths, axis }) => differs(axis) && paths.some((template) => matchTemplate(template, path)),
  );
  const axis = reason?.axis ?? wanted.findIndex((_, index) => differs(index));
  const what = reason?.what ?? `axis ${axis}`;
  return `${what} is ${found[axis]} in the file and ${wanted[axis]} in the pipeline`;
}
