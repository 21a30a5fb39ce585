import type { JSX } from 'preact';
import { useId, useState } from 'preact/hooks';
import { messageOf } from '../../src/core/errors.js';
import { buildGraph, parseGraphSpec } from '../../src/graph/spec.js';
import overThePlane from '../../examples/quick.yaml?raw';
import { show, view } from '../state/store.js';
import { token } from '../state/token.js';
import { beginStudy } from './api.js';

/** The graph of Explore, where its line of text says all of it. */
function exploredLine(): string | null {
  const { graph } = view.value;
  return graph.kind !== 'spec' || /\b(file|connectome):/.test(graph.line) ? null : graph.line;
}

/** A first text for one graph, against the complete graph of as many nodes. */
function oneGraph(line: string): string {
  return `# The graph that Explore shows beside the dense network of the same cost, five times each.
plexus: 1
name: one-graph
arch: mlp
data: {name: shapes, size: 16, train: 48000, test: 4000}
baseline: complete:n=${buildGraph(parseGraphSpec(line)).nodes}
graphs:
  - ${line}
seeds: 5
train: {epochs: 1, batch: 128, learningRate: 0.02, schedule: cosine-steps, augment: false}
`;
}

/** A study is written here and begun: the text is what `plexus study run` reads. */
export function NewStudy(): JSX.Element {
  const field = useId();
  const [text, setText] = useState(overThePlane);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const may = token() !== null;
  const begin = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      const { id } = await beginStudy(text);
      show({ study: id, trials: [], cell: null, find: '' });
    } catch (error) {
      setProblem(messageOf(error));
    }
    setBusy(false);
  };
  return (
    <details class="new-study">
      <summary>New study</summary>
      <FirstTexts field={field} onTake={setText} />
      <textarea
        id={field}
        rows={18}
        spellcheck={false}
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
      <p>
        <button type="button" class="button" disabled={!may || busy} onClick={() => void begin()}>
          {busy ? 'Starting …' : 'Start'}
        </button>{' '}
        {!may && (
          <span class="quiet">
            This page was opened without the token of its server, and can start nothing. Open the
            address that the terminal shows.
          </span>
        )}
      </p>
      {problem !== null && (
        <pre class="error" role="alert">
          {problem}
        </pre>
      )}
    </details>
  );
}

/** What the field is, and the texts it may begin with. */
function FirstTexts({
  field,
  onTake,
}: {
  readonly field: string;
  readonly onTake: (text: string) => void;
}): JSX.Element {
  const line = exploredLine();
  return (
    <p>
      <label for={field}>Its spec</label>, as <code>plexus study run</code> reads it. Begin with{' '}
      <button type="button" class="link" onClick={() => onTake(overThePlane)}>
        52 graphs over the plane
      </button>
      {line !== null && (
        <>
          {' or '}
          <button type="button" class="link" onClick={() => onTake(oneGraph(line))}>
            the graph of Explore against dense
          </button>
        </>
      )}
      .
    </p>
  );
}
