/**
 * How well errors are told from weights: Kendall's tau of the predictions of docs/evidence/weights with the
 * errors of the networks, each predicted by a process that had not seen it: `npx tsx
 * scripts/weight-evidence.ts` prints the rows of docs/rewiring.md.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fixed, signed } from '../src/analysis/text.js';
import { must } from '../src/core/errors.js';
import { kendallGain, type KendallResult, kendallTau } from '../src/stats/kendall.js';

const FILE = fileURLToPath(new URL('../docs/evidence/weights/predictions.ndjson', import.meta.url));

/** One network's test error in %, and what was predicted of it, in standard units. */
interface Predicted {
  readonly error: number;
  readonly quantiles: number;
  readonly graph: number;
  readonly both: number;
}

const between = ({ interval }: KendallResult): string =>
  `[${interval.map((end) => fixed(end, 3)).join(', ')}]`;

/** A row for each set of features, then what graph measures add. */
export function weightRows(): string[] {
  const lines = readFileSync(FILE, 'utf8').trim().split('\n');
  const networks = lines.map((line) => JSON.parse(line) as Predicted);
  const errors = networks.map(({ error }) => error);
  const by = (name: keyof Predicted): number[] => networks.map((network) => network[name]);
  const row = (name: string, told: string, result: KendallResult): string =>
    `| ${name} | ${networks.length} | ${told} ${between(result)} |`;
  const of = (name: string, key: keyof Predicted): string => {
    const tau = must(kendallTau(by(key), errors) ?? undefined);
    return row(name, fixed(tau.value, 3), tau);
  };
  const gain = must(kendallGain(by('both'), by('quantiles'), errors) ?? undefined);
  return [
    of('quantiles', 'quantiles'),
    of('graph measures', 'graph'),
    of('both', 'both'),
    row('what graph measures add', signed(gain.value, 3), gain),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(weightRows().join('\n'));
