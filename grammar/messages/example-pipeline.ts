/** A whole pipeline of which the examples of messages are variations. */

/** Stage 1 on the embedded data set. */
export const stage1Example = `blip 1

frozen encoder vision = "shapes-vit"

text caption = "shapes" {
  max_len = 14 tokens
}

trainable queries q {
  count = 8
}

trainable qformer bridge = "shapes-bert" {
  self = [q, caption]
  cross = vision.patches
}

objective itc: contrastive {
  image = bridge(q)
  text = bridge(caption).cls
}

objective itm: matching {
  pair = bridge(q, caption)
  negatives = hard(from: itc)
}

objective itg: captioning {
  given = bridge(q)
  predict = caption
}

data pairs = shapes(seed: 1) {
  batch = 24
}

stage pretrain {
  minimize = itc + itm + itg
  data = pairs
  train = 350 steps
  optimizer: adamw { lr = 4e-3 }
  schedule: cosine { warmup = 40 steps }
}
`;

/** Stage 2, continuing from the file above under the name \`stage1.blip\`. */
export const stage2Example = `blip 1

import "./stage1.blip" as s1

frozen encoder vision = s1.vision
trainable queries q = s1.q
trainable qformer bridge = s1.bridge {
  drop = [s1.caption]
}

frozen lm opt = "shapes-opt"

text prompt = opt.tokenizer {
  max_len = 14 tokens
  suffix = "\\n"
}

trainable adapter to_lm: linear = bridge(q) -> opt.embed

objective say: language {
  model = opt
  prefix = to_lm
  predict = prompt
}

stage generate {
  from = s1.pretrain.last
  minimize = say
  data = s1.pairs
  train = 500 steps
  optimizer: adamw { lr = 4e-3 }
}
`;
