/** Names that other tools have for a setting -> ours. */
const ours: Readonly<Record<string, string>> = {
  accum_grad_iters: "accumulate",
  batch_size: "batch",
  beta: "betas",
  checkpoint: "from",
  cross_attention_freq: "every",
  epochs: "train",
  gradient_accumulation_steps: "accumulate",
  grad_clip: "clip",
  hidden_size: "width",
  image_root: "root",
  learning_rate: "lr",
  losses: "minimize",
  max_epochs: "train",
  max_grad_norm: "clip",
  max_length: "max_len",
  max_steps: "train",
  max_txt_len: "max_len",
  num_epochs: "train",
  num_heads: "heads",
  num_queries: "count",
  num_query_token: "count",
  num_query_tokens: "count",
  num_workers: "workers",
  objective: "minimize",
  pretrained: "weights",
  resume_from: "from",
  steps: "train",
  vis_root: "root",
  warmup_epochs: "warmup",
  warmup_steps: "warmup",
};

/** The setting among `names` that other tools call so. */
export function otherName(name: string, names: readonly string[]): string | undefined {
  const found = Object.hasOwn(ours, name) ? ours[name] : undefined;
  return found !== undefined && names.includes(found) ? found : undefined;
}
