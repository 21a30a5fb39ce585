import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { StudyEntry } from '../../src/analysis/study-entry.js';
import { show } from '../state/store.js';
import { Command, Term } from '../ui/parts.js';
import { followList, list, trouble } from './live.js';
import { NewStudy } from './new-study.js';
import {
  DIFFERENCE_MEANING,
  differenceText,
  percentText,
  STATE_NAMES,
  trialsText,
} from './words.js';

/** All studies of the server's directory. */
export function StudyListPage(): JSX.Element | null {
  useEffect(followList, []);
  const found = list.value;
  if (trouble.value?.kind === 'absent') return null;
  if (found === null) return <div class="coming" aria-busy="true" />;
  return (
    <section class="panel study-list" aria-labelledby="studies-title">
      <div class="panel-head">
        <h1 id="studies-title">Studies</h1>
        <span class="quiet path">{found.directory}</span>
      </div>
      {found.studies.length === 0 ? <NoStudies /> : <ListTable studies={found.studies} />}
      <NewStudy />
    </section>
  );
}

function NoStudies(): JSX.Element {
  return (
    <>
      <p>There is no study here yet. This makes one, in about a minute:</p>
      <p>
        <Command line="npx plexus study run examples/quick.yaml" />
      </p>
    </>
  );
}

function ListTable({ studies }: { readonly studies: readonly StudyEntry[] }): JSX.Element {
  return (
    <div class="wide-table" tabIndex={0} role="region" aria-label="All studies">
      <table>
        <thead>
          <tr>
            <th scope="col">Study</th>
            <th scope="col">State</th>
            <th scope="col" class="number">
              Trials
            </th>
            <th scope="col" class="number">
              Best
            </th>
            <th scope="col" class="number">
              Baseline
            </th>
            <th scope="col" class="number">
              <Term meaning={DIFFERENCE_MEANING}>Difference</Term>
            </th>
            <th scope="col">Network, data</th>
          </tr>
        </thead>
        <tbody>
          {studies.map((study) => (
            <Row key={study.id} study={study} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ study }: { readonly study: StudyEntry }): JSX.Element {
  const { id, name, state, problem, trials, best, baseline, verdict, arch, data } = study;
  return (
    <tr>
      <th scope="row">
        <button type="button" class="link" onClick={() => open(id)}>
          {name}
        </button>
        {id !== name && id !== '.' && <span class="quiet path"> {id}</span>}
      </th>
      <td>
        <StateSign state={state} />
      </td>
      {problem === null ? (
        <>
          <td class="number">{trialsText(trials)}</td>
          <td class="number">{percentText(best?.error)}</td>
          <td class="number">{percentText(baseline?.error)}</td>
          <td class={`number ${verdict?.winner === 'graphs' ? 'won' : ''}`}>
            {differenceText(verdict)}
          </td>
          <td class="quiet">{[arch, data.split(' ')[0]].filter((word) => word).join(', ')}</td>
        </>
      ) : (
        <td colSpan={5} class="error">
          {problem}
        </td>
      )}
    </tr>
  );
}

/** A study's state: a word, with a sign beside it. */
export function StateSign({ state }: { readonly state: StudyEntry['state'] }): JSX.Element {
  return (
    <span class={`state state-${state}`}>
      <i aria-hidden="true" />
      {STATE_NAMES[state]}
    </span>
  );
}

/** Shows a study; what was chosen of another one does not go with it. */
function open(id: string): void {
  show({ study: id, trials: [], cell: null, find: '' });
}
