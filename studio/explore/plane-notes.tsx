import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { cssOf, viridis } from '../draw/colours.js';
import { basics } from '../graph/current.js';
import { findCommand } from '../graph/command.js';
import { show, view } from '../state/store.js';
import { Later } from '../ui/later.js';
import { Command, Term } from '../ui/parts.js';
import { cloud, cloudFailure, cloudNodes, families, known, marks } from './plane-data.js';
import { search, stopSearch } from './plane-drag.js';

/** What the plane shows and how it was come by; a legend whose parts can be put away. */
export function PlaneNotes(): JSX.Element {
  return (
    <>
      <SearchLine />
      <Legend />
      <MarkTable />
    </>
  );
}

function SearchLine(): JSX.Element {
  const now = search.value;
  const { pathLength } = basics.value;
  switch (now.state) {
    case 'searching':
      return (
        <p class="search">
          Looking for a graph nearer to C {now.wanted.clustering.toFixed(3)}, L{' '}
          {now.wanted.pathLength.toFixed(3)} …{' '}
          <button type="button" class="button small" onClick={stopSearch}>
            Stop
          </button>
        </p>
      );
    case 'found':
      return (
        <p class="search">
          <Term meaning="Distance in the plane, both axes in parts of the paper's ranges: C by 1, L by 3.5.">
            {now.distance.toFixed(4)}
          </Term>{' '}
          from the place asked for: the nearest of {now.tried} graphs.{' '}
          <Command
            line={findCommand(cloudNodes.value, now.wanted.clustering, now.wanted.pathLength)}
          />
        </p>
      );
    case 'failed':
      return (
        <p class="error" role="alert">
          {now.message}
        </p>
      );
    case 'idle':
      return (
        <p class="search quiet">
          {pathLength === null
            ? 'This graph is not connected: it has no path length, and no place on the plane.'
            : 'Drag the ring: the nearest graph follows. Or press anywhere.'}
        </p>
      );
    default:
      return now satisfies never;
  }
}

function Legend(): JSX.Element {
  const { errors, families: withFamilies, connectomes: withConnectomes } = view.value;
  const count = families.value.reduce((sum, { graphs }) => sum + graphs.length, 0);
  const points = cloud.value;
  const [low, high] = known.value.errorRange;
  return (
    <ul class="legend">
      <li>
        <span class="sign-cloud" aria-hidden="true" />
        {cloudFailure.value !== null
          ? `no cloud: ${cloudFailure.value}`
          : points === null
            ? 'making the cloud …'
            : points.published === null
              ? `${points.k.length} WS-flex graphs of ${points.nodes} nodes`
              : `the ${points.published} published graphs of ${points.nodes} nodes`}
      </li>
      <li>
        <label class="tick">
          <input
            type="checkbox"
            checked={errors}
            onChange={({ currentTarget }) => show({ errors: currentTarget.checked })}
          />
          <span class="ramp" aria-hidden="true">
            {[0, 0.25, 0.5, 0.75, 1].map((share) => (
              <i key={share} style={{ background: cssOf(viridis(share)) }} />
            ))}
          </span>
          published test error, {low.toFixed(1)} to {high.toFixed(1)} % (52 graphs, MLP, n = 64)
        </label>
      </li>
      <li>
        <label class="tick">
          <input
            type="checkbox"
            checked={withFamilies}
            onChange={({ currentTarget }) => show({ families: currentTarget.checked })}
          />
          <span class="sign-family" aria-hidden="true" />
          other families ({count} graphs)
        </label>
      </li>
      <li>
        <label class="tick">
          <input
            type="checkbox"
            checked={withConnectomes}
            onChange={({ currentTarget }) => show({ connectomes: currentTarget.checked })}
          />
          <span class="sign-connectome" aria-hidden="true" />
          connectomes ({known.value.connectomes.length})
        </label>
      </li>
    </ul>
  );
}

const table = async () => (await import('./mark-table.js')).MarkRows;

/** The marks as a table: what the picture shows, for whoever reads or walks it by keys. */
function MarkTable(): JSX.Element {
  const [open, setOpen] = useState(false);
  return (
    <details class="mark-table" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>The same as a table ({marks.value.length} graphs)</summary>
      {open && <Later load={table} />}
    </details>
  );
}
