import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { apiAddress, ApiError, fetchSpikes } from './api.js';
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
  ['courses', 'Where training took the graphs'],
  ['best-graph', 'The best graph'],
];

/** Figures of the paper's questions, as `plexus study compare --figures` calls them. */
const FINDINGS: readonly (readonly [name: string, title: string])[] = [
  ['surface', 'The surface of errors over C, L and density'],
  ['cuts', 'Errors along C and along L'],
  ['strata', 'At equal density: do C and L tell more?'],
  ['density', 'How much density alone tells'],
  ['held-out', 'Is the best graph best on seeds that did not choose it?'],
  ['choice', 'What the lowest mean promises, and what it is worth'],
  ['sweet-spots', 'The sweet spot, and how sure it is'],
  ['few-graphs', 'How few graphs show the same'],
  ['early-epochs', 'What early epochs tell of the last'],
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
      (name !== 'courses' || (known?.courses.length ?? 0) > 0) &&
      (name !== 'published-map' || known?.fidelity != null),
  );
  return (
    <section class="panel report-figures" aria-labelledby="figures-title">
      <div class="panel-head">
        <h2 id="figures-title">Figures of the report</h2>
      </div>
      {shown.map(([name, title]) => (
        <Figure key={name} {...{ id, version, name, title }} part="figures" />
      ))}
      <SpikeFigures id={id} version={version} />
      <h3>The paper’s questions, asked of this study</h3>
      <p class="quiet">
        Asked anew of these trials by <code>plexus study compare</code>; the first takes some
        seconds.
      </p>
      {FINDINGS.map(([name, title]) => (
        <Figure key={name} {...{ id, version, name, title }} part="findings" />
      ))}
    </section>
  );
}

/** Error against energy and hops, of a study whose networks were measured as events. */
function SpikeFigures({
  id,
  version,
}: {
  readonly id: string;
  readonly version: number;
}): JSX.Element {
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    let gone = false;
    fetchSpikes(id).then(
      ({ figures }) => gone || setNames(figures),
      (error: unknown) => {
        // A server that is away is told of by what follows the study.
        if (!(error instanceof ApiError)) throw error;
      },
    );
    return () => {
      gone = true;
    };
  }, [id, version]);
  return (
    <>
      {names.map((name) => (
        <Figure
          key={name}
          {...{ id, version, name }}
          part="spikes"
          title={`As events, ${name.replace('-', ':')}: error against energy and hops`}
        />
      ))}
    </>
  );
}

function Figure({
  id,
  version,
  part,
  name,
  title,
}: {
  readonly id: string;
  readonly version: number;
  /** Of the API that has it. */
  readonly part: 'figures' | 'findings' | 'spikes';
  readonly name: string;
  readonly title: string;
}): JSX.Element {
  const [open, setOpen] = useState(false);
  const [missing, setMissing] = useState(false);
  const [drawn, setDrawn] = useState(false);
  const address = `${apiAddress('studies', id, part, `${name}.svg`)}?${version}`;
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{title}</summary>
      {open &&
        (missing ? (
          <p class="quiet">There is nothing to draw yet.</p>
        ) : (
          // A picture, not a part of the page: nothing that stands in it can do anything here.
          <>
            {!drawn && (
              <p class="quiet" role="status">
                Drawing …
              </p>
            )}
            <img
              src={address}
              alt={title}
              onLoad={() => setDrawn(true)}
              onError={() => setMissing(true)}
            />
          </>
        ))}
    </details>
  );
}
