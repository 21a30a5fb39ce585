import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { show, view } from '../state/store.js';
import { Term } from '../ui/parts.js';
import {
  cancelReading,
  dataFailure,
  dataFile,
  filesOfDrop,
  openData,
  ownData,
  reading,
  saveData,
} from './data.js';

const over = signal(false);

/** What is trained on: pictures that are drawn, or somebody's own. */
export function DataChoice(): JSX.Element {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const { data } = view.value;
  const own = data === null ? null : ownData.value;
  return (
    <section
      class={over.value ? 'data-choice over' : 'data-choice'}
      aria-label="Data"
      onDragOver={(event) => {
        event.preventDefault();
        event.stopPropagation();
        over.value = true;
      }}
      onDragLeave={() => (over.value = false)}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        over.value = false;
        if (event.dataTransfer !== null) void filesOfDrop(event.dataTransfer).then(openData);
      }}
    >
      <span>
        <Term
          meaning={
            'shapes: pictures of ten classes, drawn on the spot. Your own data stays on this ' +
            'machine: a .npz with x_train, y_train, x_test and y_test, a .csv or .tsv with a ' +
            'column label, the four files of IDX, or pictures in a folder for each class.'
          }
        >
          Data
        </Term>{' '}
        <strong>{data ?? 'shapes'}</strong>
      </span>
      <Chooser input={files} label="Your data…" name="Data files" />
      <Chooser input={folder} label="A folder…" name="A folder of data" directory />
      {data !== null && <BackToShapes />}
      {own !== null && (
        <span class="quiet">
          {own.dataset.train.count} to train on, {own.dataset.test.count} to test,{' '}
          {own.dataset.classes.length} classes: {own.note}.{' '}
          {!own.direct && (
            <button type="button" class="link" onClick={() => saveData(own)}>
              Save {dataFile(own)} for the command
            </button>
          )}
        </span>
      )}
      {data === null && <span class="quiet">or drop files here</span>}
      <Notes />
    </section>
  );
}

function BackToShapes(): JSX.Element {
  return (
    <button type="button" class="button small" onClick={() => show({ data: null, confused: null })}>
      Back to shapes
    </button>
  );
}

function Chooser({
  input,
  label,
  name,
  directory = false,
}: {
  readonly input: { readonly current: HTMLInputElement | null };
  readonly label: string;
  readonly name: string;
  readonly directory?: boolean;
}): JSX.Element {
  return (
    <>
      <button type="button" class="button small" onClick={() => input.current?.click()}>
        {label}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        multiple
        {...(directory && { webkitdirectory: true })}
        aria-label={name}
        onChange={({ currentTarget }) => {
          const chosen = [...(currentTarget.files ?? [])];
          void openData(chosen.map((file) => [file.webkitRelativePath || file.name, file]));
          currentTarget.value = '';
        }}
      />
    </>
  );
}

/** What is under way, or why the last files were refused. */
function Notes(): JSX.Element | null {
  if (reading.value !== null)
    return (
      <span class="quiet">
        Reading {reading.value} …{' '}
        <button type="button" class="button small" onClick={cancelReading}>
          Cancel
        </button>
      </span>
    );
  return dataFailure.value === null ? null : (
    <p class="error" role="alert">
      {dataFailure.value}
    </p>
  );
}
