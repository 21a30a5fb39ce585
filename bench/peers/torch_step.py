"""One training step of the five-layer perceptron in PyTorch, timed for bench/run.mjs.

Written from the rules of the official code (You et al., ICML 2020): relational layers hold dense weights under a mask,
weight * mask in every forward pass; BatchNorm1d and ReLU after every layer but the head; cross-entropy; SGD with
Nesterov momentum 0.9 and weight decay 5e-4 on every parameter. The batch lies ready, float32.

It speaks in lines of JSON. First line in: {"batch": 128, "networks": {NAME: {"classes": 10, "layers": [{"in", "out",
"bias", "mask"}]}}}, mask null or {"inSizes", "outSizes", "neighbours", "nonzeros"}: channels of each node and who
listens to whom. First line out: {"torch": VERSION}, or {"missing": REASON} and the end. Then for every
{"network": NAME, "threads": T, "steps": N}: N + 1 steps with T threads, the first one not timed; {"ms": [...]} comes back.
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


def mask_of(sizes):
    """Rows are outputs; node i reads its neighbours and itself."""
    nodes = len(sizes["neighbours"])
    adjacency = np.eye(nodes, dtype=np.float32)
    for node, neighbours in enumerate(sizes["neighbours"]):
        adjacency[node, neighbours] = 1
    mask = np.repeat(np.repeat(adjacency, sizes["outSizes"], axis=0), sizes["inSizes"], axis=1)
    assert int(mask.sum(dtype=np.float64)) == sizes["nonzeros"], "the mask differs from the one of Plexus"
    return torch.from_numpy(mask)


class MaskedLinear(nn.Linear):
    def __init__(self, sizes, **rest):
        super().__init__(**rest)
        self.register_buffer("mask", mask_of(sizes))

    def forward(self, x):
        return F.linear(x, self.weight * self.mask, self.bias)


def network_of(layers):
    modules = []
    for at, layer in enumerate(layers):
        shape = {"in_features": layer["in"], "out_features": layer["out"], "bias": layer["bias"]}
        linear = nn.Linear(**shape) if layer["mask"] is None else MaskedLinear(layer["mask"], **shape)
        nn.init.normal_(linear.weight, std=0.01)
        if linear.bias is not None:
            nn.init.zeros_(linear.bias)
        modules.append(linear)
        if at < len(layers) - 1:
            modules += [nn.BatchNorm1d(layer["out"], eps=1e-5, momentum=0.1), nn.ReLU(inplace=True)]
    return nn.Sequential(*modules).train()


def stepper(network, batch):
    model = network_of(network["layers"])
    optimiser = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9, weight_decay=5e-4, nesterov=True)
    loss = nn.CrossEntropyLoss()
    samples = torch.randn(batch, network["layers"][0]["in"])
    labels = torch.arange(batch) % network["classes"]

    def step():
        value = loss(model(samples), labels)
        optimiser.zero_grad()
        value.backward()
        optimiser.step()

    return step


def main():
    torch.manual_seed(1)
    setup = json.loads(sys.stdin.readline())
    steps = {name: stepper(network, setup["batch"]) for name, network in setup["networks"].items()}
    print(json.dumps({"torch": torch.__version__}), flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        torch.set_num_threads(order["threads"])
        step = steps[order["network"]]
        step()
        times = []
        for _ in range(order["steps"]):
            begun = time.perf_counter()
            step()
            times.append(1000 * (time.perf_counter() - begun))
        print(json.dumps({"ms": times}), flush=True)


main()
