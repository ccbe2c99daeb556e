"""Workloads -> something that can be run again and again, as ../workloads.ts describes them."""
import torch
import torch.nn.functional as F

import blip2
import safetensors
from values import ADAM, DECAY, INPUT_SALT, block_parameters, fresh, probes


class Work:
    """`run` does it once; `check` gives the numbers by which columns are compared, before anything else ran."""

    def __init__(self, run, check):
        self.run = run
        self.check = check


def repeated(make):
    def run():
        with torch.no_grad():
            return make()

    return Work(run, lambda: probes(run()))


def product(work):
    lead = [] if work["batch"] == 1 else [work["batch"]]
    rows, depth, columns, form = work["rows"], work["depth"], work["columns"], work["form"]
    x = fresh(lead + ([depth, rows] if form == "TN" else [rows, depth]), 0)
    y = fresh(lead + ([columns, depth] if form == "NT" else [depth, columns]), 1)
    left = x.transpose(-1, -2) if form == "TN" else x
    right = y.transpose(-1, -2) if form == "NT" else y
    return repeated(lambda: left @ right)


def memory_pass(work):
    kind, rows, width = work["pass"], work["rows"], work["width"]
    x = fresh([rows, width], 0)
    if kind == "layer-norm":
        weight, bias = fresh([width], 1), fresh([width], 2)
        return repeated(lambda: F.layer_norm(x, [width], weight, bias, 1e-6))
    if kind == "softmax":
        return repeated(lambda: x.softmax(-1))
    if kind == "cross-entropy":
        classes = torch.tensor([(row * 7919) % width for row in range(rows)])
        return repeated(lambda: F.cross_entropy(x, classes))
    if kind == "sum":
        y = fresh([rows, width], 1)
        return repeated(lambda: x + y)
    weights = fresh([width], 1).requires_grad_()
    weights.grad = x.reshape(width)
    optimizer = torch.optim.AdamW([weights], weight_decay=DECAY, foreach=True, **ADAM)

    def check():
        optimizer.step()
        return probes(weights)

    return Work(optimizer.step, check)


def block_forward(x, w, work):
    batch, tokens, width = x.shape
    joint = F.linear(F.layer_norm(x, [width], w[0], w[1], 1e-6), w[2], w[3])
    q, k, v = (blip2.by_head(part, work["heads"]) for part in joint.chunk(3, -1))
    y = x + F.linear(blip2.attend(q, k, v), w[4], w[5])
    return y + F.linear(F.gelu(F.linear(F.layer_norm(y, [width], w[6], w[7], 1e-6), w[8], w[9])), w[10], w[11])


def trained(parameters, loss, rate=None):
    """A training step; `parameters` by name."""
    decayed = [p for name, p in parameters.items() if p.dim() != 1 and not name.endswith(".bias")]
    others = [p for name, p in parameters.items() if not (p.dim() != 1 and not name.endswith(".bias"))]
    groups = [{"params": decayed, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}]
    settings = ADAM if rate is None else rate
    optimizer = torch.optim.AdamW(groups, foreach=True, **settings)

    def step(*given):
        optimizer.zero_grad(set_to_none=True)
        losses = loss(*given)
        sum(losses).backward()
        optimizer.step()
        return [float(each) for each in losses]

    return step


def block(work):
    w = block_parameters(work["width"], work["mlpWidth"])
    x = fresh([work["batch"], work["tokens"], work["width"]], INPUT_SALT)
    if not work["trains"]:
        return repeated(lambda: block_forward(x, w, work))
    for each in w:
        each.requires_grad_()
    step = trained({str(i): each for i, each in enumerate(w)}, lambda: [block_forward(x, w, work).square().mean()])
    return Work(step, lambda: [step()[0] for _ in range(2)])


def stage(work, folder):
    """Weights, batch and the negatives that the other column drew lie in the folder."""
    w = safetensors.read(f"{folder}/weights.safetensors")
    batch = safetensors.read(f"{folder}/batch.safetensors")
    trainable = {name: each for name, each in w.items() if not name.startswith(("visual_encoder.", "opt_model."))}
    for each in trainable.values():
        each.requires_grad_()
    settings = {"lr": 1e-4, "betas": (0.9, 0.98), "eps": 1e-8}
    if work["stage"] == 1:
        step = trained(trainable, lambda given=None: blip2.stage1(w, batch, work, given), settings)
    else:
        step = trained(trainable, lambda given=None: [blip2.stage2(w, batch, work)], settings)

    def check():
        losses = []
        for i in range(2):
            rows = [batch.get(f"negatives.{side}.{i}") for side in ("images", "texts")]
            losses += step(None if rows[0] is None else [each.long() for each in rows])
        return losses

    return Work(step, check)


def make(work, folder):
    if work["kind"] == "product":
        return None if work["isHalf"] else product(work)
    if work["kind"] == "block":
        return block(work)
    if work["kind"] == "pass":
        return memory_pass(work)
    return stage(work, folder)
