import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { graphMeasures } from '../../src/graph/measures/registry.js';
import type { Graph, GraphMeasure } from '../../src/graph/types.js';
import { announcement, graph } from '../graph/current.js';
import { measureCommand } from '../graph/command.js';
import { view } from '../state/store.js';
import { CopyButton, Term } from '../ui/parts.js';
import { Lane } from '../threads/lane.js';
import type { Measured } from '../threads/tasks.js';

const names = (cost: GraphMeasure['cost']): string[] =>
  graphMeasures.filter((measure) => measure.cost === cost).map(({ name }) => name);

/** Measures beyond the basic ones, and how they are come by. */
const GROUPS = [
  { cost: 'quick', title: 'At once', names: names('quick') },
  { cost: 'slow', title: 'On request', names: names('slow') },
] as const;

/** What was measured of which graph. */
const results = signal<{
  readonly of: Graph | null;
  readonly values: ReadonlyMap<string, Measured>;
}>({
  of: null,
  values: new Map(),
});
/** How many of the slow ones are still to come; null where nobody asked. */
const running = signal<{ readonly of: number; readonly done: number } | null>(null);
const failure = signal<string | null>(null);

const quick = new Lane('measures');
const slow = new Lane('measures');

/** Milliseconds without a change after which the quick ones are measured. */
const PAUSE = 180;

function add(shown: Graph, measured: Measured): void {
  const before = results.value.of === shown ? results.value.values : new Map<string, Measured>();
  results.value = { of: shown, values: new Map(before).set(measured.name, measured) };
}

function measureSlow(shown: Graph): void {
  const asked = names('slow');
  running.value = { of: asked.length, done: 0 };
  failure.value = null;
  slow.ask(
    { graph: shown, names: asked },
    {
      onPart: (measured) => {
        add(shown, measured);
        running.value = running.value && { ...running.value, done: running.value.done + 1 };
      },
      onDone: () => {
        running.value = null;
        announcement.value = 'All measures are there.';
      },
      onFailed: (message) => {
        running.value = null;
        failure.value = message;
      },
    },
    true,
  );
}

function cancelSlow(): void {
  slow.cancel();
  running.value = null;
}

/** Every other measure: quick ones follow the graph, slow ones wait to be asked for. */
export function Measures(): JSX.Element {
  const shown = graph.value;
  useEffect(() => {
    cancelSlow();
    failure.value = null;
    const timer = setTimeout(() => {
      quick.ask(
        { graph: shown, names: names('quick') },
        {
          onPart: (measured) => add(shown, measured),
          onDone: () => undefined,
          onFailed: (message) => (failure.value = message),
        },
        true,
      );
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [shown]);
  return (
    <section class="panel measures">
      <div class="panel-head">
        <h2>Measures</h2>
        <SlowButton />
      </div>
      {failure.value !== null && (
        <p class="error" role="alert">
          {failure.value}
        </p>
      )}
      {GROUPS.map((group) => (
        <Group key={group.cost} title={group.title} listed={group.names} />
      ))}
    </section>
  );
}

function SlowButton(): JSX.Element {
  const now = running.value;
  const shown = graph.value;
  const { of, values } = results.value;
  const all = of === shown && names('slow').every((name) => values.has(name));
  if (now !== null)
    return (
      <span class="progress">
        <progress max={now.of} value={now.done} aria-label="Measures that are there" />
        {now.done} of {now.of}
        <button type="button" class="button small" onClick={cancelSlow}>
          Cancel
        </button>
      </span>
    );
  return (
    <button type="button" class="button" disabled={all} onClick={() => measureSlow(shown)}>
      {all ? 'All measured' : `Measure the ${names('slow').length} slow ones`}
    </button>
  );
}

function Group({
  title,
  listed,
}: {
  readonly title: string;
  readonly listed: readonly string[];
}): JSX.Element {
  const { of, values } = results.value;
  const fresh = of === graph.value;
  return (
    <>
      <h3>{title}</h3>
      <dl class={`measure-list${fresh ? '' : ' stale'}`}>
        {graphMeasures
          .filter(({ name }) => listed.includes(name))
          .map((measure) => (
            <Row key={measure.name} measure={measure} measured={values.get(measure.name)} />
          ))}
      </dl>
    </>
  );
}

function Row({
  measure: { name, title, definition },
  measured,
}: {
  readonly measure: GraphMeasure;
  readonly measured: Measured | undefined;
}): JSX.Element {
  return (
    <div>
      <dt>
        <Term meaning={definition}>{title}</Term>
      </dt>
      <dd>
        <span class="number">{measured === undefined ? '·' : valueText(measured.value)}</span>
        <CopyButton
          icon
          label={`Copy the command that prints ${title}`}
          text={() => measureCommand(view.value.graph, name)}
        />
      </dd>
    </div>
  );
}

function valueText(value: Measured['value']): string {
  if (value === null) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Number.isInteger(value) ? String(value) : value.toFixed(4);
}
