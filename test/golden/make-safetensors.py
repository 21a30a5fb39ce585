#!/usr/bin/python3
"""Values of half-precision bit patterns, from NumPy (F16) and PyTorch (BF16). Run by hand; tests read the JSON."""
import json
import math
import os

import numpy as np
import torch

halves = np.arange(65536, dtype=np.uint16).view(np.float16).astype(np.float64)[1::64]
patterns = [int(x) for x in np.random.RandomState(1).randint(0, 65536, 60) if (x >> 7) & 255 != 255] + [0, 1, 0x3f80, 0xc000]
values = torch.tensor(np.array(patterns, dtype=np.uint16).view(np.int16)).view(torch.bfloat16).double().tolist()


def text(x):
    return 'nan' if math.isnan(x) else 'inf' if x == math.inf else '-inf' if x == -math.inf else x


golden = {'halves': [text(float(x)) for x in halves], 'bfloat16': [list(pair) for pair in zip(patterns, values)]}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'safetensors.json'), 'w') as f:
    f.write(json.dumps(golden) + '\n')
