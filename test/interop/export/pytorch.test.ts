import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readSafetensors, readSafetensorsMetadata } from '../../../src/core/safetensors.js';
import { formatGraphSpec } from '../../../src/graph/spec.js';
import { pytorchFiles } from '../../../src/interop/export/pytorch/target.js';
import { parametersOf } from '../../../src/network/parameters.js';
import { CASES, difference, ownLogits, samplesOf, trainedNetwork } from './networks.js';

/** What PyTorch made of these very files; see test/golden/make-export.py. */
interface Golden {
  /** SHA-256, without the line that names the version of Plexus. */
  readonly 'model.py': string;
  readonly logits: Readonly<Record<string, readonly number[]>>;
}
const golden = JSON.parse(
  readFileSync(new URL('../../golden/export-pytorch.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, Golden>>;

describe('a folder for PyTorch', () => {
  it.each(CASES)('%s is the one with which PyTorch gave our logits', async (arch, widths) => {
    const model = trainedNetwork(arch, widths);
    const source = String(pytorchFiles(model).get('model.py'));
    const hashed = source.replace(/^Written by Plexus.*\n/m, '');
    const { 'model.py': digest, logits } = golden[arch];
    // Another text: run test/golden/make-export.py anew, which compares what it computes.
    expect(createHash('sha256').update(hashed).digest('hex')).toBe(digest);
    for (const count of [1, 64]) {
      const ours = await ownLogits(model, samplesOf(model.network, count), count);
      expect(difference(ours, logits[count])).toBeLessThan(1e-5);
    }
  });

  it('holds weights that say what they are, to PyTorch and to Plexus', () => {
    const model = trainedNetwork('mlp', [38]);
    const bytes = pytorchFiles(model).get('model.safetensors') as Uint8Array;
    const metadata = readSafetensorsMetadata(bytes);
    expect(metadata.get('format')).toBe('pt');
    expect(metadata.get('graph')).toBe(formatGraphSpec(model.network.graph!));
    expect(JSON.parse(metadata.get('plexus')!)).toMatchObject({
      arch: 'mlp',
      stem: null,
      input: [3, 16, 16],
      classes: 4,
      mean: [120, 110, 100],
    });
    const names = parametersOf(model.network).map(({ name }) => name);
    expect([...readSafetensors(bytes).keys()].sort()).toEqual(names.sort());
  });

  it('has no text from outside that ends a docstring', () => {
    const named = { ...trainedNetwork('mlp', [38]), name: 'a"""\nimport os\\' };
    for (const [file, source] of pytorchFiles(named)) {
      if (!file.endsWith('.py')) continue;
      expect(String(source).split('"""')[1]).toContain("a''' import os'");
    }
  });
});
