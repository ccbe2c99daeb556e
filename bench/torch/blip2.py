"""BLIP-2's two training stages, from the published architecture: Li et al. 2023 (arXiv:2301.12597), with a CLIP vision
tower (arXiv:2103.00020), BERT layers (arXiv:1810.04805) and OPT (arXiv:2205.01068). Weights come by their published
names; nothing here is shared with the compiler that it is compared with. No dropout."""
import math

import torch
import torch.nn.functional as F

QFORMER = "Qformer.bert."


def norm(w, place, x, epsilon):
    return F.layer_norm(x, x.shape[-1:], w[place + ".weight"], w[place + ".bias"], epsilon)


def linear(w, place, x):
    return F.linear(x, w[place + ".weight"], w.get(place + ".bias"))


def by_head(x, heads):
    batch, tokens, width = x.shape
    return x.reshape(batch, tokens, heads, width // heads).transpose(1, 2)


def attend(q, k, v, bias=None):
    if hasattr(F, "scaled_dot_product_attention"):
        mask = None if bias is None else bias.to(q.dtype)
        mixed = F.scaled_dot_product_attention(q, k, v, mask)
        return mixed.transpose(1, 2).reshape(q.shape[0], q.shape[2], -1)
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if bias is not None:
        scores = scores + bias
    mixed = scores.softmax(-1) @ v
    return mixed.transpose(1, 2).reshape(q.shape[0], q.shape[2], -1)


def vision(w, pixels, layers, heads, prefix="visual_encoder."):
    """Pictures -> tokens, without the last norm."""
    kernel = w[prefix + "conv1.weight"]
    x = F.conv2d(pixels, kernel, stride=kernel.shape[-1]).flatten(2).transpose(1, 2)
    first = w[prefix + "class_embedding"].expand(x.shape[0], 1, -1)
    x = torch.cat([first, x], 1) + w[prefix + "positional_embedding"]
    x = norm(w, prefix + "ln_pre", x, 1e-5)
    for i in range(layers):
        block = f"{prefix}transformer.resblocks.{i}."
        joint = F.linear(norm(w, block + "ln_1", x, 1e-5), w[block + "attn.in_proj_weight"], w[block + "attn.in_proj_bias"])
        q, k, v = (by_head(part, heads) for part in joint.chunk(3, -1))
        x = x + linear(w, block + "attn.out_proj", attend(q, k, v))
        wide = linear(w, block + "mlp.c_fc", norm(w, block + "ln_2", x, 1e-5))
        x = x + linear(w, block + "mlp.c_proj", wide * torch.sigmoid(1.702 * wide))
    return x


def image_memory(w, tokens, layers, heads):
    """Keys and values that the cross-attention of every second layer reads, made once for all passes."""
    seen = norm(w, "ln_vision", tokens, 1e-5)
    memory = {}
    for i in range(0, layers, 2):
        place = f"{QFORMER}encoder.layer.{i}.crossattention.self."
        memory[i] = (by_head(linear(w, place + "key", seen), heads), by_head(linear(w, place + "value", seen), heads))
    return memory


def residual(w, place, branch, x):
    return norm(w, place + ".LayerNorm", linear(w, place + ".dense", branch) + x, 1e-12)


def feed_forward(w, layer, x, suffix=""):
    return residual(w, layer + "output" + suffix, F.gelu(linear(w, layer + "intermediate" + suffix + ".dense", x)), x)


def qformer(w, x, layers, heads, queries, bias=None, image=None, past=None):
    """Rows, queries first -> hidden rows, and keys and values of the self-attention."""
    pairs = []
    for i in range(layers):
        layer = f"{QFORMER}encoder.layer.{i}."
        own = layer + "attention.self."
        q, k, v = (by_head(linear(w, own + name, x), heads) for name in ("query", "key", "value"))
        if past is not None:
            k, v = torch.cat([past[i][0], k], 2), torch.cat([past[i][1], v], 2)
        pairs.append((k, v))
        y = residual(w, layer + "attention.output", attend(q, k, v, bias), x)
        parts = []
        if queries > 0:
            part = y[:, :queries]
            if image is not None and i in image:
                q = by_head(linear(w, layer + "crossattention.self.query", part), heads)
                part = residual(w, layer + "crossattention.output", attend(q, *image[i]), part)
            parts.append(feed_forward(w, layer, part, "_query"))
        if y.shape[1] > queries:
            parts.append(feed_forward(w, layer, y[:, queries:]))
        x = torch.cat(parts, 1) if len(parts) > 1 else parts[0]
    return x, pairs


def query_rows(w, batch):
    tokens = norm(w, QFORMER + "embeddings.LayerNorm", w["query_tokens"], 1e-12)
    return tokens.expand(batch, -1, -1)


def text_rows(w, ids):
    place = QFORMER + "embeddings."
    x = w[place + "word_embeddings.weight"][ids] + w[place + "position_embeddings.weight"][: ids.shape[1]]
    return norm(w, place + "LayerNorm", x, 1e-12)


def key_bias(mask):
    return (1.0 - mask[:, None, None, :].float()) * -10000.0


def stage1(w, batch, config, negatives=None):
    """-> itc, itm, itg. `negatives`: rows of the pictures and texts to take; drawn from the similarities if None."""
    ids, mask = batch["caption.ids"].long(), batch["caption.mask"]
    layers, heads, queries = config["layers"], 12, config["queries"]
    count, length = ids.shape
    with torch.no_grad():
        tokens = vision(w, batch["image"], config["towerLayers"], 12)
    image = image_memory(w, tokens, layers, heads)
    seen, past = qformer(w, query_rows(w, count), layers, heads, queries, image=image)
    read, _ = qformer(w, text_rows(w, ids), layers, heads, 0, key_bias(mask))
    pictures = F.normalize(linear(w, "vision_proj", seen), dim=-1)
    texts = F.normalize(linear(w, "text_proj", read[:, 0]), dim=-1)
    similar = (pictures.flatten(0, 1) @ texts.t()).reshape(count, queries, count).max(1).values / w["temp"]
    targets = torch.arange(count, device=ids.device)
    itc = (
        F.cross_entropy(similar, targets, label_smoothing=0.1)
        + F.cross_entropy(similar.t(), targets, label_smoothing=0.1)
    ) / 2

    if negatives is None:
        with torch.no_grad():
            barred = similar.masked_fill(torch.eye(count, dtype=torch.bool, device=ids.device), -10000.0)
            hard_pictures = torch.multinomial(barred.t().softmax(1), 1).flatten()
            hard_texts = torch.multinomial(barred.softmax(1), 1).flatten()
    else:
        hard_pictures, hard_texts = negatives
    rows = torch.cat([targets, hard_pictures, targets])
    words = torch.cat([targets, targets, hard_texts])
    full = torch.cat([mask.new_ones(3 * count, queries), mask[words]], 1)
    joint = torch.cat([query_rows(w, 3 * count), text_rows(w, ids[words])], 1)
    chosen = {i: (k[rows], v[rows]) for i, (k, v) in image.items()}
    hidden, _ = qformer(w, joint, layers, heads, queries, key_bias(full), chosen)
    votes = linear(w, "itm_head", hidden[:, :queries]).mean(1)
    itm = F.cross_entropy(votes, (torch.arange(3 * count, device=ids.device) < count).long())

    started = torch.cat([ids.new_full((count, 1), 30522), ids[:, 1:]], 1)
    visible = torch.cat([mask.new_ones(count, queries), mask], 1).bool()[:, None, None, :]
    order = torch.ones(length, queries + length, dtype=torch.bool, device=ids.device).tril(queries)
    bias = (~(visible & order)).float() * -10000.0
    written, _ = qformer(w, text_rows(w, started), layers, heads, 0, bias, past=past)
    head = "Qformer.cls.predictions."
    change = norm(w, head + "transform.LayerNorm", F.gelu(linear(w, head + "transform.dense", written[:, :-1])), 1e-12)
    logits = F.linear(change, w[QFORMER + "embeddings.word_embeddings.weight"], w[head + "bias"])
    labels = started[:, 1:].masked_fill(mask[:, 1:] == 0, -100)
    itg = F.cross_entropy(logits.reshape(-1, logits.shape[-1]), labels.reshape(-1), label_smoothing=0.1)
    return itc, itm, itg


def stage2(w, batch, config):
    """-> the language loss behind the projected queries."""
    ids, mask = batch["prompt.ids"].long(), batch["prompt.mask"]
    layers, heads, queries = config["layers"], 12, config["queries"]
    count = ids.shape[0]
    with torch.no_grad():
        tokens = vision(w, batch["image"], config["towerLayers"], 12)
    image = image_memory(w, tokens, layers, heads)
    seen, _ = qformer(w, query_rows(w, count), layers, heads, queries, image=image)
    place = "opt_model.model.decoder."
    words = w[place + "embed_tokens.weight"]
    x = torch.cat([linear(w, "opt_proj", seen), words[ids]], 1)
    full = torch.cat([mask.new_ones(count, queries), mask], 1).long()
    x = x + w[place + "embed_positions.weight"][full.cumsum(1) * full + 1]
    rows = x.shape[1]
    visible = torch.ones(rows, rows, dtype=torch.bool, device=ids.device).tril() & full.bool()[:, None, None, :]
    bias = torch.zeros(visible.shape, device=ids.device).masked_fill(~visible, torch.finfo(torch.float32).min)
    for i in range(12):
        layer = f"{place}layers.{i}."
        y = norm(w, layer + "self_attn_layer_norm", x, 1e-5)
        q, k, v = (by_head(linear(w, f"{layer}self_attn.{name}_proj", y), 12) for name in "qkv")
        x = x + linear(w, layer + "self_attn.out_proj", attend(q, k, v, bias))
        y = norm(w, layer + "final_layer_norm", x, 1e-5)
        x = x + linear(w, layer + "fc2", F.relu(linear(w, layer + "fc1", y)))
    x = norm(w, place + "final_layer_norm", x, 1e-5)
    logits = F.linear(x[:, queries - 1 : -1], words)
    labels = ids.masked_fill(mask == 0, -100)
    return F.cross_entropy(logits.reshape(-1, logits.shape[-1]), labels.reshape(-1))
