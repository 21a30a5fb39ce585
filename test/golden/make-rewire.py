"""SET and RigL on one sparse layer of single weights: three steps of SGD, a rewiring, three steps.

    python3 test/golden/make-rewire.py > test/golden/rewire.json

Debian 12: python3-torch 1.13.1, python3-numpy. The layer's mask has the diagonal, which stays, and the
arcs of a directed graph. After the third step the weakest arcs are dropped by size, and as many are
grown: by the size of the gradient of the loss at the weights of then, zeros where none is, or, for SET,
those that a list names. Grown weights and their momenta begin at 0, all others go on. Seeds are such
that none of the weakest arcs is in the maximum spanning tree, which Plexus would not drop.
"""

import json

import networkx as nx
import numpy as np
import torch

torch.set_default_dtype(torch.float64)
N, CLASSES, BATCH, DROPPED = 8, 3, 6, 6
RATE, MOMENTUM, DECAY = 0.05, 0.9, 5e-4


def run(seed, rule):
    random = np.random.RandomState(seed)
    mask = np.eye(N, dtype=bool)
    arcs = [(u, v) for u in range(N) for v in range(N) if u != v]
    for at in random.choice(len(arcs), 26, replace=False):
        mask[arcs[at]] = True
    started = mask.copy()
    weight = torch.tensor((random.normal(size=(N, N)) * mask).round(4), requires_grad=True)
    head = torch.tensor(random.normal(size=(CLASSES, N)).round(4), requires_grad=True)
    bias = torch.tensor(np.zeros(CLASSES), requires_grad=True)
    first = {"weight": weight.tolist(), "head": head.tolist()}
    momenta = [torch.zeros_like(each) for each in (weight, head, bias)]
    batches = [
        (random.normal(size=(BATCH, N)).round(4), random.randint(CLASSES, size=BATCH))
        for _ in range(6)
    ]

    def gradients(batch):
        samples, labels = torch.tensor(batch[0]), torch.tensor(batch[1])
        logits = torch.relu(samples @ weight.T) @ head.T + bias
        loss = torch.nn.functional.cross_entropy(logits, labels)
        return torch.autograd.grad(loss, (weight, head, bias))

    def step(batch):
        found = list(gradients(batch))
        found[0] = found[0] * torch.tensor(mask)
        with torch.no_grad():
            for each, gradient, velocity in zip((weight, head, bias), found, momenta):
                gradient = gradient + DECAY * each
                velocity.mul_(MOMENTUM).add_(gradient)
                each.sub_(RATE * (gradient + MOMENTUM * velocity))

    for batch in batches[:3]:
        step(batch)
    size = weight.detach().abs().numpy()
    active = sorted((size[arc], arc) for arc in arcs if mask[arc])
    dropped = [arc for _, arc in active[:DROPPED]]
    tree = nx.Graph()
    for _, (u, v) in active:
        # Later ones are larger.
        tree.add_edge(u, v, weight=size[u, v] if not tree.has_edge(u, v) else max(size[u, v], size[v, u]))
    kept_together = {frozenset(edge) for edge in nx.maximum_spanning_tree(tree).edges}
    assert not any(
        frozenset(arc) in kept_together and size[arc] >= size[arc[::-1]] * mask[arc[::-1]]
        for arc in dropped
    )
    kept = mask.copy()
    for arc in dropped:
        kept[arc] = False
    free = [arc for arc in arcs if not kept[arc]]
    if rule == "rigl":
        dense = gradients(batches[2])[0].abs().numpy()
        grown = [arc for _, arc in sorted(((-dense[arc], arc) for arc in free))[:DROPPED]]
    else:
        grown = [free[at] for at in random.choice(len(free), DROPPED, replace=False)]
    for arc in grown:
        kept[arc] = True
    new = kept & ~mask
    mask[:] = kept
    with torch.no_grad():
        weight.mul_(torch.tensor(mask))
        weight[torch.tensor(new)] = 0
        momenta[0].mul_(torch.tensor(mask))
        momenta[0][torch.tensor(new)] = 0
    for batch in batches[3:]:
        step(batch)
    return {
        "rule": rule,
        "mask": started.astype(int).tolist(),
        **first,
        "batches": [{"samples": s.tolist(), "labels": y.tolist()} for s, y in batches],
        "dropped": sorted(map(list, dropped)),
        "grown": sorted(map(list, grown)),
        "after": {
            "mask": mask.astype(int).tolist(),
            "weight": weight.tolist(),
            "momentum": momenta[0].tolist(),
            "head": head.tolist(),
        },
    }


print(
    json.dumps(
        {
            "n": N,
            "classes": CLASSES,
            "dropped": DROPPED,
            "settings": {"learningRate": RATE, "momentum": MOMENTUM, "weightDecay": DECAY},
            "cases": [run(seed, rule) for seed in (2, 3, 4) for rule in ("rigl", "set")],
        }
    )
)
