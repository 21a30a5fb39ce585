import type { JSX } from 'preact';
import type { GraphResult, StudySummary } from '../../src/analysis/types.js';
import { isMeasured, labelOf } from '../../src/analysis/graph-results.js';
import { meanStd } from '../../src/analysis/text.js';
import { show } from '../state/store.js';
import { cellText } from './cell-text.js';
import { cell as chosenCell } from './chosen.js';
import { Thumbnail } from './thumbnail.js';
/** Graphs of a cell that are listed, and those of them that are drawn. */
const MOST_LISTED = 60;
const MOST_DRAWN = 20;

/** The graphs of the cell that is chosen. */
export function CellGraphs({ known }: { readonly known: StudySummary }): JSX.Element | null {
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
