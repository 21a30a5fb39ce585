import type { JSX } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import {
  barePValue,
  type JudgedMeasure,
  nullsSentences,
} from '../../src/analysis/null-ensembles.js';
import { fixed, span } from '../../src/analysis/text.js';
import { graphMeasure } from '../../src/graph/measures/registry.js';
import { nullModels } from '../../src/graph/null-sampler.js';
import { nullsCommand } from '../graph/command.js';
import { graph } from '../graph/current.js';
import { show, view } from '../state/store.js';
import { MOST_NULLS } from '../state/types.js';
import { Choice, Command, Term } from '../ui/parts.js';
import { drawing, ensemble, ensembleFailure, followEnsemble, NULL_SEED } from './ensemble.js';
import { Strip } from './strip.js';

const MODEL_NAMES = [
  ['degree', 'Degrees'],
  ['reciprocal', 'Degrees, mutual'],
  ['edges', 'Edges'],
] as const;

/** The graph's measures beside those of random graphs, each with its test. */
export function NullTable(): JSX.Element {
  useEffect(followEnsemble, []);
  const found = ensemble.value;
  return (
    <section class="panel nulls">
      <div class="panel-head">
        <h2>Beside random graphs that share its …</h2>
        <Choice
          legend="What the random graphs share with the graph"
          values={MODEL_NAMES}
          value={view.value.nullModel}
          onChoose={(nullModel) => show({ nullModel })}
        />
        <Count />
      </div>
      <p class="quiet">
        {nullModels.find(({ name }) => name === view.value.nullModel)?.definition}
      </p>
      {ensembleFailure.value !== null && (
        <p class="error" role="alert">
          {ensembleFailure.value}
        </p>
      )}
      <Progress />
      {found !== null && (
        <div class={found.fresh ? '' : 'stale'}>
          <div
            class="scroll"
            tabIndex={0}
            role="region"
            aria-label="Measures of graph and random graphs"
          >
            <table>
              <Head count={found.count} />
              <tbody>
                {found.measures.map((measure) => (
                  <Row key={measure.name} measure={measure} />
                ))}
              </tbody>
            </table>
          </div>
          {nullsSentences({ graph: found.of, ensembles: [found] }).map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </div>
      )}
      <p>
        <Command line={nullsCommand(view.value.graph, view.value)} />
      </p>
    </section>
  );
}

function Count(): JSX.Element {
  const id = useId();
  return (
    <span class="count">
      <label for={id}>Random graphs</label>
      <input
        id={id}
        type="number"
        min={2}
        max={MOST_NULLS}
        value={view.value.nulls}
        onChange={({ currentTarget }) => {
          const nulls = Number(currentTarget.value);
          if (Number.isInteger(nulls) && nulls >= 2 && nulls <= MOST_NULLS)
            show({ nulls }, 'nulls');
          else currentTarget.value = String(view.value.nulls);
        }}
      />
    </span>
  );
}

function Progress(): JSX.Element | null {
  const done = drawing.value;
  if (done === null) return null;
  const { nulls } = view.value;
  return (
    <p class="progress">
      <progress max={nulls} value={done} aria-label="Random graphs that are drawn" /> {done} of{' '}
      {nulls} random graphs of {graph.value.nodes} nodes
    </p>
  );
}

function Head({ count }: { readonly count: number }): JSX.Element {
  const column = (title: string, meaning: string): JSX.Element => (
    <th scope="col" class="number">
      <Term meaning={meaning}>{title}</Term>
    </th>
  );
  return (
    <thead>
      <tr>
        <th scope="col">measure</th>
        <th scope="col" class="number">
          graph
        </th>
        {column(
          'random graphs',
          `Mean of ${count} random graphs ± their standard deviation (n - 1). Seed ${NULL_SEED}.`,
        )}
        {column('95 % of them', 'The central 95 % of the random graphs, by their quantiles.')}
        <th scope="col">where the graph lies</th>
        {column(
          'z',
          '(graph - mean) / standard deviation of the random graphs; none where they do not differ.',
        )}
        {column(
          'p',
          `Two-sided, by rank: (1 + random graphs at least as far from the mean) / (1 + ${count}).`,
        )}
        {column('p (FDR)', 'After Benjamini and Hochberg over all tests of this table.')}
      </tr>
    </thead>
  );
}

const real = (value: number | null): string => (value === null ? 'none' : fixed(value, 4));

function Row({ measure }: { readonly measure: JudgedMeasure }): JSX.Element {
  const { title, definition } = graphMeasure(measure.name);
  const { value, mean, std, interval, z, p, adjusted } = measure;
  return (
    <tr>
      <th scope="row">
        <Term meaning={definition}>{title}</Term>
      </th>
      <td class="number">{real(value)}</td>
      <td class="number">{mean === null ? 'none' : `${real(mean)} ± ${real(std)}`}</td>
      <td class="number">{interval === null ? 'none' : span(interval, 4)}</td>
      <td>
        <Strip measure={measure} />
      </td>
      <td class="number">{fixed(z, 1)}</td>
      <td class="number">{p === null ? (mean === null ? '–' : 'fixed') : barePValue(p)}</td>
      <td class="number">{adjusted === null ? '–' : barePValue(adjusted)}</td>
    </tr>
  );
}
