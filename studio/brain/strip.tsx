import type { JSX } from 'preact';
import type { NullMeasure } from '../../src/graph/ensemble.js';

const WIDTH = 190;
const HEIGHT = 30;
const BINS = 30;
/** Pixels beside the outermost bars, for the graph's mark. */
const MARGIN = 6;

/** How the random graphs are distributed, and where among them, or how far away, the graph lies. */
export function Strip({
  measure: { value, nulls },
}: {
  readonly measure: Pick<NullMeasure, 'value' | 'nulls'>;
}): JSX.Element | null {
  const known = [...nulls].filter((each) => !Number.isNaN(each));
  const all = value === null ? known : [...known, value];
  if (all.length === 0) return null;
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const share = (each: number): number => (high > low ? (each - low) / (high - low) : 0.5);
  const x = (each: number): number => MARGIN + share(each) * (WIDTH - 2 * MARGIN);
  const bins = Array.from({ length: BINS }, () => 0);
  for (const each of known) {
    const bin = Math.min(BINS - 1, Math.floor(share(each) * BINS));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  const most = Math.max(...bins);
  const step = (WIDTH - 2 * MARGIN) / BINS;
  return (
    <svg class="strip" width={WIDTH} height={HEIGHT} aria-hidden="true">
      {bins.map((count, bin) => {
        const height = (count / most) * (HEIGHT - 10);
        return count === 0 ? null : (
          <rect
            key={bin}
            x={MARGIN + bin * step}
            y={HEIGHT - height}
            width={step}
            height={height}
          />
        );
      })}
      {value !== null && <path class="own" d={`M${x(value)} ${HEIGHT}V9m0-8 4 4-4 4-4-4z`} />}
    </svg>
  );
}
