import type { JSX } from 'preact';
import { must } from '../../src/core/errors.js';
import { plural } from '../../src/analysis/text.js';
import { show, view } from '../state/store.js';

/** With more classes than these a matrix cannot be read; the commonest mistakes can. */
const MOST_CLASSES = 20;
const MOST_MISTAKES = 20;

type Cell = readonly [label: number, predicted: number];

/** Which classes are taken for which. A cell shows its pictures when it is chosen. */
export function Confusion({
  confusion,
  classes,
}: {
  readonly confusion: readonly (readonly number[])[];
  readonly classes: readonly string[];
}): JSX.Element {
  return classes.length > MOST_CLASSES ? (
    <Mistakes confusion={confusion} classes={classes} />
  ) : (
    <Matrix confusion={confusion} classes={classes} />
  );
}

function choose(cell: Cell): void {
  const now = view.value.confused;
  show({ confused: now?.[0] === cell[0] && now[1] === cell[1] ? null : cell });
}

function Matrix({
  confusion,
  classes,
}: {
  readonly confusion: readonly (readonly number[])[];
  readonly classes: readonly string[];
}): JSX.Element {
  const [atRow, atColumn] = view.value.confused ?? [0, 0];
  return (
    <div class="confusion" tabIndex={-1}>
      <table
        onKeyDown={walk}
        aria-label="Test pictures by class (rows) and by what they are taken for"
      >
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">class</span>
            </th>
            {classes.map((name) => (
              <th key={name} scope="col">
                <span>{name}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {confusion.map((row, label) => (
            <tr key={label}>
              <th scope="row">{classes[label]}</th>
              {row.map((count, predicted) => (
                <CellButton
                  key={predicted}
                  cell={[label, predicted]}
                  count={count}
                  share={
                    count /
                    Math.max(
                      1,
                      row.reduce((sum, each) => sum + each, 0),
                    )
                  }
                  classes={classes}
                  reachable={label === atRow && predicted === atColumn}
                />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CellButton({
  cell,
  count,
  share,
  classes,
  reachable,
}: {
  readonly cell: Cell;
  readonly count: number;
  readonly share: number;
  readonly classes: readonly string[];
  readonly reachable: boolean;
}): JSX.Element {
  const [label, predicted] = cell;
  const now = view.value.confused;
  const colour = label === predicted ? 'var(--accent)' : 'var(--warm)';
  const words =
    `${plural(count, 'picture')} of ${must(classes[label])}, ` +
    (label === predicted ? 'taken for it' : `taken for ${must(classes[predicted])}`);
  return (
    <td>
      <button
        type="button"
        tabIndex={reachable ? 0 : -1}
        aria-pressed={now?.[0] === label && now[1] === predicted}
        aria-label={words}
        title={words}
        style={{
          background: `color-mix(in srgb, ${colour} ${Math.round(38 * share)}%, var(--paper))`,
        }}
        onClick={() => choose(cell)}
      >
        {count === 0 ? '' : count}
      </button>
    </td>
  );
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Arrow keys go from cell to cell. */
function walk(event: KeyboardEvent): void {
  const step = STEPS[event.key];
  const cell = event.target instanceof Element ? event.target.closest('td') : null;
  const row = cell?.parentElement;
  if (step === undefined || !cell || !(row instanceof HTMLTableRowElement)) return;
  event.preventDefault();
  const body = row.parentElement as HTMLTableSectionElement;
  const target = body.rows[row.sectionRowIndex + step[0]]?.cells[cell.cellIndex + step[1]];
  target?.querySelector('button')?.focus();
}

function Mistakes({
  confusion,
  classes,
}: {
  readonly confusion: readonly (readonly number[])[];
  readonly classes: readonly string[];
}): JSX.Element {
  const mistakes = confusion
    .flatMap((row, label) =>
      row.map((count, predicted) => ({ count, cell: [label, predicted] as const })),
    )
    .filter(({ count, cell: [label, predicted] }) => count > 0 && label !== predicted)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_MISTAKES);
  return (
    <ol class="mistakes">
      {mistakes.map(({ count, cell }) => (
        <li key={cell.join()}>
          <button type="button" class="link" onClick={() => choose(cell)}>
            {must(classes[cell[0]])} taken for {must(classes[cell[1]])}
          </button>{' '}
          <span class="number">{count}</span>
        </li>
      ))}
    </ol>
  );
}
