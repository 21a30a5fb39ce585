import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { messageOf, UserError } from '../../src/core/errors.js';
import type { ParsedGraph } from '../../src/graph-formats/parse.js';
import { announcement } from '../graph/current.js';
import { fetchFamilies } from '../graph/further.js';
import { ownName } from '../state/codec.js';
import { show, tooLarge, view } from '../state/store.js';
import { Lane } from '../threads/lane.js';
import { refusal } from './refusal.js';

/** Larger files are no graphs that a page can show. */
const MOST_BYTES = 64 * 2 ** 20;

/** The file that was opened last, and what came of it. */
type Opened =
  | { readonly state: 'none' }
  | { readonly state: 'reading'; readonly name: string }
  | { readonly state: 'read'; readonly name: string; readonly notes: string }
  | { readonly state: 'failed'; readonly file: File; readonly message: string };

const opened = signal<Opened>({ state: 'none' });
/** Whether a file is over the page. */
const over = signal(false);
const lane = new Lane('parse');

/** Opens a graph or a saved view. */
async function open(file: File, threshold: number | null = null): Promise<void> {
  refusal.value = null;
  opened.value = { state: 'reading', name: file.name };
  const fail = (message: string): void => void (opened.value = { state: 'failed', file, message });
  try {
    if (file.size > MOST_BYTES)
      throw new UserError(
        `${file.name} must have at most 64 MB, got ${Math.ceil(file.size / 2 ** 20)}`,
      );
    const bytes = new Uint8Array(await file.arrayBuffer());
    const start = new TextDecoder().decode(bytes.subarray(0, 64));
    const { isViewFile, readViewFile } = await import('../state/view-file.js');
    if (isViewFile(start)) {
      await fetchFamilies();
      show(readViewFile(new TextDecoder().decode(bytes)));
      opened.value = { state: 'read', name: file.name, notes: 'a saved view' };
      return;
    }
    lane.ask(
      { name: file.name, bytes, threshold },
      { onDone: (found) => take(file.name, found), onFailed: fail },
      true,
    );
  } catch (error) {
    fail(error instanceof UserError ? error.message : `${file.name}: ${messageOf(error)}`);
  }
}

function take(name: string, found: ParsedGraph): void {
  show({ graph: { kind: 'own', name: ownName(name), graph: found.graph }, node: null });
  opened.value = { state: 'read', name, notes: notesOf(found) };
  announcement.value = `${name}: ${found.graph.nodes} nodes, ${found.graph.edges} edges`;
}

function notesOf({ format, selfLoops, repeated, below, notes }: ParsedGraph): string {
  const left = [
    [selfLoops, 'self loops'],
    [repeated, 'edges listed again'],
    [below, 'edges below the threshold'],
  ] as const;
  const leftOut = left.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
  return [
    `read as ${format}`,
    ...(leftOut.length > 0 ? [`left out: ${leftOut.join(', ')}`] : []),
    ...notes,
  ].join('; ');
}

/** A button for a file; files can be dropped anywhere on the page as well. */
export function OpenFile(): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  useEffect(followDrops, []);
  return (
    <div class="open-file">
      <button type="button" class="button tall" onClick={() => input.current?.click()}>
        Open a graph…
      </button>
      <input
        ref={input}
        type="file"
        hidden
        aria-label="A graph file"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file !== undefined) void open(file);
          currentTarget.value = '';
        }}
      />
      {over.value && (
        <div class="drop-here" aria-hidden="true">
          Drop a graph: edge list, matrix, GraphML, GEXF, GML, Pajek, graph6, JSON, .npy
        </div>
      )}
    </div>
  );
}

function followDrops(): () => void {
  const dragged = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    over.value = true;
  };
  const left = (event: DragEvent): void => {
    if (event.relatedTarget === null) over.value = false;
  };
  const dropped = (event: DragEvent): void => {
    event.preventDefault();
    over.value = false;
    const [file] = event.dataTransfer?.files ?? [];
    if (file !== undefined) void open(file);
  };
  addEventListener('dragover', dragged);
  addEventListener('dragleave', left);
  addEventListener('drop', dropped);
  return () => {
    removeEventListener('dragover', dragged);
    removeEventListener('dragleave', left);
    removeEventListener('drop', dropped);
  };
}

/** What was read of the file, or why it was not. */
export function OpenedNotes(): JSX.Element | null {
  const now = opened.value;
  const own = view.value.graph.kind === 'own';
  switch (now.state) {
    case 'none':
      return null;
    case 'reading':
      return (
        <p class="quiet">
          Reading {now.name} …{' '}
          <button
            type="button"
            class="button small"
            onClick={() => {
              lane.cancel();
              opened.value = { state: 'none' };
            }}
          >
            Cancel
          </button>
        </p>
      );
    case 'read':
      return own ? (
        <p class="quiet">
          {now.name}: {now.notes}.
          {tooLarge.value && ' It is too large for a link: save the view as a file to share it.'}
        </p>
      ) : null;
    case 'failed':
      return <Failed file={now.file} message={now.message} />;
    default:
      return now satisfies never;
  }
}

/** Why a file was not read; one with weights may be when it is known from which on they count. */
function Failed({ file, message }: { readonly file: File; readonly message: string }): JSX.Element {
  return (
    <div role="alert">
      <p class="error">{message}</p>
      {/weight/.test(message) && (
        <form
          class="threshold"
          onSubmit={(event) => {
            event.preventDefault();
            const value = Number(new FormData(event.currentTarget).get('threshold'));
            void open(file, value);
          }}
        >
          <label>
            Take edges of at least this weight:{' '}
            <input type="number" name="threshold" step="any" required />
          </label>
          <button type="submit" class="button">
            Open
          </button>
        </form>
      )}
    </div>
  );
}
