import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/index.js';
import {
  blockedContrast,
  blockedDifference,
  correlationInterval,
  fitBlocks,
  mean,
  pairedDifference,
  pearson,
  type BlockFit,
} from '../../src/stats/index.js';

interface Design {
  readonly items: number;
  readonly blocks: number;
  /** Share of the entries that are left out at random. */
  readonly gaps: number;
  /**
   * Residual standard deviation of the noisiest row over that of the steadiest; the others lie
   * between.
   */
  readonly ratio: number;
}

interface Drawn {
  readonly truth: readonly number[];
  readonly rows: readonly (readonly (number | null)[])[];
  readonly fit: BlockFit;
}

const deviationOf = ({ items, ratio }: Design, i: number): number =>
  1 + ((ratio - 1) * i) / Math.max(1, items - 1);

/** A table of items with spread 1.5 in blocks with spread 2. */
function drawTable(design: Design, random: RandomStream): Drawn {
  const truth = Array.from({ length: design.items }, () => 40 + 1.5 * random.normal());
  const effects = Array.from({ length: design.blocks }, () => 2 * random.normal());
  const rows = truth.map((level, i) =>
    effects.map((effect) => {
      const error = deviationOf(design, i) * random.normal();
      return random.uniform() < design.gaps ? null : level + effect + error;
    }),
  );
  return { truth, rows, fit: fitBlocks(rows)! };
}

/** Share of tables whose interval holds the truth; those that have none do not count. */
function coverage(
  design: Design,
  tables: number,
  holds: (drawn: Drawn, random: RandomStream) => boolean | null,
): number {
  const random = new RandomStream('coverage', JSON.stringify(design));
  let [held, counted] = [0, 0];
  for (let at = 0; at < tables; at++) {
    const outcome = holds(drawTable(design, random), random);
    if (outcome === null) continue;
    counted += 1;
    if (outcome) held += 1;
  }
  expect(counted).toBeGreaterThan(0.9 * tables);
  return held / counted;
}

const within = (
  interval: readonly [number, number] | null | undefined,
  value: number,
): boolean | null => (interval ? interval[0] <= value && value <= interval[1] : null);

/** The interval of two rows drawn at random. */
function ofAnyPair({ truth, fit }: Drawn, random: RandomStream): boolean | null {
  const i = random.below(truth.length);
  const j = (i + 1 + random.below(truth.length - 1)) % truth.length;
  return within(blockedDifference(fit, i, j, 0.95)?.interval, truth[i] - truth[j]);
}

const designs: readonly (readonly [string, Design, number])[] = [
  ['2 x 2', { items: 2, blocks: 2, gaps: 0, ratio: 1 }, 1500],
  ['2 x 2, one row twice as noisy', { items: 2, blocks: 2, gaps: 0, ratio: 2 }, 1500],
  ['6 x 3', { items: 6, blocks: 3, gaps: 0, ratio: 1 }, 1500],
  ['8 x 4 with gaps', { items: 8, blocks: 4, gaps: 0.25, ratio: 1 }, 1500],
  ['12 x 3, rows of differing noise', { items: 12, blocks: 3, gaps: 0, ratio: 2 }, 1500],
  ['12 x 4, gaps and differing noise', { items: 12, blocks: 4, gaps: 0.2, ratio: 2 }, 1500],
  ['53 x 5', { items: 53, blocks: 5, gaps: 0, ratio: 1 }, 1200],
  ['53 x 5, gaps and differing noise', { items: 53, blocks: 5, gaps: 0.2, ratio: 2 }, 1200],
];

describe('intervals of 95 % hold the truth as often as they say', () => {
  it.each(designs)('differences: %s', (_, design, tables) => {
    const share = coverage(design, tables, ofAnyPair);
    expect(share).toBeGreaterThan(0.93);
    expect(share).toBeLessThan(0.97);
  });

  it('cells against cells, with gaps', () => {
    const weights = [0.5, 0.5, 0, 0, -1 / 3, -1 / 3, -1 / 3, 0];
    const share = coverage({ items: 8, blocks: 4, gaps: 0.2, ratio: 1 }, 2000, ({ truth, fit }) =>
      within(
        blockedContrast(fit, weights, 0.95)?.interval,
        truth.reduce((sum, level, i) => sum + weights[i] * level, 0),
      ),
    );
    expect(share).toBeGreaterThan(0.93);
    expect(share).toBeLessThan(0.97);
  });

  it('all differences from one row at once', () => {
    const share = coverage({ items: 12, blocks: 3, gaps: 0, ratio: 1 }, 300, ({ truth, fit }) =>
      truth
        .slice(1)
        .every((level, i) =>
          within(blockedDifference(fit, i + 1, 0, 0.95, 11)!.interval, level - truth[0]),
        ),
    );
    expect(share).toBeGreaterThan(0.93);
  });

  it('of the two noisiest rows: too short from the pooled variance, right from their pairs', () => {
    const design = { items: 12, blocks: 5, gaps: 0, ratio: 2 };
    const pooled = coverage(design, 1500, ({ truth, fit }) =>
      within(blockedDifference(fit, 11, 10, 0.95)!.interval, truth[11] - truth[10]),
    );
    const paired = coverage(design, 1500, ({ truth, rows }) =>
      within(pairedDifference(rows[11], rows[10], 0.95)!.interval, truth[11] - truth[10]),
    );
    expect(pooled).toBeLessThan(0.91);
    expect(paired).toBeGreaterThan(0.93);
    expect(paired).toBeLessThan(0.97);
  });

  it('correlations', () => {
    const random = new RandomStream('coverage', 'correlation');
    const [draws, rho] = [3000, 0.6];
    let held = 0;
    for (let at = 0; at < draws; at++) {
      const x = Array.from({ length: 12 }, () => random.normal());
      const y = x.map((value) => rho * value + Math.sqrt(1 - rho ** 2) * random.normal());
      if (within(correlationInterval(pearson(x, y)!, 12, 0.95), rho)) held += 1;
    }
    expect(held / draws).toBeGreaterThan(0.93);
    expect(held / draws).toBeLessThan(0.97);
  });
});

describe('variances', () => {
  it('are right on average: residual, between items, and what blocks take away', () => {
    const random = new RandomStream('coverage', 'variances');
    const design = { items: 20, blocks: 4, gaps: 0.2, ratio: 1 };
    const fits = Array.from({ length: 1000 }, () => drawTable(design, random).fit);
    const average = (of: (fit: BlockFit) => number): number => mean(fits.map(of));
    expect(Math.abs(average((fit) => fit.residual.variance!) - 1)).toBeLessThan(0.03);
    expect(Math.abs(average((fit) => fit.betweenItems!) - 1.5 ** 2)).toBeLessThan(0.1);
    // Spread 2 of the blocks on top of the residual 1.
    expect(Math.abs(average((fit) => fit.gain!.withoutBlocks) - 5)).toBeLessThan(0.4);
  });
});
