import { computed, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { MOST_CURVES, oneLine } from '../state/fields.js';
import { show } from '../state/store.js';
import { TRIAL_COLUMNS, type TrialColumn, type TrialOrder } from '../state/types.js';
import { Menu } from '../ui/parts.js';
import { columns as chosenColumns, find, order, trials as chosenTrials } from './chosen.js';
import { COLUMNS, type ColumnInfo } from './columns.js';
import { table } from './live.js';
import type { TrialData } from './trial-data.js';

/** Pixels of a row, and how many rows are made around what can be seen. */
const ROW = 30;
const SPARE = 3;
/** Rows that can be seen at once. */
const SEEN = 14;

/** The listed trials, in their order. */
const listed = computed(
  () => table.value?.data.listed(find.value, order.value) ?? new Int32Array(),
);
const first = signal(0);

/** The trials of a study: sorted, filtered, with the columns that are asked for. */
export function TrialTablePanel(): JSX.Element | null {
  const shown = table.value?.data;
  if (shown === undefined) return null;
  return (
    <section class="panel trials" aria-labelledby="trials-title">
      <div class="panel-head">
        <h2 id="trials-title">Trials</h2>
        <Tools data={shown} />
      </div>
      <Grid data={shown} />
    </section>
  );
}

function Tools({ data }: { readonly data: TrialData }): JSX.Element {
  const count = listed.value.length;
  const { failed } = data;
  return (
    <div class="trial-tools">
      <label class="find">
        <span class="unseen">Filter the trials</span>
        <input
          type="text"
          placeholder="Filter: ws-flex seed=1 error<20"
          value={find.value}
          onInput={({ currentTarget }) =>
            show({ find: oneLine(currentTarget.value, 100) }, 'find trials')
          }
        />
      </label>
      {failed > 0 && (
        <button
          type="button"
          class="button small"
          aria-pressed={find.value === 'failed'}
          onClick={() => show({ find: find.value === 'failed' ? '' : 'failed' })}
        >
          {failed} failed
        </button>
      )}
      <ColumnMenu />
      <span class="quiet number" role="status">
        {count} {count === 1 ? 'trial' : 'trials'}
      </span>
    </div>
  );
}

function ColumnMenu(): JSX.Element {
  const columns = chosenColumns.value;
  const toggle = (name: TrialColumn): void => {
    const on = columns.includes(name);
    show({
      columns: TRIAL_COLUMNS.filter((each) => (each === name ? !on : columns.includes(each))),
    });
  };
  return (
    <Menu label="Columns">
      {TRIAL_COLUMNS.slice(1).map((name) => (
        <button
          key={name}
          type="button"
          role="menuitemcheckbox"
          aria-checked={columns.includes(name)}
          onClick={() => toggle(name)}
        >
          {columns.includes(name) ? '✓ ' : '   '}
          {COLUMNS[name].title}
        </button>
      ))}
    </Menu>
  );
}

function Grid({ data }: { readonly data: TrialData }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const trials = listed.value;
  // Where nothing failed, there are no reasons to be shown.
  const shown = chosenColumns.value.filter((name) => name !== 'reason' || data.failed > 0);
  const columns: readonly TrialColumn[] = ['trial', ...shown];
  const layout = columns.map((name) => COLUMNS[name].width).join(' ');
  const from = Math.max(0, Math.min(first.value, trials.length - SEEN) - SPARE);
  const rows = [...trials.subarray(from, from + SEEN + 2 * SPARE)];
  // Tab comes to one row alone, of those that are there; arrows go on from it.
  const stopAt = Math.max(from, Math.min(from + rows.length - 1, stop.value));
  return (
    <div
      class="trial-scroll"
      ref={box}
      tabIndex={0}
      role="region"
      aria-label="Table of trials; in it, arrow keys go from trial to trial"
      onScroll={({ currentTarget }) => {
        first.value = Math.floor(currentTarget.scrollTop / ROW);
      }}
    >
      <div
        class="trial-grid"
        role="table"
        aria-label="Trials"
        aria-rowcount={trials.length + 1}
        aria-colcount={columns.length}
      >
        <div role="rowgroup" class="trial-heads">
          <div
            role="row"
            class="trial-row"
            aria-rowindex={1}
            style={{ gridTemplateColumns: layout }}
          >
            {columns.map((name) => (
              <Heading key={name} name={name} info={COLUMNS[name]} />
            ))}
          </div>
        </div>
        <div role="rowgroup" style={{ height: `${trials.length * ROW}px` }} class="trial-rows">
          {rows.map((trial, at) => (
            <Row
              // Rows are used again: the place stays, what stands there changes.
              key={(from + at) % (SEEN + 2 * SPARE)}
              {...{ data, trial, columns, layout }}
              place={from + at}
              isStop={from + at === stopAt}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function Heading({
  name,
  info,
}: {
  readonly name: TrialColumn;
  readonly info: ColumnInfo;
}): JSX.Element {
  const { by, descending } = order.value;
  const sorted = by === name;
  const next: TrialOrder = { by: name, descending: sorted && !descending };
  return (
    <div
      role="columnheader"
      class={info.text === true ? '' : 'number'}
      aria-sort={sorted ? (descending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" title={info.meaning} onClick={() => show({ order: next })}>
        {info.title}
        <span aria-hidden="true">{sorted ? (descending ? ' ↓' : ' ↑') : ''}</span>
      </button>
    </div>
  );
}

function Row({
  data,
  trial,
  columns,
  layout,
  place,
  isStop,
}: {
  readonly data: TrialData;
  readonly trial: number;
  readonly columns: readonly TrialColumn[];
  readonly layout: string;
  readonly place: number;
  readonly isStop: boolean;
}): JSX.Element {
  const picked = chosenTrials.value.includes(trial);
  return (
    <div
      role="row"
      class={`trial-row${picked ? ' picked' : ''}${data.state(trial) === 'failed' ? ' failed' : ''}`}
      aria-rowindex={place + 2}
      style={{ gridTemplateColumns: layout, transform: `translateY(${place * ROW}px)` }}
    >
      {columns.map((name) => {
        const info = COLUMNS[name];
        const text = info.show(data, trial);
        return (
          <div
            key={name}
            role="cell"
            class={info.text === true ? '' : 'number'}
            title={info.text === true && text.length > 20 ? text : undefined}
          >
            {name === 'trial' ? <Pick {...{ trial, picked, place, isStop }} /> : text}
          </div>
        );
      })}
    </div>
  );
}

function Pick({
  trial,
  picked,
  place,
  isStop,
}: {
  readonly trial: number;
  readonly picked: boolean;
  readonly place: number;
  readonly isStop: boolean;
}): JSX.Element {
  const box = useRef<HTMLInputElement>(null);
  const isWanted = wanted.value === place;
  useLayoutEffect(() => {
    if (!isWanted) return;
    box.current?.focus({ preventScroll: true });
    wanted.value = null;
  }, [isWanted]);
  return (
    <label class="pick">
      <input
        ref={box}
        type="checkbox"
        checked={picked}
        tabIndex={isStop ? 0 : -1}
        aria-label={`Curve of trial ${trial}`}
        onFocus={() => (stop.value = place)}
        onKeyDown={(event) => {
          const step = STEPS[event.key];
          if (step === undefined) return;
          event.preventDefault();
          goTo(event.currentTarget, place + step);
        }}
        onChange={() => pick(trial)}
      />
      {trial}
    </label>
  );
}

/** The place in the list that Tab comes to, and the one that is to have the focus once it is there. */
const stop = signal(0);
const wanted = signal<number | null>(null);

const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 10,
  PageUp: -10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** Scrolls as far as a place needs to be seen, below the headings, and gives it the focus. */
function goTo(from: Element, asked: number): void {
  const scroll = from.closest('.trial-scroll');
  if (scroll === null) return;
  const place = Math.max(0, Math.min(listed.value.length - 1, asked));
  const heads = scroll.querySelector('.trial-heads')?.clientHeight ?? 0;
  const [least, most] = [(place + 1) * ROW + heads - scroll.clientHeight, place * ROW];
  scroll.scrollTop = Math.max(least, Math.min(most, scroll.scrollTop));
  wanted.value = place;
}

/** Draws the curve of a trial, or no longer; the one chosen first makes room where there are many. */
function pick(trial: number): void {
  const trials = chosenTrials.value;
  show({
    trials: trials.includes(trial)
      ? trials.filter((each) => each !== trial)
      : [...trials, trial].slice(-MOST_CURVES),
  });
}
