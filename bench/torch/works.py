"""Workloads -> something that can be run again and again, as ../workloads.ts describes them."""
import contextlib

import torch
import torch.nn.functional as F

import blip2
import safetensors
from values import ADAM, DECAY, INPUT_SALT, block_parameters, fresh, probes


# Where and in what the works are done; set once, before any is made.
PLACE = {"device": "cpu", "type": torch.float32}


def placed(values):
    """A tensor on the device, in the type of products."""
    return values.to(PLACE["device"], PLACE["type"])


def here(values):
    """A tensor on the device, as it is."""
    return values.to(PLACE["device"])


def mixed():
    """Products in the chosen type, everything else as autocast has it."""
    if PLACE["type"] == torch.float32:
        return contextlib.nullcontext()
    return torch.autocast(PLACE["device"], dtype=PLACE["type"])


class Work:
    """`run` does it once; `check` gives the numbers by which columns are compared, before anything else ran."""

    def __init__(self, run, check):
        self.run = run
        self.check = check


def repeated(make):
    def run():
        with torch.no_grad(), mixed():
            return make()

    return Work(run, lambda: probes(run()))


def product(work):
    lead = [] if work["batch"] == 1 else [work["batch"]]
    rows, depth, columns, form = work["rows"], work["depth"], work["columns"], work["form"]
    x = fresh(lead + ([depth, rows] if form == "TN" else [rows, depth]), 0)
    y = fresh(lead + ([columns, depth] if form == "NT" else [depth, columns]), 1)
    x, y = placed(x), placed(y)
    left = x.transpose(-1, -2) if form == "TN" else x
    right = y.transpose(-1, -2) if form == "NT" else y
    return repeated(lambda: left @ right)


def memory_pass(work):
    kind, rows, width = work["pass"], work["rows"], work["width"]
    x = here(fresh([rows, width], 0))
    if kind == "layer-norm":
        weight, bias = here(fresh([width], 1)), here(fresh([width], 2))
        return repeated(lambda: F.layer_norm(x, [width], weight, bias, 1e-6))
    if kind == "softmax":
        return repeated(lambda: x.softmax(-1))
    if kind == "cross-entropy":
        classes = here(torch.tensor([(row * 7919) % width for row in range(rows)]))
        return repeated(lambda: F.cross_entropy(x, classes))
    if kind == "sum":
        y = here(fresh([rows, width], 1))
        return repeated(lambda: x + y)
    weights = here(fresh([width], 1)).requires_grad_()
    weights.grad = x.reshape(width)
    optimizer = adamw([{"params": [weights], "weight_decay": DECAY}], ADAM)

    def check():
        optimizer.step()
        return probes(weights)

    return Work(optimizer.step, check)


def adamw(groups, settings):
    """The quickest form that this version has."""
    if PLACE["device"] != "cpu":
        try:
            return torch.optim.AdamW(groups, fused=True, **settings)
        except (TypeError, RuntimeError):
            pass
    return torch.optim.AdamW(groups, foreach=True, **settings)


def attention(work):
    lead = [work["batch"], work["heads"]]
    q = placed(fresh(lead + [work["queries"], work["headWidth"]], 0))
    k, v = (placed(fresh(lead + [work["keys"], work["headWidth"]], salt)) for salt in (1, 2))
    given = placed(fresh(q.shape, 3))
    bias = None
    if work["isCausal"]:
        hidden = torch.ones(work["queries"], work["keys"], dtype=torch.bool).triu(1)
        bias = placed(torch.zeros(hidden.shape).masked_fill(hidden, -10000.0))

    def forward():
        merged = blip2.attend(q, k, v, bias)
        return merged.reshape(q.shape[0], q.shape[2], q.shape[1], q.shape[3]).transpose(1, 2)

    if not work["trains"]:
        return repeated(forward)
    for each in (q, k, v):
        each.requires_grad_()

    def run():
        return torch.autograd.grad(forward(), (q, k, v), given)

    return Work(run, lambda: [x for each in run() for x in probes(each)])


def block_forward(x, w, work):
    batch, tokens, width = x.shape
    joint = F.linear(F.layer_norm(x, [width], w[0], w[1], 1e-6), w[2], w[3])
    q, k, v = (blip2.by_head(part, work["heads"]) for part in joint.chunk(3, -1))
    y = x + F.linear(blip2.attend(q, k, v), w[4], w[5])
    return y + F.linear(F.gelu(F.linear(F.layer_norm(y, [width], w[6], w[7], 1e-6), w[8], w[9])), w[10], w[11])


def trained(parameters, loss, settings=ADAM):
    """A training step; `parameters` by name."""
    decayed, others = [], []
    for name, each in parameters.items():
        (others if each.dim() == 1 or name.endswith(".bias") else decayed).append(each)
    groups = [{"params": decayed, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}]
    optimizer = adamw(groups, settings)

    def step(*given):
        optimizer.zero_grad(set_to_none=True)
        with mixed():
            losses = loss(*given)
        sum(losses).backward()
        optimizer.step()
        return losses

    return step


def block(work):
    w = [here(each) for each in block_parameters(work["width"], work["mlpWidth"])]
    x = here(fresh([work["batch"], work["tokens"], work["width"]], INPUT_SALT))
    if not work["trains"]:
        return repeated(lambda: block_forward(x, w, work))
    for each in w:
        each.requires_grad_()
    step = trained({str(i): each for i, each in enumerate(w)}, lambda: [block_forward(x, w, work).square().mean()])
    return Work(step, lambda: [float(step()[0]) for _ in range(2)])


def stage(work, folder):
    """Weights, batch and the negatives that the other column drew lie in the folder."""
    w = {name: here(each) for name, each in safetensors.read(f"{folder}/weights.safetensors").items()}
    batch = {name: here(each) for name, each in safetensors.read(f"{folder}/batch.safetensors").items()}
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
            losses += map(float, step(None if rows[0] is None else [each.long() for each in rows]))
        return losses

    return Work(step, check)


def make(work, folder):
    if work["kind"] == "product":
        return None if work["isHalf"] and PLACE["device"] == "cpu" else product(work)
    if work["kind"] == "block":
        return block(work)
    if work["kind"] == "attention":
        return attention(work)
    if work["kind"] == "pass":
        return memory_pass(work)
    return stage(work, folder)
