"""Golden values for the engine: layers of every kind, and whole architectures in training, in PyTorch.

Run with python3 (numpy, torch): python3 test/golden/make-engine-networks.py > test/golden/engine-networks.json
The networks are those of test/engine/golden-cases.ts. export-networks.ts, which this runs, gives them as lists of layers with
masks, weights and batches; here one interpreter builds each of them from PyTorch's own functions and autograd.

Operations: float64; loss, logits and all gradients of a training pass, running statistics after it, then an evaluation.
Training: twenty steps of SGD with Nesterov momentum in float64 and in float32; losses, then an evaluation, and of each
parameter at the end its product with cos(0), cos(1), ... and its sum of squares.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

torch.set_num_threads(1)
HERE = Path(__file__).parent


def export():
    """The description of networks and the numbers that it refers to."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npx", "tsx", str(HERE / "export-networks.ts"), folder], check=True, cwd=HERE.parent.parent)
        return json.loads(Path(folder, "networks.json").read_text()), np.fromfile(Path(folder, "numbers.bin"), "<f8")


class Network:
    """A list of layers as a function, with its parameters by name."""

    def __init__(self, spec, numbers, dtype):
        self.layers, self.dtype, self.numbers = spec["layers"], dtype, numbers
        self.info = spec["parameters"]
        self.values = {}
        for info in self.info:
            value = self.tensor(info["at"], info["shape"])
            self.values[info["name"]] = value.requires_grad_(info["learnable"])
        self.named = {(info["layer"], info["role"]): self.values[info["name"]] for info in self.info}
        self.masks = {}
        for layer in self.layers:
            if layer.get("mask") is not None:
                shape = self.named[layer["id"], "weight"].shape
                mask = self.tensor(layer["mask"], shape[:2])
                self.masks[layer["id"]] = mask.reshape(*shape[:2], *[1] * (len(shape) - 2))
        with torch.no_grad():
            for name, mask in self.masks.items():
                self.named[name, "weight"].mul_(mask)

    def tensor(self, at, shape):
        return torch.tensor(self.numbers[at[0] : at[0] + at[1]], dtype=self.dtype).reshape(*shape)

    def batch(self, given, shape):
        samples = self.tensor(given["samples"], [-1, shape["channels"], shape["height"], shape["width"]])
        return samples, torch.tensor(given["labels"])

    def learnable(self):
        return [self.values[info["name"]] for info in self.info if info["learnable"]]

    def weight(self, layer):
        weight = self.named[layer["id"], "weight"]
        return weight * self.masks[layer["id"]] if layer["id"] in self.masks else weight

    def __call__(self, x, training):
        outputs = {}
        for layer in self.layers:
            inputs = [outputs[name] for name in layer["inputs"]]
            y = x if layer["kind"] == "input" else getattr(self, layer["kind"])(layer, training, *inputs)
            shape = layer["output"]
            outputs[layer["id"]] = y.reshape(-1, shape["channels"], shape["height"], shape["width"])
        return outputs[self.layers[-1]["id"]].flatten(1)

    def linear(self, layer, training, x):
        return F.linear(x.flatten(1), self.weight(layer), self.named.get((layer["id"], "bias")))

    def conv(self, layer, training, x):
        window = layer["window"]
        return F.conv2d(x, self.weight(layer), self.named.get((layer["id"], "bias")), window["stride"], window["padding"])

    def depthwise(self, layer, training, x):
        window = layer["window"]
        return F.conv2d(x, self.weight(layer), None, window["stride"], window["padding"], groups=x.shape[1])

    def batchNorm(self, layer, training, x):
        at = lambda role: self.named[layer["id"], role]
        return F.batch_norm(x, at("runningMean"), at("runningVar"), at("gamma"), at("beta"), training, layer["momentum"], layer["eps"])

    def layerNorm(self, layer, training, x):
        at = lambda role: self.named[layer["id"], role]
        return F.layer_norm(x.permute(0, 2, 3, 1), x.shape[1:2], at("gamma"), at("beta"), layer["eps"]).permute(0, 3, 1, 2)

    def activation(self, layer, training, x):
        return {"relu": F.relu, "swish": F.silu, "sigmoid": torch.sigmoid, "gelu": F.gelu}[layer["function"]](x)

    def maxPool(self, layer, training, x):
        window = layer["window"]
        return F.max_pool2d(x, window["kernel"], window["stride"], window["padding"])

    def averagePool(self, layer, training, x):
        window = layer["window"]
        return F.avg_pool2d(x, window["kernel"], window["stride"], window["padding"])

    def globalPool(self, layer, training, x):
        return x.mean((2, 3))

    def add(self, layer, training, a, b):
        return a + b

    def gate(self, layer, training, x, s):
        return x * s.reshape(*s.shape[:2], 1, 1)

    def position(self, layer, training, x):
        return x + self.named[layer["id"], "position"]

    def attention(self, layer, training, q, k, v):
        heads, channels = layer["heads"], q.shape[1]
        bounds = [h * channels // heads for h in range(heads + 1)]
        parts = []
        for start, end in zip(bounds, bounds[1:]):
            qh, kh, vh = (part[:, start:end].flatten(2).transpose(1, 2) for part in (q, k, v))
            weights = torch.softmax(qh @ kh.transpose(1, 2) / (end - start) ** 0.5, 2)
            parts.append((weights @ vh).transpose(1, 2))
        return torch.cat(parts, 1)


def rounded(values, digits=13):
    return [float(f"%.{digits}g" % value) for value in np.asarray(values, dtype=np.float64).ravel()]


def operation(spec, numbers):
    network = Network(spec, numbers, torch.float64)
    x, labels = network.batch(spec["batch"], spec["input"])
    logits = network(x, True)
    loss = F.cross_entropy(logits, labels, label_smoothing=spec["labelSmoothing"])
    loss.backward()
    with torch.no_grad():
        evaluated = network(x, False)
        evaluated_loss = F.cross_entropy(evaluated, labels)
    named = lambda pick: {info["name"]: pick(network.values[info["name"]]) for info in network.info}
    results = named(lambda value: rounded((torch.zeros_like(value) if value.grad is None else value.grad) if value.requires_grad else value))
    return {
        "name": spec["name"],
        "loss": rounded([loss.item()])[0],
        "logits": rounded(logits.detach()),
        # Of running statistics: their values after the pass.
        "gradients": results,
        "evaluate": {"loss": rounded([evaluated_loss.item()])[0], "logits": rounded(evaluated)},
    }


def train(spec, numbers, dtype):
    network = Network(spec, numbers, dtype)
    optimiser = torch.optim.SGD(network.learnable(), lr=0.1, momentum=spec["momentum"], weight_decay=spec["weightDecay"], nesterov=True)
    losses = []
    for step in spec["steps"]:
        x, labels = network.batch(step, spec["input"])
        optimiser.param_groups[0]["lr"] = step["rate"]
        loss = F.cross_entropy(network(x, True), labels, label_smoothing=spec["labelSmoothing"])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    x, labels = network.batch(spec["evaluate"], spec["input"])
    with torch.no_grad():
        logits = network(x, False)
        return network, losses, {"loss": F.cross_entropy(logits, labels).item(), "logits": rounded(logits)}


def digest(value):
    values = value.detach().numpy().ravel()
    return rounded([values @ np.cos(np.arange(len(values))), values @ values])


def training(spec, numbers):
    network, losses, evaluation = train(spec, numbers, torch.float64)
    _, single, evaluation32 = train(spec, numbers, torch.float32)
    print(spec["name"], max(abs(a - b) / a for a, b in zip(losses, single)), losses[0], losses[-1], evaluation["loss"], evaluation32["loss"], file=sys.stderr)
    return {
        "name": spec["name"],
        "losses": rounded(losses),
        "losses32": rounded(single, 9),
        "evaluate": evaluation,
        "digest": [digest(network.values[info["name"]]) for info in network.info],
    }


def main():
    description, numbers = export()
    out = {
        "operations": [operation(spec, numbers) for spec in description["operations"]],
        "training": [training(spec, numbers) for spec in description["training"]],
    }
    json.dump(out, sys.stdout, separators=(",", ":"))
    print()


main()
