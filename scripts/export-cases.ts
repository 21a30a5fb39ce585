/**
 * Exports the networks that the tests of exports have, of all seven architectures, for PyTorch and
 * JAX, with what Plexus makes of samples and of 20 steps of training: what
 * `test/golden/make-export.py` compares. Usage: npx tsx scripts/export-cases.ts DIR
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exportTarget } from '../src/interop/export/registry.js';
import { writeFolderAtomic } from '../src/platform/folder.js';
import { writeSafetensorsFile } from '../src/platform/safetensors-files.js';
import { CASES, expectations, trainedNetwork } from '../test/interop/export/networks.js';

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('give the folder that the cases are written into');
mkdirSync(directory, { recursive: true });
for (const [arch, widths] of CASES) {
  const model = trainedNetwork(arch, widths);
  const folder = join(directory, arch);
  rmSync(folder, { recursive: true, force: true });
  const files = ['pytorch', 'jax'].flatMap((name) => {
    const target = exportTarget(name);
    return target.of === 'network' ? [...target.files(model, {})] : [];
  });
  writeFolderAtomic(folder, new Map(files));
  writeSafetensorsFile(join(folder, 'expected.safetensors'), await expectations(model));
}
