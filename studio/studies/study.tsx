import type { JSX } from 'preact';
import { studySentences } from '../../src/analysis/sentences.js';
import { shellWord } from '../graph/command.js';
import { show } from '../state/store.js';
import { token } from '../state/token.js';
import { Command, Term } from '../ui/parts.js';
import { Comparison } from './comparison.js';
import { Curves } from './curves.js';
import { Figures } from './figures.js';
import { HeatMap } from './heat.js';
import { StateSign } from './list.js';
import { ask, entry, list, refused, summary, table, trouble } from './live.js';
import { TrialTablePanel } from './trial-table.js';
import { DIFFERENCE_MEANING, differenceText, percentText, trialsText } from './words.js';

/** One study: what it has come to, its plane, curves and trials. */
export function StudyPage({ id }: { readonly id: string }): JSX.Element | null {
  const study = entry.value;
  if (trouble.value?.kind === 'absent') return null;
  return (
    <>
      <nav class="trail" aria-label="Where this is">
        <button type="button" class="link" onClick={() => show({ study: '', cell: null })}>
          All studies
        </button>
        <span aria-hidden="true"> / </span>
        <span>{id}</span>
      </nav>
      <Head id={id} />
      {study?.trials != null && (
        <>
          <div class="study-hero">
            <HeatMap />
            <Curves id={id} />
          </div>
          {table.value !== null && <TrialTablePanel />}
          <Comparison id={id} version={study.version} />
          <Figures id={id} version={study.version} />
        </>
      )}
    </>
  );
}

function Head({ id }: { readonly id: string }): JSX.Element {
  const study = entry.value;
  if (study === null)
    return (
      <section class="panel">
        <h1>{id}</h1>
        <p class="quiet">
          {trouble.value === null ? 'Being read …' : 'There is no study of this name here.'}
        </p>
      </section>
    );
  const { name, state, trials, best, baseline, verdict, problem } = study;
  return (
    <section class="panel study-head" aria-labelledby="study-title">
      <div class="panel-head">
        <h1 id="study-title">{name}</h1>
        <StateSign state={state} />
        <Actions id={id} />
      </div>
      {problem !== null && <p class="error">{problem}</p>}
      {trials !== null && (
        <dl class="study-numbers">
          <Fact title="Trials" value={trialsText(trials)}>
            <progress max={Math.max(1, trials.total)} value={trials.total - trials.pending}>
              {trialsText(trials)}
            </progress>
          </Fact>
          <Fact title="Best graph" value={percentText(best?.error)}>
            <span class="quiet path">{best?.name ?? best?.spec}</span>
          </Fact>
          <Fact title="Baseline" value={percentText(baseline?.error)}>
            <span class="quiet path">{baseline?.name ?? baseline?.spec}</span>
          </Fact>
          <Fact
            title={<Term meaning={DIFFERENCE_MEANING}>Difference</Term>}
            value={differenceText(verdict)}
          />
        </dl>
      )}
      <Sentences />
      <RunLines />
      <Commands id={id} />
    </section>
  );
}

function Fact({
  title,
  value,
  children,
}: {
  readonly title: JSX.Element | string;
  readonly value: string;
  readonly children?: JSX.Element;
}): JSX.Element {
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <span class="number big">{value}</span>
        {children}
      </dd>
    </div>
  );
}

/** What may be done with the study now; only with the token that the terminal shows. */
function Actions({ id }: { readonly id: string }): JSX.Element | null {
  const study = entry.value;
  if (study === null || study.imported) return null;
  const { state, trials, run } = study;
  const busy = run !== null && run.exit === null;
  const goes = state === 'running' || busy;
  const failed = trials?.failed ?? 0;
  const begins = state === 'registered' || state === 'stopped';
  const may = token() !== null;
  const button = (label: string, action: 'run' | 'stop' | 'retry', body = {}): JSX.Element => (
    <button
      type="button"
      class="button"
      disabled={!may}
      title={may ? undefined : 'Open the address that the terminal shows to do this'}
      onClick={() => void ask(id, action, body)}
    >
      {label}
    </button>
  );
  return (
    <div class="actions">
      {goes && button('Stop', 'stop')}
      {!goes && begins && button(state === 'registered' ? 'Start' : 'Continue', 'run')}
      {!goes && failed > 0 && state !== 'workers' && again(button)}
      {state === 'workers' && failed > 0 && button('Retry failed trials', 'retry')}
    </div>
  );
}

function again(
  button: (label: string, action: 'run', body: Readonly<Record<string, unknown>>) => JSX.Element,
): JSX.Element {
  return button('Retry failed trials', 'run', { retryFailed: true });
}

/** What the run says that this page has begun, and why something was refused. */
function RunLines(): JSX.Element | null {
  const study = entry.value;
  const run = study?.run ?? null;
  const last = run?.lines.at(-1);
  const failed = run !== null && run.exit !== null && run.exit !== 0 && run.exit !== 130;
  return (
    <>
      {refused.value !== null && (
        <p class="error" role="alert">
          {refused.value}
        </p>
      )}
      {study?.runBy != null && <p class="quiet">Run by {study.runBy}.</p>}
      {run !== null && last !== undefined && (
        <p class={failed ? 'error' : 'quiet'}>
          <code>{last}</code>
        </p>
      )}
      {study !== null && study.damaged > 0 && (
        <p class="error">
          {study.damaged} damaged {study.damaged === 1 ? 'line' : 'lines'} in the logs are left out;
          plexus study status says which.
        </p>
      )}
      {study !== null && !study.imported && token() === null && (
        <p class="quiet">
          This page was opened without the token of its server: it shows studies, and cannot start
          or stop them. Open the address that the terminal shows.
        </p>
      )}
    </>
  );
}

function Sentences(): JSX.Element | null {
  const known = summary.value;
  if (known === null) return null;
  const [verdict, ...others] = studySentences(known);
  return (
    <div class="sentences">
      <p>
        <strong>{verdict}</strong>
      </p>
      <details>
        <summary>What else can be said, and what limits it</summary>
        {others.map((sentence) => (
          <p key={sentence}>{sentence}</p>
        ))}
        <ul>
          {known.caveats.map((caveat) => (
            <li key={caveat}>{caveat}</li>
          ))}
        </ul>
      </details>
    </div>
  );
}

function Commands({ id }: { readonly id: string }): JSX.Element {
  const base = list.value?.directory;
  const place = id === '.' ? (base ?? '.') : base === undefined ? id : `${base}/${id}`;
  return (
    <p>
      <Command line={`npx plexus study report ${shellWord(place)}`} />
    </p>
  );
}
