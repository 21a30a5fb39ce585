import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { plural } from '../../src/analysis/text.js';
import type { CodeSetting } from '../../src/spikes/measured.js';
import { announcement } from '../graph/current.js';
import { show, view } from '../state/store.js';
import { Lane } from '../threads/lane.js';
import { CopyButton, Term } from '../ui/parts.js';
import type { EventsPart } from './events.js';
import { EventsResults } from './events-results.js';
import type { Trained } from './messages.js';
import { eventsCommandOf, sides } from './run.js';

/** Codes that are run, from the fewest steps to the most. */
const CODES: readonly CodeSetting[] = [
  { code: 'qcfs', steps: 4 },
  { code: 'qcfs', steps: 8 },
  { code: 'qcfs', steps: 16 },
  { code: 'rate', steps: 16 },
  { code: 'delta', steps: 16 },
];
const CODE_WORDS = CODES.map(({ code, steps }) => `${code}:${steps}`).join(',');

const lane = new Lane('events');

/** What trained networks came to as events, and why one did not. */
interface Found {
  readonly parts: readonly EventsPart[];
  readonly failure: string | null;
}
const found = signal<ReadonlyMap<Trained, Found>>(new Map());

const NOTHING: Found = { parts: [], failure: null };

function note(trained: Trained, news: (before: Found) => Found): void {
  const before = found.peek().get(trained) ?? NOTHING;
  // Networks that are on the page no more are forgotten.
  const kept = [...found.peek()].filter(([each]) =>
    Object.values(sides).some((side) => side.trained.peek() === each),
  );
  found.value = new Map([...kept, [trained, news(before)]]);
}

/** The mesh that a graph lies on: 8 x 8, of more nodes the smallest square. */
function meshFor(nodes: number): { readonly rows: number; readonly columns: number } {
  const side = Math.max(8, Math.ceil(Math.sqrt(nodes)));
  return { rows: side, columns: side };
}

function run(trained: Trained, nodes: number): void {
  note(trained, () => NOTHING);
  lane.ask(
    { trained, codes: CODES, mesh: meshFor(nodes) },
    {
      onPart: (part) => note(trained, (before) => ({ ...before, parts: [...before.parts, part] })),
      onDone: () => (announcement.value = 'All codes have run.'),
      onFailed: (failure) => note(trained, (before) => ({ ...before, failure })),
    },
    true,
  );
}

/** Leaves off and forgets what came of it so far. */
function stop(trained: Trained): void {
  lane.cancel();
  found.value = new Map([...found.value].filter(([each]) => each !== trained));
}

/** The trained network that is looked at, run event by event. */
export function EventsPanel(): JSX.Element | null {
  const { look: name, events } = view.value;
  const side = sides[name];
  const trained = side.trained.value;
  const nodes = side.facts.value?.trial.nodes ?? 64;
  useEffect(() => {
    if (events && trained !== null && !found.peek().has(trained)) run(trained, nodes);
  }, [events, trained, nodes]);
  if (trained === null) return null;
  const known = found.value.get(trained) ?? null;
  const parts = known?.parts ?? [];
  const failure = known?.failure ?? null;
  const going = events && failure === null && parts.length < CODES.length;
  return (
    <section class="panel events" aria-labelledby="events-title">
      <div class="panel-head">
        <h2 id="events-title">
          <Term
            meaning={
              'Batch norms are folded, weights become whole numbers, and the test images run through ' +
              'the network as spikes between its nodes: what it errs then, how much is computed, and ' +
              'what goes between cores where each node has one.'
            }
          >
            As events
          </Term>
        </h2>
        <button
          type="button"
          class="button small"
          aria-pressed={events}
          onClick={() => {
            if (going) stop(trained);
            show({ events: !events });
          }}
        >
          {events ? 'Put away' : 'Run it event by event'}
        </button>
        <CopyButton
          icon
          text={() => eventsCommandOf(name, CODE_WORDS, parts[0]?.calibrated ?? 256)}
          label="Copy the commands that print this"
        />
      </div>
      {failure !== null && (
        <p class="error" role="alert">
          {failure}
        </p>
      )}
      {events && parts.length > 0 && (
        <EventsResults parts={parts} error={trained.error} mesh={meshFor(nodes)} />
      )}
      {going && (
        <p class="quiet" role="status">
          Running: {plural(parts.length, 'code')} of {CODES.length} done …
        </p>
      )}
    </section>
  );
}
