import { computed, signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { isMeasured, labelOf } from '../../src/analysis/graph-results.js';
import { fixed, meanStd, plural, span } from '../../src/analysis/text.js';
import type { GraphResult, Plane, PlaneCell, StudySummary } from '../../src/analysis/types.js';
import { cssOf, viridis } from '../draw/colours.js';
import { Axes } from '../explore/plane-marks.js';
import { planeScale, type PlaneScale, toX, toY } from '../explore/plane-scale.js';
import { show } from '../state/store.js';
import { useSize } from '../ui/size.js';
import { nextCell } from './cell-keys.js';
import { cell as chosenCell } from './chosen.js';
import { summary } from './live.js';
import { Thumbnail } from './thumbnail.js';

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
    plane.cells.find(({ i, j }) => i === chosen?.[0] && j === chosen[1]) ??
    best ??
    plane.cells[0];
  return (
    <g class="cells">
      {/* What lies behind is drawn first: the frame of the chosen cell is over all others. */}
      {inFront(plane.cells, chosen).map((cell) => {
        const { i, j, mean, sweet, isBest } = cell;
        const [c, l] = [plane.clusteringEdges, plane.pathLengthEdges];
        const [x, right] = [toX(scale, c[i] ?? 0), toX(scale, c[i + 1] ?? 0)];
        const [y, bottom] = [toY(scale, l[j + 1] ?? 0), toY(scale, l[j] ?? 0)];
        const [low, high] = range.value;
        const share = high > low ? (mean - low) / (high - low) : 0;
        const here = chosen !== null && chosen[0] === i && chosen[1] === j;
        const press = (): void => show({ cell: here ? null : [i, j] });
        return (
          <g
            key={`${i} ${j}`}
            role="button"
            data-cell={keyOf(cell)}
            // SVG knows attributes in lower case alone.
            tabindex={cell === stop ? 0 : -1}
            aria-pressed={here}
            aria-label={cellText(cell, plane)}
            class={`cell${sweet ? ' sweet-cell' : ''}${here ? ' chosen' : ''}`}
            onClick={press}
            onKeyDown={(event) => {
              const next = nextCell(plane.cells, cell, event.key);
              if (event.key === 'Enter' || event.key === ' ') press();
              else if (next !== null) focusCell(event.currentTarget, next);
              else return;
              event.preventDefault();
            }}
            onFocus={() => {
              setWalked(keyOf(cell));
              hovered.value = cell;
            }}
            onBlur={() => (hovered.value = null)}
            onPointerEnter={() => (hovered.value = cell)}
            onPointerLeave={() => (hovered.value = null)}
          >
            <rect
              {...{ x, y }}
              width={right - x}
              height={bottom - y}
              fill={cssOf(viridis(share))}
            />
            {isBest && (
              <text x={(x + right) / 2} y={(y + bottom) / 2} dy="0.36em" text-anchor="middle">
                ★
              </text>
            )}
          </g>
        );
      })}
    </g>
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
  const isChosen = ({ i, j }: PlaneCell): boolean => i === chosen?.[0] && j === chosen[1];
  return [...cells.filter((cell) => !isChosen(cell)), ...cells.filter(isChosen)];
}

function cellText({ i, j, mean, graphs, errors, p, isBest }: PlaneCell, plane: Plane): string {
  const edge = (edges: readonly number[], at: number): [number, number] => [
    edges[at] ?? 0,
    edges[at + 1] ?? 0,
  ];
  const tested = isBest ? ', best cell' : p === null ? '' : `, p ${p.toPrecision(2)}`;
  return (
    `C ${span(edge(plane.clusteringEdges, i))}, L ${span(edge(plane.pathLengthEdges, j))}: ` +
    `${fixed(mean, 2)} %, ${plural(graphs.length, 'graph')}, ` +
    `${plural(errors.length, 'training')}${tested}`
  );
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

/** Graphs of a cell that are listed, and those of them that are drawn. */
const MOST_LISTED = 60;
const MOST_DRAWN = 20;

function CellGraphs({ known }: { readonly known: StudySummary }): JSX.Element | null {
  const chosen = chosenCell.value;
  if (chosen === null) return <p class="quiet">Press a cell to see its graphs.</p>;
  const cell = known.plane.cells.find(({ i, j }) => i === chosen[0] && j === chosen[1]);
  if (cell === undefined)
    return <p class="quiet">No graph with a complete trial lies in this cell.</p>;
  const inside = new Set(cell.graphs);
  const graphs = known.graphs
    .filter(({ spec }) => inside.has(spec))
    .filter(isMeasured)
    .toSorted((a, b) => a.mean - b.mean);
  return (
    <div class="cell-graphs">
      <p class="number">{cellText(cell, known.plane)}</p>
      <ul>
        {graphs.slice(0, MOST_LISTED).map((graph, at) => (
          <li key={graph.spec}>
            {at < MOST_DRAWN && <Thumbnail line={graph.spec} />}
            <span>
              <span class="number">{meanStd(graph)} %</span>
              <br />
              <GraphLink graph={graph} />
            </span>
          </li>
        ))}
      </ul>
      {graphs.length > MOST_LISTED && <p>and {graphs.length - MOST_LISTED} more, in the table</p>}
    </div>
  );
}

/** A graph of a study: opened in Explore where its spec says all that is needed. */
function GraphLink({ graph }: { readonly graph: Pick<GraphResult, 'spec' | 'name'> }): JSX.Element {
  const label = labelOf(graph);
  if (/\b(file|connectome):/.test(graph.spec)) return <span>{label}</span>;
  return (
    <button
      type="button"
      class="link"
      title="Open in Explore"
      onClick={() =>
        show({ page: 'explore', graph: { kind: 'spec', line: graph.spec }, node: null })
      }
    >
      {label}
    </button>
  );
}
