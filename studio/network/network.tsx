import type { JSX } from 'preact';
import { useEffect, useId, useMemo } from 'preact/hooks';
import { fixed, plural } from '../../src/analysis/text.js';
import { architecture } from '../../src/network/architectures/registry.js';
import { parseGraphSpec } from '../../src/graph/spec.js';
import { temporalPaths } from '../../src/graph/temporal.js';
import { Controls } from '../explore/controls.js';
import { graph, node } from '../graph/current.js';
import { show, view } from '../state/store.js';
import { ARCHITECTURES, type ArchitectureName, type TaskChoice } from '../state/types.js';
import { Choice, Term } from '../ui/parts.js';
import { Budget } from './budget.js';
import { design, designFailure, followDesign, rounds } from './design.js';
import { Layers } from './layers.js';
import { RoundsPicture } from './picture.js';
import { FEW_ROUNDS, reachOf, stagesOf } from './rounds.js';

/** Rounds whose reach is told. */
const MOST_TOLD = 8;

const TASK_NAMES = [
  ['cifar10', '32 × 32, 10 classes'],
  ['imagenet', '224 × 224, 1000 classes'],
] as const satisfies readonly (readonly [TaskChoice, string])[];

/** The network that the graph becomes: its rounds, its layers, and what they cost. */
export function NetworkPage(): JSX.Element {
  useEffect(followDesign, []);
  return (
    <div class="explore">
      <h1 class="unseen">The network of a graph</h1>
      <Controls />
      <ArchitectureChoice />
      {designFailure.value !== null && (
        <p class="error" role="alert">
          {designFailure.value}
        </p>
      )}
      {design.value !== null && (
        <div class={designFailure.value === null ? 'network' : 'network stale'}>
          <figure class="panel">
            <div class="panel-head">
              <h2>
                <Term
                  meaning={
                    'Each layer of the network is one round: every node sums a learned message from ' +
                    'each of its neighbours and from itself, then applies the non-linearity. Layers ' +
                    'that read the same input side by side are one round.'
                  }
                >
                  {rounds.value.length} rounds
                </Term>{' '}
                of message exchange
              </h2>
              <Folds />
            </div>
            <RoundsPicture />
            <figcaption>
              <Follow />
              <Reach />
            </figcaption>
          </figure>
          <Budget design={design.value} />
          <Layers design={design.value} />
        </div>
      )}
    </div>
  );
}

function ArchitectureChoice(): JSX.Element {
  const id = useId();
  const { arch, task } = view.value;
  return (
    <div class="architecture">
      <label for={id}>Architecture</label>
      <select
        id={id}
        value={arch}
        onChange={({ currentTarget }) =>
          show({ arch: currentTarget.value as ArchitectureName, unfolded: [], rounds: 1 })
        }
      >
        {ARCHITECTURES.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
      <Choice
        legend="Images and classes"
        values={TASK_NAMES}
        value={task}
        onChoose={(chosen) => show({ task: chosen })}
      />
      <p class="quiet">{architecture(arch).meaning}</p>
    </div>
  );
}

/** Stages that are drawn as one step, or round by round. */
function Folds(): JSX.Element | null {
  const all = rounds.value;
  const { unfolded } = view.value;
  if (all.length <= FEW_ROUNDS) return null;
  return (
    <fieldset class="folds">
      <legend class="quiet">Unfold</legend>
      {stagesOf(all).map((stage, at) => {
        const number = at + 1;
        const count = all.filter((round) => round.stage === stage).length;
        return count < 2 ? null : (
          <label key={stage} class="tick">
            <input
              type="checkbox"
              checked={unfolded.includes(number)}
              onChange={({ currentTarget }) =>
                show({
                  unfolded: currentTarget.checked
                    ? [...unfolded, number].sort((a, b) => a - b)
                    : unfolded.filter((each) => each !== number),
                })
              }
            />
            {stage} ({count})
          </label>
        );
      })}
    </fieldset>
  );
}

/** A node whose message is followed, and how far. */
function Follow(): JSX.Element {
  const chosen = node.value;
  const all = rounds.value;
  const far = Math.min(view.value.rounds, all.length);
  const holds = chosen === null ? null : all[0]?.mask.input.sizes[chosen];
  return (
    <div class="follow">
      <label>
        Node{' '}
        <input
          type="number"
          min={0}
          max={graph.value.nodes - 1}
          value={chosen ?? ''}
          placeholder="–"
          onInput={({ currentTarget: { value } }) => {
            const number = Number(value);
            const valid = value !== '' && Number.isInteger(number) && number >= 0;
            show({ node: valid && number < graph.value.nodes ? number : null }, 'node');
          }}
        />
      </label>
      {chosen === null ? (
        <span class="quiet">Click a row, or give its number, and follow its message.</span>
      ) : (
        <>
          <label>
            after{' '}
            <input
              type="range"
              min={0}
              max={all.length}
              value={far}
              onInput={({ currentTarget }) =>
                show({ rounds: Number(currentTarget.value) }, 'rounds')
              }
            />
          </label>
          <span role="status">
            {far} {far === 1 ? 'round' : 'rounds'} its message has reached{' '}
            <strong class="number">{reachedCount(chosen, far)}</strong> of{' '}
            {all[Math.max(0, far - 1)]?.mask.output.nodes ?? 0} nodes.{' '}
            {holds !== null &&
              holds !== undefined &&
              `Before round 1 it holds ${plural(holds, 'channel')}.`}
          </span>
        </>
      )}
    </div>
  );
}

/** How far all messages get, round by round: rounds of a sequence have graphs of their own. */
function Reach(): JSX.Element | null {
  const graphs = rounds.value.map(({ mask }) => mask.graph);
  const same = graphs.every(({ nodes }) => nodes === graphs[0]?.nodes);
  const { graph: choice } = view.value;
  // Of layers that are wired otherwise than one after the other, messages go other ways.
  const wired = choice.kind === 'spec' && parseGraphSpec(choice.line).family === 'wired';
  const told = same && graphs.length > 0 && !wired;
  const paths = useMemo(() => (told ? temporalPaths(graphs) : null), [rounds.value, told]);
  if (paths === null) return null;
  const shares = paths.reach.slice(0, MOST_TOLD);
  return (
    <p class="reach">
      <Term
        meaning={
          'Share of the other nodes that a node has heard of after each round, on average. Temporal ' +
          'path length: the round in which one hears of another, the graphs gone through again and ' +
          'again.'
        }
      >
        Heard of
      </Term>{' '}
      after {shares.map((_, at) => at + 1).join(', ')}
      {shares.length < paths.reach.length && ', …'} {shares.length === 1 ? 'round' : 'rounds'}:{' '}
      <strong class="number">
        {shares.map((share) => `${fixed(100 * share, 1)} %`).join(', ')}
      </strong>
      ; temporal path length{' '}
      <strong class="number">
        {paths.pathLength === null ? 'none' : fixed(paths.pathLength, 2)}
      </strong>
      .
    </p>
  );
}

function reachedCount(source: number, far: number): number {
  return (
    reachOf(rounds.value, source, far)
      .at(-1)
      ?.reduce((sum, is) => sum + is, 0) ?? 0
  );
}
