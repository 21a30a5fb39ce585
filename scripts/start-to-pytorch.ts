/**
 * Does all that docs/start-to-pytorch.md says, with PyTorch, on a small study, and fails unless
 * PyTorch has the error that Plexus had.
 *
 * Run: npx tsx scripts/start-to-pytorch.ts PYTHON
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorsOf, walkPage } from '../test/docs/start-to-pytorch.js';

const [python] = process.argv.slice(2);
if (python === undefined) throw new Error('name the Python that has PyTorch');
const folder = mkdtempSync(join(tmpdir(), 'plexus-start-'));
try {
  const steps = walkPage(folder, python);
  const [ours, ...theirs] = errorsOf(steps.filter(({ command }) => !command.includes('--output')));
  console.log(`Plexus ${ours} %, PyTorch ${theirs.join(' and ')} %`);
  const [trained] = errorsOf(steps.filter(({ command }) => command.includes('--output')));
  const evaluated = steps.at(-1)?.printed ?? '';
  if (theirs.length < 2 || theirs.some((error) => error !== ours))
    throw new Error('PyTorch has another error than Plexus');
  if (trained === undefined || !evaluated.includes(`error        ${trained} %`))
    throw new Error(`trained on to ${trained} %, but Plexus reads ${evaluated}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
