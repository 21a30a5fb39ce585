import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { messageOf } from '../../src/core/errors.js';
import { connectomes } from '../../src/graph/connectomes.js';
import { graphFromEdges } from '../../src/graph/build.js';
import { announcement } from '../graph/current.js';
import { ownName } from '../state/codec.js';
import { show, view } from '../state/store.js';
import { Command, Term } from '../ui/parts.js';

/** Whether the directions of connections are kept. */
const directed = signal(false);
const failure = signal<string | null>(null);

/** A connectome as the studio's server gives it. */
interface Given {
  readonly nodes: number;
  readonly directed: boolean;
  readonly edges: readonly (readonly [number, number])[];
}

async function take(name: string): Promise<void> {
  failure.value = null;
  try {
    const graph = await fetchConnectome(name, directed.value);
    show({ graph: { kind: 'own', name: ownName(name), graph }, node: null });
    announcement.value = `${name}: ${graph.nodes} nodes, ${graph.edges} edges`;
  } catch (error) {
    failure.value = messageOf(error);
  }
}

async function fetchConnectome(
  name: string,
  withDirections: boolean,
): Promise<ReturnType<typeof graphFromEdges>> {
  const address = new URL(`api/connectomes/${name}?directed=${withDirections}`, document.baseURI);
  const answer = await fetch(address).catch(() => null);
  const json = answer?.headers.get('content-type')?.startsWith('application/json') === true;
  if (answer === null || !json)
    throw new Error('This page has no server behind it, and no files of connectomes.');
  const found = (await answer.json()) as Given | { readonly error: string };
  if ('error' in found) throw new Error(found.error);
  return graphFromEdges(found.nodes, found.edges, found.directed);
}

/** The connectomes that are known, to be taken from the data directory. */
export function Connectomes(): JSX.Element {
  const { graph } = view.value;
  const chosen = graph.kind === 'own' ? graph.name : null;
  return (
    <section class="panel connectomes" aria-label="Connectomes">
      <div class="chips">
        {connectomes.map(({ name, meaning, reference }) => (
          <button
            key={name}
            type="button"
            class="button"
            aria-pressed={chosen === name}
            title={`${meaning}. ${reference}`}
            onClick={() => void take(name)}
          >
            {name}
          </button>
        ))}
        <label class="tick">
          <input
            type="checkbox"
            checked={directed.value}
            onChange={({ currentTarget }) => (directed.value = currentTarget.checked)}
          />
          <Term
            meaning={
              'Connections as stored, from u to v. Without: two nodes are joined where there is a ' +
              'connection in either direction. Counts for the next one that is taken.'
            }
          >
            with directions
          </Term>
        </label>
      </div>
      {failure.value !== null && (
        <div role="alert">
          <p class="error">{failure.value}</p>
          <p class="quiet">
            <Command line="npx plexus data get connectomes" /> fetches the six files, and the studio
            on this machine shows them. A file of your own can be opened above, or dropped anywhere.
          </p>
        </div>
      )}
    </section>
  );
}
