"""A small relational MLP in PyTorch: writes its weights, five batches and what PyTorch makes of them.

The first two become docs-pytorch-weights.safetensors and docs-pytorch-batches.safetensors beside this file, expected.json
becomes docs-pytorch.json. Run in an empty folder:
  plexus graph make ws-flex:n=8,k=4,p=0.2,seed=1 --output graph.txt
  python3 make-docs-pytorch.py
"""
import json
import struct

import numpy as np
import torch
from torch import nn

NODES, WIDTH, INPUTS, CLASSES, BATCH, STEPS = 8, 24, 48, 3, 16, 5
torch.manual_seed(14)

# The graph and, because a node always listens to itself, the diagonal. Row = output node, column = input node.
adjacency = np.eye(NODES)
for u, v in np.loadtxt("graph.txt", dtype=int):
    adjacency[u, v] = adjacency[v, u] = 1


class Masked(nn.Linear):
    """A relational layer as the paper's code has it: dense weights under a mask of blocks."""

    def __init__(self, inputs, outputs):
        super().__init__(inputs, outputs, bias=False)
        blocks = np.ones((outputs // NODES, inputs // NODES))
        self.mask = torch.tensor(np.kron(adjacency, blocks), dtype=torch.float32)

    def forward(self, x):
        return nn.functional.linear(x, self.weight * self.mask)


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.s1 = nn.ModuleDict({"linear": nn.Linear(INPUTS, 512, bias=False), "bn": nn.BatchNorm1d(512)})
        widths = [512, WIDTH, WIDTH, WIDTH]
        self.s2 = nn.ModuleDict({
            f"b{i}": nn.ModuleDict({"a": Masked(widths[i - 1], WIDTH), "a_bn": nn.BatchNorm1d(WIDTH)}) for i in (1, 2, 3)
        })
        self.head = nn.ModuleDict({"fc": nn.Linear(WIDTH, CLASSES)})

    def forward(self, x):
        x = torch.relu(self.s1["bn"](self.s1["linear"](x)))
        for block in self.s2.values():
            x = torch.relu(block["a_bn"](block["a"](x)))
        return self.head["fc"](x)


def save(tensors, path):
    """safetensors.torch.save_file(tensors, path), for machines without that package."""
    kinds = {torch.float32: "F32", torch.float64: "F64", torch.int64: "I64"}
    header, data = {}, b""
    for name, tensor in tensors.items():
        raw = tensor.contiguous().numpy().tobytes()
        header[name] = {"dtype": kinds[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


model = Mlp()
save(model.state_dict(), "weights.safetensors")
x = torch.randn(STEPS, BATCH, INPUTS)
y = x[:, :, :CLASSES].argmax(2)
save({"x": x, "y": y}, "batches.safetensors")

optimiser = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, weight_decay=5e-4, nesterov=True)
losses = []
for step in range(STEPS):
    loss = nn.functional.cross_entropy(model(x[step]), y[step])
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    losses.append(loss.item())
model.eval()
with torch.no_grad():
    logits = model(x[0])
    loss = nn.functional.cross_entropy(logits, y[0]).item()
with open("expected.json", "w") as file:
    json.dump({"losses": losses, "evaluation": {"loss": loss, "logits": logits[0].tolist()}, "head": model.head["fc"].weight[0, :4].tolist()}, file, indent=1)
