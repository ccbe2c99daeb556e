"""The same numbers as ../values.ts: lengths and salts -> values that every column uses."""
import math

import numpy
import torch

ADAM = {"lr": 1e-4, "betas": (0.9, 0.999), "eps": 1e-8}
DECAY = 0.05
INPUT_SALT = 12


def fresh(shape, salt):
    """Values in +-0.05: the states of a linear congruential generator, all at once by powers of its factor."""
    length = math.prod(shape)
    with numpy.errstate(over="ignore"):
        powers = numpy.full(length, 1664525, dtype=numpy.uint32)
        powers = numpy.cumprod(powers, dtype=numpy.uint32)
        before = numpy.concatenate([numpy.ones(1, numpy.uint32), powers[:-1]])
        sums = numpy.cumsum(before, dtype=numpy.uint32)
        start = numpy.uint32(((salt + 1) * 0x9E3779B9) % 2**32)
        states = start * powers + numpy.uint32(1013904223) * sums
    values = (states.astype(numpy.float64) / 2**32 - 0.5) / 10
    return torch.from_numpy(values.astype(numpy.float32)).reshape(shape)


def block_parameters(width, mlp_width):
    shapes = [
        [width], [width], [3 * width, width], [3 * width], [width, width], [width],
        [width], [width], [mlp_width, width], [mlp_width], [width, mlp_width], [width],
    ]
    values = [fresh(shape, salt) for salt, shape in enumerate(shapes)]
    for norm in (0, 6):
        values[norm] += 1
    return values


def probes(values):
    flat = values.detach().float().cpu().reshape(-1)
    return [float(flat[(flat.numel() - 1) * i // 7]) for i in range(8)]
