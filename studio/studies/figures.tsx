import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { apiAddress } from './api.js';
import { summary } from './live.js';

/** Figures of the report, as the report calls them. */
const FIGURES: readonly (readonly [name: string, title: string])[] = [
  ['search', 'The course of the search'],
  ['error-over-clustering', 'Error over C'],
  ['error-over-path-length', 'Error over L'],
  ['error-over-density', 'Error over density'],
  ['heat-map', 'Heat map'],
  ['published-map', 'Beside the published map'],
  ['learning-curves', 'All learning curves'],
  ['best-graph', 'The best graph'],
];

/** The report's own figures, drawn by the server when they are asked for. */
export function Figures({
  id,
  version,
}: {
  readonly id: string;
  readonly version: number;
}): JSX.Element {
  const known = summary.value;
  const shown = FIGURES.filter(
    ([name]) =>
      (name !== 'search' || known?.search != null) &&
      (name !== 'published-map' || known?.fidelity != null),
  );
  return (
    <section class="panel report-figures" aria-labelledby="figures-title">
      <div class="panel-head">
        <h2 id="figures-title">Figures of the report</h2>
      </div>
      {shown.map(([name, title]) => (
        <Figure key={name} {...{ id, version, name, title }} />
      ))}
    </section>
  );
}

function Figure({
  id,
  version,
  name,
  title,
}: {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly title: string;
}): JSX.Element {
  const [open, setOpen] = useState(false);
  const [missing, setMissing] = useState(false);
  const address = `${apiAddress('studies', id, 'figures', `${name}.svg`)}?${version}`;
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{title}</summary>
      {open &&
        (missing ? (
          <p class="quiet">There is nothing to draw yet.</p>
        ) : (
          // A picture, not a part of the page: nothing that stands in it can do anything here.
          <img src={address} alt={title} loading="lazy" onError={() => setMissing(true)} />
        ))}
    </details>
  );
}
