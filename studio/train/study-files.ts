import { zipSync } from 'fflate';
import { canonicalJson } from '../../src/core/canonical-json.js';
import { InternalError, must, UserError } from '../../src/core/errors.js';
import { identityBytes, identityWords } from '../../src/data/identity.js';
import { shapeDefaults, shapesDataset } from '../../src/data/shapes.js';
import { backendNames, registerBackend } from '../../src/engine/backends/registry.js';
import { studySpecOf } from '../../src/study/spec.js';
import { formatStudySpec, specIdentity } from '../../src/study/spec-text.js';
import { formatLine } from '../../src/study/log-line.js';
import { stateContent } from '../../src/study/state.js';
import { trialsOf } from '../../src/study/trials.js';
import type { StudySpec, TrialRecord } from '../../src/study/types.js';
import type { ShapesChoice } from './messages.js';

/** What a sweep trains. */
export interface SweepPlan {
  readonly arch: string;
  readonly data: ShapesChoice;
  readonly baseline: string;
  readonly graphs: readonly string[];
  readonly seed: number;
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
}

/** The name of the directory, and of the study. */
export const SWEEP_NAME = 'plexus-sweep';

/** The name of the backend that trains in workers is known here too; nothing is trained here. */
function knowBackend(): void {
  if (backendNames().includes('wasm')) return;
  const make = (): never => {
    throw new InternalError('the page itself has no kernels, its workers have');
  };
  registerBackend({ name: 'wasm', make, automatic: false });
}

/** The spec of a sweep, as the command would freeze it. */
function sweepSpec(plan: SweepPlan): StudySpec {
  knowBackend();
  const { images: train, tests: test, size } = plan.data;
  // JSON is YAML.
  const text = JSON.stringify({
    plexus: 1,
    name: SWEEP_NAME,
    arch: plan.arch,
    data: { name: 'shapes', train, test, size, seed: shapeDefaults.seed },
    baseline: plan.baseline,
    graphs: plan.graphs,
    seeds: [plan.seed],
    train: {
      epochs: plan.epochs,
      batch: plan.batch,
      learningRate: plan.rate,
      backend: 'wasm',
    },
  });
  return studySpecOf(text, { path: 'the sweep', directory: null, files: null });
}

/**
 * The study's directory as a ZIP archive: the command takes it up where the page left off.
 *
 * @param records those of trials that ended, each with the number of its trial
 * @param backend as studies name it
 * @param version of this studio
 */
export async function sweepArchive(
  plan: SweepPlan,
  records: readonly TrialRecord[],
  backend: string,
  version: string,
): Promise<Uint8Array> {
  const spec = sweepSpec(plan);
  const content = stateContent({
    plexus: version,
    specHash: await sha256(encoded(specIdentity(spec))),
    data: await shapesIdentity(plan.data),
    backend,
    spec,
  });
  const state = { ...content, hash: await sha256(encoded(canonicalJson(content))) };
  const trials = trialsOf(spec);
  const lines = records.map((record) => formatLine({ ...record, ...must(trials[record.index]) }));
  return zipSync({
    [SWEEP_NAME]: {
      'study.yaml': encoded(formatStudySpec(spec)),
      'study.json': encoded(`${JSON.stringify(state, null, 2)}\n`),
      'trials.ndjson': encoded(lines.join('')),
    },
  });
}

function encoded(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The identity of pictures that are drawn. */
async function shapesIdentity({ images, tests, size }: ShapesChoice): Promise<string> {
  const words = { train: images, test: tests, size, seed: shapeDefaults.seed };
  const hashes: string[] = [];
  for (const bytes of identityBytes(shapesDataset(words))) hashes.push(await sha256(bytes));
  const hash = (await sha256(encoded(hashes.join(' ')))).slice(0, 16);
  return identityWords('shapes', words, 0, hash);
}

async function sha256(bytes: Uint8Array): Promise<string> {
  // Browsers have it on secure pages alone.
  if (!('subtle' in globalThis.crypto))
    throw new UserError(
      'checksums need a page that came over https or from this machine; open the studio so',
    );
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
