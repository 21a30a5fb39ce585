import { readFileSync } from 'node:fs';

interface BudgetCase {
  readonly spec: string;
  readonly width: number;
  readonly macs: number;
  readonly params: number;
}

/** What `test/golden/make-network.py` wrote. */
interface Golden {
  readonly partitions: readonly { channels: number; nodes: number; sizes: number[] }[];
  readonly masks: readonly { spec: string; in: number; out: number; rows: string[] }[];
  readonly directed: { nodes: number; edges: number[][]; in: number; out: number; rows: string[] };
  readonly budgets: readonly BudgetCase[];
  readonly tasks: readonly (BudgetCase & {
    input: [number, number, number];
    classes: number;
    target: number;
  })[];
  readonly chains: readonly { spec: string; start: number[]; target: number; widths: number[] }[];
  readonly hundredths: readonly (readonly [number, number])[];
}

export const golden = JSON.parse(
  readFileSync(new URL('../golden/network.json', import.meta.url), 'utf8'),
) as Golden;
