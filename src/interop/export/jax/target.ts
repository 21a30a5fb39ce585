import { packageVersion } from '../../../platform/version.js';
import { factsText } from '../facts.js';
import { configLines, headline, inDocstring } from '../python.js';
import { pythonTables, tablesOf } from '../tables.js';
import type { NetworkTarget, TrainedNetwork } from '../types.js';
import { weightsBytes } from '../weights.js';
import { JAX_SOURCE } from './source.js';

/** A plain function of JAX over named parameters, for evaluation. */
export const jax: NetworkTarget = {
  of: 'network',
  name: 'jax',
  meaning: 'JAX: network.py, a plain function over named parameters; model.safetensors',
  ending: null,
  options: [],
  files: (model) =>
    new Map<string, string | Uint8Array>([
      ['network.py', networkSource(model)],
      ['model.safetensors', weightsBytes(model, Object.fromEntries(factsText(model)))],
    ]),
};

function networkSource(model: TrainedNetwork): string {
  const lines = [...factsText(model)].map(([key, value]) => `    ${key}: ${inDocstring(value)}`);
  return `"""${headline(model)}

Written by Plexus ${packageVersion()}. Batch norms use their running statistics: for evaluation, and for
training on with statistics that stay. Without jax it runs on NumPy.

    import network
    params = network.load()
    logits = network.apply(params, network.normalise(images))   # jax.jit(network.apply) is faster

${lines.join('\n')}
"""
import json
import math
import os
import struct

import numpy

try:
    import jax.numpy as jnp
except ImportError:
    jnp = numpy

# What the network is.
CONFIG = {
${configLines(model)}}
${pythonTables(tablesOf(model.network))}
${JAX_SOURCE}`;
}
