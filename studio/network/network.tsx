import type { JSX } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import { plural } from '../../src/analysis/text.js';
import { architecture } from '../../src/network/architectures/registry.js';
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

function reachedCount(source: number, far: number): number {
  return (
    reachOf(rounds.value, source, far)
      .at(-1)
      ?.reduce((sum, is) => sum + is, 0) ?? 0
  );
}
