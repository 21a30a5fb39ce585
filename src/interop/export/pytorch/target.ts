import { packageVersion } from '../../../platform/version.js';
import { factsText } from '../facts.js';
import { configLines, headline, inDocstring } from '../python.js';
import { pythonTables, tablesOf } from '../tables.js';
import type { ExportedFiles, NetworkTarget, TrainedNetwork } from '../types.js';
import { weightsBytes } from '../weights.js';
import { NETWORK_SOURCE } from './network-source.js';
import { RELATIONAL_SOURCE } from './relational-source.js';
import { TRAIN_SOURCE } from './train-source.js';

/** A module of PyTorch that needs nothing of Plexus, its weights, and a script that trains it on. */
export const pytorch: NetworkTarget = {
  of: 'network',
  name: 'pytorch',
  meaning: 'PyTorch: model.py, model.safetensors, train.py for one GPU or many',
  ending: null,
  options: [],
  files: pytorchFiles,
  next: (path) => [
    `evaluate: python ${path}/train.py --data DATA.npz --evaluate`,
    `train on:  torchrun --nproc_per_node GPUS ${path}/train.py --data IMAGENET`,
  ],
};

/** The files of the folder; see `pytorch`. */
export function pytorchFiles(model: TrainedNetwork): ExportedFiles {
  const metadata = { format: 'pt', ...Object.fromEntries(factsText(model)) };
  return new Map<string, string | Uint8Array>([
    ['model.py', modelSource(model)],
    ['model.safetensors', weightsBytes(model, metadata)],
    ['train.py', `${trainHead(model)}${TRAIN_SOURCE}`],
  ]);
}

/** `model.py`. */
function modelSource(model: TrainedNetwork): string {
  const facts = factsText(model);
  const lines = [...facts].map(([key, value]) => `    ${key}: ${inDocstring(value)}`);
  return `"""${headline(model)}

Written by Plexus ${packageVersion()}. Needs torch 1.13 or newer, nothing else.

    import torch, model
    network = model.load()                        # form: "grouped", "gather" or "masked"
    logits = network(model.normalise(images))     # bytes (N, channels, height, width)

${lines.join('\n')}
"""
import json
import os
import struct

import torch
import torch.nn.functional as F
from torch import nn

# What the network is.
CONFIG = {
${configLines(model)}}
${pythonTables(tablesOf(model.network))}
${RELATIONAL_SOURCE}${NETWORK_SOURCE}`;
}

function trainHead(model: TrainedNetwork): string {
  return `"""Trains ${headline(model)}

On one processor, or with torchrun on many GPUs and machines. Weights that Plexus reads are written
after every epoch.

    python train.py --data DATA.npz --evaluate
    torchrun --nproc_per_node 8 train.py --data /data/imagenet --from-scratch --amp
"""`;
}
