import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { fixed } from '../../src/analysis/text.js';
import type { TrialRecord } from '../../src/study/types.js';
import { show } from '../state/store.js';
import { useSize } from '../ui/size.js';
import { ApiError, fetchTrial } from './api.js';
import { Courses, LOOKS } from './courses.js';
import { trials as chosenTrials } from './chosen.js';
import { entry, summary, table } from './live.js';
import type { TrialData } from './trial-data.js';

/** Records that have been fetched, by study and trial. */
const records = signal<ReadonlyMap<string, TrialRecord>>(new Map());
const keyOf = (id: string, trial: number): string => `${trial} ${id}`;

/** The trials whose curves are drawn: those chosen, else the best graph's beside the baseline's. */
function drawnTrials(data: TrialData): readonly number[] {
  if (chosenTrials.value.length > 0) return chosenTrials.value;
  const best = summary.value?.best?.spec;
  const graph = best === undefined ? -1 : data.graphs.findIndex(({ spec }) => spec === best);
  return [0, graph].filter((trial) => trial >= 0 && data.state(trial) === 'complete');
}

/** Test errors of some trials, epoch by epoch. */
export function Curves({ id }: { readonly id: string }): JSX.Element {
  const data = table.value?.data ?? null;
  const trials = data === null ? [] : drawnTrials(data);
  const wanted = trials.join('-');
  const version = entry.value?.version ?? 0;
  useEffect(() => {
    for (const trial of trials) void fetchCurve(id, trial);
  }, [id, wanted, version]);
  const curves = trials.flatMap((trial) => {
    const record = records.value.get(keyOf(id, trial));
    return record === undefined ? [] : [record];
  });
  return (
    <figure class="panel curves">
      <div class="panel-head">
        <h2>Learning curves</h2>
        {chosenTrials.value.length > 0 && (
          <button type="button" class="button small" onClick={() => show({ trials: [] })}>
            Clear
          </button>
        )}
      </div>
      <Chart curves={curves} />
      <figcaption>
        {data !== null && <Legend {...{ data, curves }} />}
        <p class="quiet">
          {chosenTrials.value.length > 0
            ? 'Test error after each epoch, %.'
            : 'Test error after each epoch, %. Tick trials in the table to draw theirs.'}
        </p>
        <Courses curves={curves} arch={entry.value?.arch ?? ''} />
      </figcaption>
    </figure>
  );
}

async function fetchCurve(id: string, trial: number): Promise<void> {
  const key = keyOf(id, trial);
  const known = records.value.get(key);
  if (known?.status === 'complete') return;
  try {
    const record = await fetchTrial(id, trial);
    records.value = new Map([...records.value, [key, record]]);
  } catch (error) {
    // It may be trained just now: the next change asks again.
    if (!(error instanceof ApiError)) throw error;
  }
}

const LEFT = 44;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 34;
const TICKS = 5;

function Chart({ curves }: { readonly curves: readonly TrialRecord[] }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const errors = curves.flatMap(({ epochs }) => epochs.map(({ testError }) => testError));
  const last = Math.max(1, ...curves.map(({ epochs }) => epochs.at(-1)?.epoch ?? 1));
  const [low, high] = aroundOf(errors);
  if (size === null || size.width < 2 * LEFT) return <div class="chart" ref={box} />;
  const { width, height } = size;
  const x = (epoch: number): number =>
    LEFT + (last > 1 ? (epoch - 1) / (last - 1) : 0.5) * (width - LEFT - RIGHT);
  const y = (error: number): number =>
    height - BOTTOM - ((error - low) / (high - low)) * (height - TOP - BOTTOM);
  return (
    <div class="chart" ref={box}>
      <svg width={width} height={height} role="img" aria-label={chartText(curves)}>
        <g class="axes">
          {Array.from({ length: TICKS }, (_, at) => low + ((high - low) * at) / (TICKS - 1)).map(
            (tick) => (
              <g key={tick} transform={`translate(0 ${y(tick)})`}>
                <path d={`M${LEFT} 0H${width - RIGHT}`} />
                <text x={LEFT - 8} dy="0.32em" text-anchor="end">
                  {fixed(tick, high - low < 5 ? 1 : 0)}
                </text>
              </g>
            ),
          )}
          <text x={x(1)} y={height - BOTTOM + 16} text-anchor="middle">
            1
          </text>
          {last > 1 && (
            <text x={x(last)} y={height - BOTTOM + 16} text-anchor="middle">
              {last}
            </text>
          )}
          <text class="axis-name" x={(LEFT + width) / 2} y={height - 4} text-anchor="middle">
            epoch
          </text>
        </g>
        {curves.map(({ index, epochs }, at) => (
          <g key={index} class={`curve look-${at % LOOKS}`}>
            <polyline
              points={epochs.map((each) => `${x(each.epoch)},${y(each.testError)}`).join(' ')}
            />
            {epochs.slice(-1).map(({ epoch, testError }) => (
              <circle key="end" cx={x(epoch)} cy={y(testError)} r="3.5" />
            ))}
          </g>
        ))}
      </svg>
    </div>
  );
}

/** A range with some room around the values. */
function aroundOf(values: readonly number[]): readonly [number, number] {
  if (values.length === 0) return [0, 100];
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0.5, 0.06 * (high - low));
  return [Math.max(0, low - room), high + room];
}

function chartText(curves: readonly TrialRecord[]): string {
  return curves.length === 0
    ? 'No learning curves yet'
    : curves
        .map(
          ({ index, epochs }) => `Trial ${index}: ${fixed(epochs.at(-1)?.testError ?? null, 2)} %`,
        )
        .join('; ');
}

function Legend({
  data,
  curves,
}: {
  readonly data: TrialData;
  readonly curves: readonly TrialRecord[];
}): JSX.Element {
  return (
    <ul class="legend curve-legend">
      {curves.map(({ index, epochs, seed }, at) => (
        <li key={index}>
          <svg width="26" height="10" aria-hidden="true" class={`curve look-${at % LOOKS}`}>
            <path d="M1 5h24" />
          </svg>
          <span>
            {data.label(data.graphOf(index))}, seed {seed}:{' '}
            <span class="number">{fixed(epochs.at(-1)?.testError ?? null, 2)} %</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
