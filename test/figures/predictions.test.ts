import { describe, expect, it } from 'vitest';
import { predictionFigure } from '../../src/figures/index.js';
import type { PredictionOutcome } from '../../src/analysis/predictions.js';
import { readPicture } from './well-formed.js';

const compared: PredictionOutcome = {
  prediction: {
    name: 'a<b',
    kind: 'compare',
    below: 'best',
    than: 'baseline',
    by: 0.5,
    test: 'mean',
  },
  outcome: 'as predicted',
  value: 1.25,
  interval: [0.75, 1.75],
  coverage: 0.9,
  n: 3,
  differences: [1, 1.25, 1.5],
  p: 0.01,
  why: null,
  sentence: 'a<b, as predicted: it is so.',
};
const paired: PredictionOutcome = {
  ...compared,
  prediction: {
    name: `pairs-${'x'.repeat(70)}`,
    kind: 'pairs',
    below: ['a', 'b'],
    than: ['c', 'd'],
    within: 0.3,
    level: 0.05,
  },
  n: 2,
  differences: [-0.2, 0.1],
  value: -0.05,
};
const others: PredictionOutcome[] = [
  { ...compared, prediction: { name: 'looks', kind: 'text', text: 'hubs' }, value: null },
  {
    ...compared,
    prediction: { name: 'order', kind: 'correlation', with: 'published', atLeast: 0.5 },
  },
  { ...compared, outcome: 'open', value: null, interval: null, differences: [] },
];

describe('the figure of predictions', () => {
  it('has a band, a mean and a dot for each difference, the sign that of sentences', () => {
    const svg = predictionFigure({ study: 's', predictions: [compared, paired, ...others] })!;
    expect(() => readPicture(svg)).not.toThrow();
    expect(svg.match(/<g[^>]* class="predicted"[^]*?<\/g>/)![0].match(/<rect/g)).toHaveLength(2);
    expect(svg.match(/<g[^>]* class="means"[^]*?<\/g>/)![0].match(/<path/g)).toHaveLength(2);
    expect(svg.match(/<g[^>]* class="differences"[^]*?<\/g>/)![0].match(/<circle/g)).toHaveLength(
      5,
    );
    expect(svg).toContain('as predicted: −1.25, 3 seeds');
    expect(svg).toContain('as predicted: +0.05, 2 pairs');
    expect(svg).toContain(`pairs-${'x'.repeat(37)}…`);
    expect(svg).toContain('Intervals cover 90\u00a0%.');
    for (const name of ['looks', 'order']) expect(svg).not.toContain(name);
  });

  it('puts the mean of a lower error to the left of no difference, in the band that was predicted', () => {
    const svg = predictionFigure({ study: 's', predictions: [compared] })!;
    const band = /class="predicted"[^]*?<rect ([^>]*)>/.exec(svg)![1]!;
    const [x, width] = ['x', 'width'].map(
      (name) => new RegExp(` ${name}="([\\d.]+)"`).exec(band)![1],
    );
    const [, mean] = /class="means"[^]*?translate\(([\d.]+),/.exec(svg)!;
    expect(Number(mean)).toBeGreaterThan(Number(x));
    expect(Number(mean)).toBeLessThan(Number(x) + Number(width));
  });

  it('is none where no difference is known', () => {
    expect(predictionFigure({ study: 's', predictions: others })).toBeNull();
    expect(predictionFigure({ study: 's', predictions: [] })).toBeNull();
  });
});
