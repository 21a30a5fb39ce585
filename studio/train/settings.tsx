import type { JSX } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { messageOf, UserError } from '../../src/core/errors.js';
import { FIELDS } from '../state/fields.js';
import { show, view } from '../state/store.js';
import { ARCHITECTURES, type ArchitectureName, type ViewState } from '../state/types.js';
import { Term } from '../ui/parts.js';
import { besideLine } from './run.js';

/** The settings that are numbers, with what they mean. */
const NUMBERS = [
  ['images', 'pictures', 'Training pictures: the first so many that are drawn.'],
  ['tests', 'test pictures', 'Pictures that errors are counted on, none of them trained on.'],
  ['size', 'side', 'Height and width of the pictures in pixels.'],
  ['epochs', 'epochs', 'How often all training pictures are gone through.'],
  ['batch', 'batch', 'Pictures of one update of the weights.'],
  [
    'rate',
    'rate',
    'Learning rate at the start; it falls to 0 along half a cosine, epoch by epoch, for the ' +
      'architecture’s own schedule.',
  ],
  ['seed', 'seed', 'Starting weights, order and changes of the pictures follow from it.'],
] as const satisfies readonly (readonly [keyof ViewState, string, string])[];

/** Those of drawn pictures alone. */
const DRAWN: readonly string[] = ['images', 'tests'];

/** What is trained, beside what, and how. */
export function Settings(): JSX.Element {
  const id = useId();
  return (
    <section class="train-settings" aria-label="The training">
      <Beside />
      <div class="field">
        <label for={id}>Architecture</label>
        <select
          id={id}
          value={view.value.arch}
          onChange={({ currentTarget }) => show({ arch: currentTarget.value as ArchitectureName })}
        >
          {ARCHITECTURES.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      {NUMBERS.filter(([name]) => view.value.data === null || !DRAWN.includes(name)).map(
        ([name, title, meaning]) => (
          <NumberField key={name} name={name} title={title} meaning={meaning} />
        ),
      )}
    </section>
  );
}

/** A number that is taken when it has been given in full. */
export function NumberField({
  name,
  title,
  meaning,
}: {
  readonly name: (typeof NUMBERS)[number][0] | 'sweep';
  readonly title: string;
  readonly meaning: string;
}): JSX.Element {
  const value = String(view.value[name]);
  const { text, setText, error, give } = useGiven(value, (given) =>
    show({ [name]: FIELDS[name].read(given) }),
  );
  return (
    <div class="field number-field">
      <Term meaning={meaning}>{title}</Term>
      <input
        type="text"
        inputMode="decimal"
        aria-label={title}
        aria-invalid={error !== null}
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onBlur={give}
        onKeyDown={({ key }) => key === 'Enter' && give()}
      />
      {error !== null && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** The graph that is trained beside that of the view. */
function Beside(): JSX.Element {
  const { against } = view.value;
  const { text, setText, error, give } = useGiven(against ?? '', (given) =>
    show({ against: given === '' ? null : FIELDS.against.read(given) }),
  );
  return (
    <div class="field beside-field">
      <Term
        meaning={
          'The second network, trained from the same seed on the same pictures. Left empty: the' +
          ' complete graph, which is the ordinary dense network.'
        }
      >
        Beside
      </Term>
      <input
        type="text"
        aria-label="Spec of the graph beside"
        aria-invalid={error !== null}
        placeholder={besideLine.value}
        value={text}
        spellcheck={false}
        autocomplete="off"
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onBlur={give}
        onKeyDown={({ key }) => key === 'Enter' && give()}
      />
      {error !== null && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

/** A text that somebody gives: taken, or refused with a reason and left to be mended. */
function useGiven(value: string, take: (text: string) => void) {
  const [text, setText] = useState(value);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    setText(value);
    setError(null);
  }, [value]);
  const give = (): void => {
    if (text.trim() === value) {
      setError(null);
      return;
    }
    try {
      take(text.trim());
      setError(null);
    } catch (failure) {
      if (!(failure instanceof UserError)) throw failure;
      setError(messageOf(failure));
    }
  };
  return { text, setText, error, give };
}
