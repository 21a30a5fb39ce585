"""Golden values for the engine: twenty training steps of a small relational perceptron in PyTorch, float64.

Run with python3 (numpy, torch): python3 test/golden/make-engine.py > test/golden/engine.json
Weights and batches come from the Park-Miller generator, which test/engine/golden.test.ts repeats, so that only results
are stored. Training is as in graph2nn: dense weights under a mask, SGD with Nesterov momentum 0.9, decay on everything.
"""
import json

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

NODES, INPUT, CLASSES = 8, 12, 4
WIDTHS = [24, 30, 30, 27]
STEPS, BATCH = 20, 16


class Numbers:
    """x -> 16807 x mod (2^31 - 1), as numbers in (-0.5, 0.5)."""

    def __init__(self, seed):
        self.x = seed

    def take(self, *shape):
        values = []
        for _ in range(int(np.prod(shape))):
            self.x = self.x * 16807 % 2147483647
            values.append(self.x / 2147483647 - 0.5)
        return torch.tensor(values).reshape(shape)


def sizes(channels):
    floor, larger = divmod(channels, NODES)
    return np.random.RandomState(1).permutation([floor + 1] * larger + [floor] * (NODES - larger))


def mask(inputs, outputs):
    nodes = np.eye(NODES)
    for i in range(NODES - 1):  # the last node listens only to itself
        for j in range(i):
            if (i * j + i + j) % 3 == 0:
                nodes[i, j] = nodes[j, i] = 1
    return torch.from_numpy(nodes.repeat(sizes(outputs), axis=0).repeat(sizes(inputs), axis=1))


class MaskedLinear(nn.Linear):
    def __init__(self, inputs, outputs):
        super().__init__(inputs, outputs, bias=False)
        self.mask = mask(inputs, outputs)

    def forward(self, x):
        return F.linear(x, self.weight * self.mask)


def build():
    layers = [nn.Linear(INPUT, WIDTHS[0], bias=False), nn.BatchNorm1d(WIDTHS[0]), nn.ReLU()]
    for inputs, outputs in zip(WIDTHS, WIDTHS[1:]):
        layers += [MaskedLinear(inputs, outputs), nn.BatchNorm1d(outputs), nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(WIDTHS[-1], CLASSES))


def parameters(model):
    """In layer order: weight, bias, then running mean and variance of batch norms."""
    for layer in model:
        for name in ["weight", "bias", "running_mean", "running_var"]:
            value = getattr(layer, name, None)
            if value is not None:
                yield layer, name, value


def fill(model, numbers):
    with torch.no_grad():
        for layer, name, value in parameters(model):
            drawn = numbers.take(*value.shape)
            if isinstance(layer, nn.BatchNorm1d) and name in ("weight", "running_var"):
                drawn = 1 + drawn
            value.copy_(drawn)


def fingerprint(model):
    """Of each parameter (absent entries 0): its product with a vector of fresh numbers, and its sum of squares."""
    numbers = Numbers(99)
    prints = []
    for layer, name, value in parameters(model):
        if name == "weight" and isinstance(layer, MaskedLinear):
            value = value * layer.mask
        weights = numbers.take(*value.shape)
        prints.append([float((value * weights).sum()), float((value * value).sum())])
    return prints


def main():
    numbers = Numbers(1)
    model = build()
    fill(model, numbers)
    optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4, nesterov=True)
    out = {"steps": [], "evaluate": None, "fingerprint": None}
    for step in range(STEPS):
        count = 11 if step % 5 == 4 else BATCH
        x = 4 * numbers.take(count, INPUT)
        y = torch.tensor([(3 * s + step) % CLASSES for s in range(count)])
        for group in optimiser.param_groups:
            group["lr"] = 0.05 * 0.5 * (1 + np.cos(np.pi * step / STEPS))
        logits = model(x)
        loss = F.cross_entropy(logits, y)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        correct = int((logits.argmax(1) == y).sum())
        out["steps"].append({"loss": float(loss), "correct": correct, "logits": logits[count - 1].tolist()})
    model.eval()
    x = 4 * numbers.take(BATCH, INPUT)
    y = torch.tensor([s % CLASSES for s in range(BATCH)])
    logits = model(x)
    out["evaluate"] = {"loss": float(F.cross_entropy(logits, y)), "logits": logits[3].tolist()}
    out["fingerprint"] = fingerprint(model)
    print(json.dumps(out, indent=1))


main()
