import { computed } from '@preact/signals';
import type { JSX } from 'preact';
import { fixed } from '../../src/analysis/text.js';
import { must } from '../../src/core/errors.js';
import { parseGraphSpec } from '../../src/graph/spec.js';
import type { Graph } from '../../src/graph/types.js';
import { graph } from '../graph/current.js';
import { firstGraph } from '../graph/members.js';
import { show, view } from '../state/store.js';
import type { NodeSight } from '../state/types.js';
import { Choice, Term } from '../ui/parts.js';
import { Film } from './film-view.js';
import type { Look, RoundLook } from './messages.js';
import { NodeDrawing, NodeWords } from './node-drawing.js';
import { besideLine } from './run.js';

const SIGHTS = [
  ['activation', 'Activations'],
  ['norm', 'Weight norms'],
  ['blocks', 'Blocks'],
] as const satisfies readonly (readonly [NodeSight, string])[];

const MEANINGS = {
  activation:
    'Mean absolute value of what the channels of a node hold after the round, past normalisation ' +
    'and non-linearity, over all test pictures.',
  norm: 'Root of the sum of squares of all weights with which a node listens to its neighbours and itself.',
  blocks:
    'Frobenius norms of the weights between two nodes, in both directions and all relational layers: ' +
    'the trained network as a weighted graph. Nodes have the colour of the sum of theirs.',
} as const;

const besideGraph = computed(() => firstGraph(parseGraphSpec(besideLine.value)));

/** The graph with what its nodes do in the network: a colour for each. */
export function Nodes({ look }: { readonly look: Look }): JSX.Element | null {
  const { sight, layer, look: side } = view.value;
  const round = look.rounds[Math.min(layer, look.rounds.length) - 1];
  if (round === undefined) return null;
  const drawn = side === 'shown' ? graph.value : besideGraph.value;
  return (
    <figure class="panel nodes">
      <div class="panel-head">
        <h2>
          <Term meaning={MEANINGS[sight]}>Nodes</Term>
        </h2>
        <Choice
          legend="What is drawn of the nodes"
          values={SIGHTS}
          value={sight}
          onChoose={(chosen) => show({ sight: chosen })}
        />
      </div>
      {sight === 'blocks' ? (
        <Film nodes={drawn.nodes} />
      ) : (
        <RoundView {...{ drawn, look, round, values: round[sight] }} />
      )}
    </figure>
  );
}

/** The nodes after one round. */
function RoundView({
  drawn,
  look,
  round,
  values,
}: {
  readonly drawn: Graph;
  readonly look: Look;
  readonly round: RoundLook;
  readonly values: Float64Array;
}): JSX.Element {
  return (
    <>
      {drawn.nodes === values.length ? (
        <NodeDrawing drawn={drawn} values={values} />
      ) : (
        <p class="quiet">
          This layer has {values.length} nodes, the graph {drawn.nodes}: it is not drawn.
        </p>
      )}
      <figcaption>
        <RoundChoice look={look} round={round} />
        <NodeWords values={values}>
          {(node) => (
            <span>
              activation <strong class="number">{fixed(must(round.activation[node]), 3)}</strong>,
              weight norm <strong class="number">{fixed(must(round.norm[node]), 3)}</strong>
            </span>
          )}
        </NodeWords>
      </figcaption>
    </>
  );
}
function RoundChoice({
  look,
  round,
}: {
  readonly look: Look;
  readonly round: RoundLook;
}): JSX.Element {
  const at = look.rounds.indexOf(round) + 1;
  return (
    <label class="round-choice">
      Round{' '}
      <input
        type="range"
        min={1}
        max={look.rounds.length}
        value={at}
        aria-valuetext={`${at} of ${look.rounds.length}: ${round.id}`}
        onInput={({ currentTarget }) => show({ layer: Number(currentTarget.value) }, 'layer')}
      />{' '}
      {at} of {look.rounds.length} <span class="quiet">{round.id}</span>
    </label>
  );
}
