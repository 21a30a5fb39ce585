import { computed, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { fixed, plural, span } from '../../src/analysis/text.js';
import type { GraphResult, Plane, PlaneCell, StudySummary } from '../../src/analysis/types.js';
import { cssOf, viridis } from '../draw/colours.js';
import { Axes } from '../explore/plane-marks.js';
import { planeScale, type PlaneScale, toX, toY } from '../explore/plane-scale.js';
import { show } from '../state/store.js';
import { useSize } from '../ui/size.js';
import { CellGraphs } from './cell-graphs.js';
import { nextCell } from './cell-keys.js';
import { cellText } from './cell-text.js';
import { cell as chosenCell } from './chosen.js';
import { summary } from './live.js';

const hovered = signal<PlaneCell | null>(null);
const range = computed((): readonly [number, number] => {
  const means = summary.value?.plane.cells.map(({ mean }) => mean) ?? [];
  return [Math.min(...means), Math.max(...means)];
});

/** Mean test errors over the plane of C and L, with the cells that are not worse than the best. */
export function HeatMap(): JSX.Element {
  const known = summary.value;
  return (
    <figure class="panel plane heat">
      <div class="panel-head">
        <h2>Error over the plane of C and L</h2>
      </div>
      {known === null ? <div class="square" aria-busy="true" /> : <Map known={known} />}
      <figcaption>{known !== null && <Notes known={known} />}</figcaption>
    </figure>
  );
}

/** Before the page is laid out there is no room for a plane. */
const LEAST_SIDE = 120;

function Map({ known }: { readonly known: StudySummary }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const scale =
    size !== null && size.width > LEAST_SIDE ? planeScale(size.width, size.height, null) : null;
  return (
    <div class="square heat-area" ref={box}>
      {scale !== null && (
        <svg width={scale.width} height={scale.height} aria-label="Heat map" role="group">
          <Axes scale={scale} />
          <Cells scale={scale} plane={known.plane} />
          <Region scale={scale} known={known} />
          <Baseline scale={scale} baseline={known.baseline} />
        </svg>
      )}
    </div>
  );
}

function Cells({
  scale,
  plane,
}: {
  readonly scale: PlaneScale;
  readonly plane: Plane;
}): JSX.Element {
  const chosen = chosenCell.value;
  const [walked, setWalked] = useState<CellKey | null>(null);
  // Tab comes to one cell alone; arrows go on from it.
  const best = plane.cells.find(({ isBest }) => isBest);
  const stop =
    plane.cells.find((cell) => keyOf(cell) === walked) ??
    plane.cells.find((cell) => isAt(cell, chosen)) ??
    best ??
    plane.cells[0];
  return (
    <g class="cells">
      {/* What lies behind is drawn first: the frame of the chosen cell is over all others. */}
      {inFront(plane.cells, chosen).map((cell) => (
        <Cell
          key={keyOf(cell)}
          {...{ scale, plane, cell }}
          isChosen={isAt(cell, chosen)}
          isStop={cell === stop}
          onWalk={setWalked}
        />
      ))}
    </g>
  );
}

function Cell({
  scale,
  plane,
  cell,
  isChosen,
  isStop,
  onWalk,
}: {
  readonly scale: PlaneScale;
  readonly plane: Plane;
  readonly cell: PlaneCell;
  readonly isChosen: boolean;
  readonly isStop: boolean;
  readonly onWalk: (key: CellKey) => void;
}): JSX.Element {
  const press = (): void => show({ cell: isChosen ? null : [cell.i, cell.j] });
  return (
    <g
      role="button"
      data-cell={keyOf(cell)}
      // SVG knows attributes in lower case alone.
      tabindex={isStop ? 0 : -1}
      aria-pressed={isChosen}
      aria-label={cellText(cell, plane)}
      class={`cell${cell.sweet ? ' sweet-cell' : ''}${isChosen ? ' chosen' : ''}`}
      onClick={press}
      onKeyDown={(event) => {
        const next = nextCell(plane.cells, cell, event.key);
        if (event.key === 'Enter' || event.key === ' ') press();
        else if (next !== null) focusCell(event.currentTarget, next);
        else return;
        event.preventDefault();
      }}
      onFocus={() => {
        onWalk(keyOf(cell));
        hovered.value = cell;
      }}
      onBlur={() => (hovered.value = null)}
      onPointerEnter={() => (hovered.value = cell)}
      onPointerLeave={() => (hovered.value = null)}
    >
      <CellBox {...{ scale, plane, cell }} />
    </g>
  );
}

function CellBox({
  scale,
  plane,
  cell: { i, j, mean, isBest },
}: {
  readonly scale: PlaneScale;
  readonly plane: Plane;
  readonly cell: PlaneCell;
}): JSX.Element {
  const [c, l] = [plane.clusteringEdges, plane.pathLengthEdges];
  const [x, right] = [toX(scale, c[i] ?? 0), toX(scale, c[i + 1] ?? 0)];
  const [y, bottom] = [toY(scale, l[j + 1] ?? 0), toY(scale, l[j] ?? 0)];
  const [low, high] = range.value;
  const share = high > low ? (mean - low) / (high - low) : 0;
  return (
    <>
      <rect {...{ x, y }} width={right - x} height={bottom - y} fill={cssOf(viridis(share))} />
      {isBest && (
        <text x={(x + right) / 2} y={(y + bottom) / 2} dy="0.36em" text-anchor="middle">
          ★
        </text>
      )}
    </>
  );
}

type CellKey = `${number}-${number}`;

const keyOf = ({ i, j }: PlaneCell): CellKey => `${i}-${j}`;

function focusCell(from: Element, cell: PlaneCell): void {
  const found = from.parentElement?.querySelector(`[data-cell="${keyOf(cell)}"]`);
  if (found instanceof SVGElement) found.focus();
}

function inFront(
  cells: readonly PlaneCell[],
  chosen: readonly [number, number] | null,
): readonly PlaneCell[] {
  return [
    ...cells.filter((cell) => !isAt(cell, chosen)),
    ...cells.filter((cell) => isAt(cell, chosen)),
  ];
}

function isAt({ i, j }: PlaneCell, place: readonly [number, number] | null): boolean {
  return i === place?.[0] && j === place[1];
}

/** The rectangle around the cells that are not worse than the best one. */
function Region({
  scale,
  known: { sweetSpot },
}: {
  readonly scale: PlaneScale;
  readonly known: StudySummary;
}): JSX.Element | null {
  const { clustering, pathLength, called } = sweetSpot;
  if (clustering === null || pathLength === null) return null;
  const [x, right] = [toX(scale, clustering[0]), toX(scale, clustering[1])];
  const [y, bottom] = [toY(scale, pathLength[1]), toY(scale, pathLength[0])];
  return (
    <g class="sweet region">
      <rect {...{ x, y }} width={right - x} height={bottom - y} />
      <text x={x} y={y - 6}>
        {called ? 'sweet spot' : 'lowest errors'}
      </text>
    </g>
  );
}

function Baseline({
  scale,
  baseline,
}: {
  readonly scale: PlaneScale;
  readonly baseline: GraphResult | null;
}): JSX.Element | null {
  if (baseline?.clustering == null || baseline.pathLength === null) return null;
  const [x, y] = [toX(scale, baseline.clustering), toY(scale, baseline.pathLength)];
  return (
    <g class="baseline-mark" transform={`translate(${x} ${y})`}>
      <path d="M0-7 7 0 0 7-7 0z" />
    </g>
  );
}

function Notes({ known }: { readonly known: StudySummary }): JSX.Element {
  const { sweetSpot, plane } = known;
  const { clustering, pathLength, called, reason } = sweetSpot;
  const [low, high] = range.value;
  const cell = hovered.value;
  return (
    <>
      <p class="number">
        {cell !== null
          ? cellText(cell, plane)
          : clustering === null || pathLength === null
            ? `No region: ${reason ?? 'nothing was measured'}.`
            : `${called ? 'Sweet spot' : 'Lowest errors'}: C ${span(clustering)}, L ${span(pathLength)}` +
              (called ? '' : '; the baseline is not beaten')}
      </p>
      {plane.cells.length > 0 && (
        <p class="quiet ramp-line">
          <span class="number">{fixed(low, 2)} %</span>
          <span class="ramp" aria-hidden="true">
            {Array.from({ length: 16 }, (_, at) => (
              <i key={at} style={{ background: cssOf(viridis(at / 15)) }} />
            ))}
          </span>
          <span class="number">{fixed(high, 2)} %</span>
          <span>◆ baseline {fixed(known.baseline?.mean ?? null, 2)} %</span>
          {plane.outside > 0 && <span>{plural(plane.outside, 'graph')} not on the plane</span>}
        </p>
      )}
      <CellGraphs known={known} />
    </>
  );
}
