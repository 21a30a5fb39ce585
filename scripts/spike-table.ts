/**
 * The outcome of the study docs/evidence/spikes as rows of docs/spikes.md, from the file of each trial:
 * `npx tsx scripts/spike-table.ts` prints them; `test/docs/spikes.test.ts` holds the page to them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const TRIALS = fileURLToPath(new URL('../docs/evidence/spikes/events/trials/', import.meta.url));
const ALL = 53;
/** Points that a network of events may err more or less than its float network. */
const GATE = 0.5;

interface Code {
  readonly code: string;
  readonly steps: number;
  readonly error: number;
  readonly energy: Readonly<Record<string, number>>;
  readonly traffic: {
    readonly packets: number;
    readonly hops: number;
    readonly unicastHops: number;
  };
}

interface SpikeTrial {
  readonly role: string;
  readonly status: string;
  readonly facts: { readonly nodes: number; readonly edges: number; readonly clustering: number };
  readonly floatError: number;
  readonly codes: readonly Code[];
}

/** The trials that were measured; empty before the study was run. */
export function spikeTrials(): SpikeTrial[] {
  if (!existsSync(TRIALS)) return [];
  return readdirSync(TRIALS)
    .toSorted()
    .map((name) => JSON.parse(readFileSync(join(TRIALS, name), 'utf8')) as SpikeTrial);
}

export const isWhole = (trials: readonly SpikeTrial[]): boolean => trials.length === ALL;

const codeOf = ({ codes }: SpikeTrial, code: string, steps: number): Code => {
  const found = codes.find((each) => each.code === code && each.steps === steps);
  if (found === undefined) throw new Error(`no ${code}:${steps}`);
  return found;
};

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return (sorted[Math.floor(at)] + sorted[Math.ceil(at)]) / 2;
};

/** A row for each code: difference to the float network, and how many lie within the gate. */
export function errorRows(trials: readonly SpikeTrial[]): string[] {
  const complete = trials.filter(({ status }) => status === 'complete');
  return complete[0].codes.map(({ code, steps }) => {
    const own = complete.map((trial) => codeOf(trial, code, steps));
    const differences = complete.map((trial, at) => own[at].error - trial.floatError);
    const within = differences.filter((difference) => Math.abs(difference) <= GATE).length;
    const energy = median(own.map(({ energy: tables }) => tables['45 nm CMOS']));
    return (
      `| \`${code}:${steps}\` | ${within} of ${complete.length} | ${signed(median(differences))} | ` +
      `${signed(Math.min(...differences))} to ${signed(Math.max(...differences))} | ` +
      `${Math.round(energy).toLocaleString('en-US')} |`
    );
  });
}

const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;

/** How many times as much the complete graph costs, by groups of graphs, with `qcfs:16`. */
export function trafficRows(trials: readonly SpikeTrial[]): string[] {
  const complete = trials.filter(({ status }) => status === 'complete');
  const baseline = complete.find(({ role }) => role === 'baseline');
  if (baseline === undefined) return [];
  const base = codeOf(baseline, 'qcfs', 16).traffic;
  const degree = ({ facts }: SpikeTrial): number => (2 * facts.edges) / facts.nodes;
  const groups: readonly (readonly [string, (trial: SpikeTrial) => boolean])[] = [
    ['degree 8 to 10', (t) => degree(t) <= 10],
    ['degree 8 to 12, C above 0.4', (t) => degree(t) <= 12 && t.facts.clustering > 0.4],
    ['degree 8 to 12, C below 0.25', (t) => degree(t) <= 12 && t.facts.clustering < 0.25],
    ['degree above 12 to 30', (t) => degree(t) > 12 && degree(t) <= 30],
    ['degree above 30', (t) => degree(t) > 30],
  ];
  return groups.map(([name, within]) => {
    const own = complete.filter((trial) => trial.role !== 'baseline' && within(trial));
    const range = (key: 'packets' | 'hops' | 'unicastHops'): string => {
      const ratios = own.map((trial) => base[key] / codeOf(trial, 'qcfs', 16).traffic[key]);
      const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
      return `${median(ratios).toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
    };
    return `| ${name} | ${own.length} | ${range('packets')} | ${range('hops')} | ${range('unicastHops')} |`;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const trials = spikeTrials();
  process.stdout.write(
    trials.length === 0
      ? 'no trial was measured yet\n'
      : `${[...errorRows(trials), '', ...trafficRows(trials)].join('\n')}\n`,
  );
}
