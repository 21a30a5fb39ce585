import type { JSX } from 'preact';
import { show } from '../state/store.js';
import type { Mark } from './known-graphs.js';
import { marks } from './plane-data.js';

/** Every graph on the plane in a row of its own. */
export function MarkRows(): JSX.Element {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Graphs on the plane">
      <table>
        <thead>
          <tr>
            <th scope="col">graph</th>
            <th scope="col">C</th>
            <th scope="col">L</th>
          </tr>
        </thead>
        <tbody>
          {marks.value.map((mark) => (
            <MarkRow key={`${mark.kind} ${mark.title}`} mark={mark} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function MarkRow({
  mark: { title, line, clustering, pathLength },
}: {
  readonly mark: Mark;
}): JSX.Element {
  return (
    <tr>
      <td>
        {line === null ? (
          title
        ) : (
          <button
            type="button"
            class="link"
            onClick={() => show({ graph: { kind: 'spec', line } })}
          >
            {title}
          </button>
        )}
      </td>
      <td class="number">{clustering.toFixed(3)}</td>
      <td class="number">{pathLength.toFixed(3)}</td>
    </tr>
  );
}
