"""Makes graph-random.json: values of CPython's random.Random and of NumPy's legacy RandomState.

Run: python3 make-graph-random.py > graph-random.json
"""
import json
import random

import numpy as np


def python_values(seed):
    generator = random.Random(seed)
    row = {"seed": seed, "random": [generator.random() for _ in range(700)]}
    row["random"] = row["random"][:3] + row["random"][-3:]
    row["getrandbits"] = [generator.getrandbits(bits) for bits in (1, 5, 31, 32)]
    row["below"] = [generator._randbelow(n) for n in (1, 2, 7, 64, 65, 1000003, 2**31)]
    row["choice"] = "".join(generator.choice("abcdefghijk") for _ in range(20))
    letters = list("abcdefghijk")
    generator.shuffle(letters)
    row["shuffle"] = "".join(letters)
    return row


def numpy_values(seed, size):
    shuffled = np.random.RandomState(seed).permutation(size)
    checksum = 0
    for value in shuffled:
        checksum = (checksum * 31 + int(value)) % 1000003
    return {"seed": seed, "size": size, "first": [int(value) for value in shuffled[:20]], "checksum": checksum}


print(json.dumps({
    "python": [python_values(seed) for seed in (0, 1, 29, 2**31, 2**32 - 1, 2**32, 2**32 + 5, 2**53 - 1)],
    "numpy": [numpy_values(*case) for case in ((1, 10), (1, 64), (0, 1), (1, 2), (7, 1000), (2**32 - 1, 65), (1, 100000))],
    "numpyOfSizes": {
        "sizes": [9, 9, 8, 8, 8, 8, 8],
        "permuted": [int(value) for value in np.random.RandomState(1).permutation(np.array([9, 9, 8, 8, 8, 8, 8]))],
    },
}, separators=(",", ":")))
