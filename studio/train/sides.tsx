import type { JSX } from 'preact';
import { fixed, grouped } from '../../src/analysis/text.js';
import { view } from '../state/store.js';
import type { SideName } from '../state/types.js';
import { CopyButton, Term } from '../ui/parts.js';
import { commandOf, picture, sides, titleOf } from './run.js';
import type { Side } from './side.js';

/** The two networks that are trained, with how far they are. */
export function Sides(): JSX.Element {
  // Follows the trainings as closely as their pictures do.
  void picture.value;
  return (
    <div class="sides">
      <Card name="shown" />
      <Card name="beside" />
    </div>
  );
}

function Card({ name }: { readonly name: SideName }): JSX.Element {
  const side = sides[name];
  const facts = side.facts.value;
  const last = side.records.value.at(-1);
  const error = last?.testError ?? null;
  return (
    <section class={`panel side ${name}`} aria-label={titleOf(name)}>
      <div class="panel-head">
        <h2>
          <i class="sign" aria-hidden="true" /> {titleOf(name)}
        </h2>
        <CopyButton
          icon
          text={() => commandOf(name)}
          label="Copy the command that trains it to the same numbers"
        />
      </div>
      <dl class="facts">
        <Fact
          name="test error"
          meaning={
            'Share of all test pictures that are taken for another class, after the last finished' +
            ' epoch (top-1).'
          }
          value={error === null ? '–' : `${fixed(error, 2)} %`}
        />
        <Fact
          name="training loss"
          meaning={
            'Cross-entropy in nats over the pictures of the last update, before it changed the ' +
            'weights.'
          }
          value={fixed(side.losses.at(-1) ?? null, 3)}
        />
        {facts !== null && (
          <>
            <Fact
              name="width"
              meaning="Channels of the relational layers, matched so that both networks cost the same."
              value={facts.trial.widths.join(', ')}
            />
            <Fact
              name="MACs"
              meaning={
                'Multiply-adds of one forward pass of one picture; absent blocks are not counted.'
              }
              value={grouped(facts.trial.macs)}
            />
          </>
        )}
      </dl>
      <Progress side={side} />
      {side.failure.value !== null && (
        <p class="error" role="alert">
          {side.failure.value}
        </p>
      )}
    </section>
  );
}

function Fact({
  name,
  meaning,
  value,
}: {
  readonly name: string;
  readonly meaning: string;
  readonly value: string;
}): JSX.Element {
  return (
    <div>
      <dt class="quiet">
        <Term meaning={meaning}>{name}</Term>
      </dt>
      <dd class="number">{value}</dd>
    </div>
  );
}

const STATES = {
  idle: 'not begun',
  preparing: 'getting ready',
  running: 'training',
  held: 'paused',
  done: 'trained',
  failed: 'failed',
} as const;

function Progress({ side }: { readonly side: Side }): JSX.Element {
  const { epochs } = view.value;
  const steps = side.facts.value?.steps ?? 0;
  const done = side.losses.length;
  const epoch = side.records.value.length;
  return (
    <p class="progress">
      <progress max={Math.max(1, steps * epochs)} value={done} aria-label="Updates done" />
      <span>
        {STATES[side.state.value]}
        {steps > 0 && `: epoch ${Math.min(epochs, epoch + 1)} of ${epochs}, update ${done}`}
      </span>
    </p>
  );
}
