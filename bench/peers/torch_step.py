"""One training step of a network in PyTorch, timed for bench/run.mjs.

The network is built from Plexus's own list of layers, by the rules of the official code (You et al., ICML 2020): relational
layers hold dense weights under a mask, weight * mask in every forward pass; cross-entropy; SGD with Nesterov momentum 0.9
and weight decay 5e-4 on every parameter. The batch lies ready, float32.

It speaks in lines of JSON. First line in: {"batch": 128, "networks": {NAME: {"input": SHAPE, "classes": 10, "layers":
[LAYER]}}}; layers as in src/network/types.ts, but for masks: null or {"inSizes", "outSizes", "neighbours", "nonzeros"},
channels of each node and who listens to whom. First line out: {"torch": VERSION, "params": {NAME: learnable numbers that
exist}}, or {"missing": REASON} and the end. Then for every {"network": NAME, "threads": T, "steps": N, "channelsLast":
BOOL}: N + 1 steps with T threads, the first one not timed; {"ms": [...]} comes back. channelsLast lays planes out as
[row][column][channel], which PyTorch may be faster with.
"""
import json
import sys
import time

try:
    import numpy as np
    import torch
    from torch import nn
    from torch.nn import functional as F
except ImportError as error:
    print(json.dumps({"missing": str(error)}), flush=True)
    sys.exit(0)

ACTIVATIONS = {"relu": F.relu, "swish": F.silu, "sigmoid": torch.sigmoid, "gelu": F.gelu}


def mask_of(sizes):
    """Rows are outputs; node i reads its neighbours and itself."""
    nodes = len(sizes["neighbours"])
    adjacency = np.eye(nodes, dtype=np.float32)
    for node, neighbours in enumerate(sizes["neighbours"]):
        adjacency[node, neighbours] = 1
    mask = np.repeat(np.repeat(adjacency, sizes["outSizes"], axis=0), sizes["inSizes"], axis=1)
    assert int(mask.sum(dtype=np.float64)) == sizes["nonzeros"], "the mask differs from the one of Plexus"
    return torch.from_numpy(mask)


class Masked(nn.Module):
    """A linear layer or convolution whose weights are multiplied by a mask over pairs of channels where there is one."""

    def __init__(self, inner, mask):
        super().__init__()
        self.inner = inner
        nn.init.normal_(inner.weight, std=inner.weight[0].numel() ** -0.5)
        if inner.bias is not None:
            nn.init.zeros_(inner.bias)
        if mask is None:
            self.mask = None
        else:
            window = [1] * (inner.weight.dim() - 2)
            pairs = mask_of(mask)
            self.register_buffer("mask", pairs.reshape(*pairs.shape, *window))

    def forward(self, x):
        weight = self.inner.weight if self.mask is None else self.inner.weight * self.mask
        if isinstance(self.inner, nn.Linear):
            return F.linear(x.flatten(1), weight, self.inner.bias)
        return self.inner._conv_forward(x, weight, self.inner.bias)

    def existing(self):
        absent = 0 if self.mask is None else (self.mask.numel() - int(self.mask.sum(dtype=torch.float64))) * self.inner.weight[0, 0].numel()
        return sum(p.numel() for p in self.inner.parameters()) - absent


class BatchNorm(nn.modules.batchnorm._BatchNorm):
    """Over the batch and the plane, where there is one."""

    def _check_input_dim(self, x):
        pass


class LayerNorm(nn.LayerNorm):
    """Over the channels of each pixel."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)


class Position(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.weight = nn.Parameter(0.02 * torch.randn(*shape))

    def forward(self, x):
        return x + self.weight


def attend(q, k, v, heads):
    """Among the pixels of each sample; head h holds the channels floor(h C / H) .. floor((h + 1) C / H) - 1."""
    parts = []
    for head in range(heads):
        of = slice(head * q.shape[1] // heads, (head + 1) * q.shape[1] // heads)
        a, b, c = (x[:, of].flatten(2) for x in (q, k, v))
        scores = a.transpose(1, 2) @ b * a.shape[1] ** -0.5
        parts.append(c @ scores.softmax(-1).transpose(1, 2))
    return torch.cat(parts, 1).reshape(v.shape)


def sides(layer):
    window = layer["window"]
    return {"kernel_size": window["kernel"], "stride": window["stride"], "padding": window["padding"]}


def shape_of(shape):
    return [shape["channels"], shape["height"], shape["width"]]


def norm(layer):
    made = BatchNorm(layer["output"]["channels"], eps=layer["eps"], momentum=layer["momentum"])
    nn.init.constant_(made.weight, layer["gamma"])
    return made


# What has weights, by the kind of its layer.
MODULES = {
    "linear": lambda layer: Masked(nn.Linear(layer["inFeatures"], layer["outFeatures"], bias=layer["bias"]), layer["mask"]),
    "conv": lambda layer: Masked(nn.Conv2d(layer["inChannels"], layer["output"]["channels"], bias=layer["bias"], **sides(layer)), layer["mask"]),
    "depthwise": lambda layer: Masked(nn.Conv2d(*2 * [layer["output"]["channels"]], groups=layer["output"]["channels"], bias=False, **sides(layer)), None),
    "batchNorm": norm,
    "layerNorm": lambda layer: LayerNorm(layer["output"]["channels"], eps=layer["eps"]),
    "position": lambda layer: Position(shape_of(layer["output"])),
}
# What has none, called with the layer and its inputs.
FUNCTIONS = {
    "maxPool": lambda layer, x: F.max_pool2d(x, **sides(layer)),
    "averagePool": lambda layer, x: F.avg_pool2d(x, **sides(layer)),
    "globalPool": lambda layer, x: F.adaptive_avg_pool2d(x, 1),
    "add": lambda layer, a, b: a + b,
    "gate": lambda layer, x, s: x * s,
    "attention": lambda layer, q, k, v: attend(q, k, v, layer["heads"]),
}


def function_of(layer, sole_reader):
    """A relu whose input nobody else reads works in place, as it is written by hand."""
    if layer["kind"] != "activation":
        return lambda *inputs: FUNCTIONS[layer["kind"]](layer, *inputs)
    if layer["function"] == "relu" and sole_reader:
        return F.relu_
    return ACTIVATIONS[layer["function"]]


class Network(nn.Module):
    """Runs a list of layers; the first is the input, the last one's output the logits."""

    def __init__(self, layers):
        super().__init__()
        self.parts = nn.ModuleList()
        self.steps = []
        self.input = layers[0]["id"]
        readers = {}
        for layer in layers:
            for name in layer["inputs"]:
                readers[name] = readers.get(name, 0) + 1
        for layer in layers[1:]:
            if layer["kind"] in MODULES:
                work = MODULES[layer["kind"]](layer)
                self.parts.append(work)
            else:
                work = function_of(layer, readers[layer["inputs"][0]] == 1 and layer["inputs"][0] != self.input)
            self.steps.append((layer["id"], layer["inputs"], work))

    def forward(self, x):
        values = {self.input: x}
        for name, inputs, work in self.steps:
            values[name] = work(*(values[each] for each in inputs))
        return values[name]

    def existing(self):
        """Learnable numbers that exist: those under a mask's zeros do not."""
        return sum(part.existing() if isinstance(part, Masked) else sum(p.numel() for p in part.parameters()) for part in self.parts)


def stepper(network, batch, layout):
    model = Network(network["layers"]).train().to(memory_format=layout)
    optimiser = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9, weight_decay=5e-4, nesterov=True)
    loss = nn.CrossEntropyLoss()
    samples = torch.randn(batch, *shape_of(network["input"])).to(memory_format=layout)
    labels = torch.arange(batch) % network["classes"]

    def step():
        value = loss(model(samples), labels)
        optimiser.zero_grad(set_to_none=True)
        value.backward()
        optimiser.step()

    return step, model.existing()


def main():
    torch.manual_seed(1)
    setup = json.loads(sys.stdin.readline())

    def made(name, channels_last):
        layout = torch.channels_last if channels_last else torch.contiguous_format
        return stepper(setup["networks"][name], setup["batch"], layout)

    steps = {}
    params = {}
    for name in setup["networks"]:
        steps[name, False], params[name] = made(name, False)
    print(json.dumps({"torch": torch.__version__, "params": params}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        torch.set_num_threads(order["threads"])
        key = (order["network"], order["channelsLast"])
        if key not in steps:
            steps[key] = made(*key)[0]
        step = steps[key]
        step()
        times = []
        for _ in range(order["steps"]):
            begun = time.perf_counter()
            step()
            times.append(1000 * (time.perf_counter() - begun))
        print(json.dumps({"ms": times}), flush=True)


if __name__ == "__main__":
    main()
