import { messageOf, printable, UserError, visible } from '../../src/core/errors.js';
import { formatGraphSpec, parseGraphSpec } from '../../src/graph/spec.js';
import { FIELD_NAMES, FIELDS } from './fields.js';
import { decodeOwnGraph, encodeOwnGraph, MOST_OWN_BYTES } from './own-graph.js';
import { type GraphChoice, PAGES, type ViewState } from './types.js';

/** Version of the form of addresses. A later one reads what this one wrote. */
const VERSION = '1';

/** Most characters of a view's address, beside the bytes of an own graph. */
export const MOST_CHARACTERS = 2000;

/** Most characters of an own graph's name. */
const MOST_NAME = 60;

/** What the page shows where an address says nothing. */
export const defaultView: ViewState = {
  page: 'explore',
  graph: { kind: 'spec', line: 'ws-flex:n=64,k=8,p=0.1,seed=3' },
  ...(Object.fromEntries(FIELD_NAMES.map((name) => [name, FIELDS[name].initial])) as Omit<
    ViewState,
    'page' | 'graph'
  >),
};

/** A view read from an address, and what of the address was not understood, a sentence each. */
export interface Decoded {
  readonly view: ViewState;
  readonly problems: readonly string[];
}

/**
 * The address of a view, from its `#` on: `#explore?v=1&graph=ws-flex:n=64,...`. Null where it would
 * be longer than links may be: such a view is saved as a file.
 */
export function encodeView(view: ViewState): string | null {
  const graph = graphItems(view.graph);
  if (graph === null) return null;
  const plain = FIELD_NAMES.flatMap((name): [string, string][] => {
    const field = FIELDS[name] as { key: string; initial: unknown; write: (v: unknown) => string };
    const text = field.write(view[name]);
    return text === field.write(field.initial) ? [] : [[field.key, text]];
  });
  const own = graph.find(([key]) => key === 'own')?.[1].length ?? 0;
  const items = [['v', VERSION] as const, ...graph, ...plain];
  const text = items.map(([key, value]) => `${key}=${escapeValue(value)}`).join('&');
  const address = `#${view.page}?${text}`;
  return address.length - own > MOST_CHARACTERS ? null : address;
}

function graphItems(choice: GraphChoice): [string, string][] | null {
  if (choice.kind === 'spec') return [['graph', choice.line]];
  const own = encodeOwnGraph(choice.graph);
  return own === null
    ? null
    : [
        ['name', choice.name],
        ['own', own],
      ];
}

/** Characters that stay as they are: an address is to be read by people. */
function escapeValue(value: string): string {
  return value.replace(/[^\w:,.=()\-*/;@!~]/gu, (letter) => encodeURIComponent(letter));
}

/**
 * The view of an address, and what in it is not understood. What is left out has its default; so has
 * what is not understood, and then a sentence says so.
 */
export function decodeView(hash: string): Decoded {
  const text = hash.startsWith('#') ? hash.slice(1) : hash;
  if (text === '') return { view: defaultView, problems: [] };
  const [page, list = ''] = splitOnce(text, '?');
  const problems: string[] = [];
  const attempt = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(messageOf(error));
      return otherwise;
    }
  };
  const items = new Map<string, string>();
  for (const item of list === '' ? [] : list.split('&')) attempt(() => addItem(items, item), null);
  const version = items.get('v');
  if (version !== VERSION)
    return {
      view: defaultView,
      problems: [
        version === undefined
          ? 'The link does not say its version (v=1).'
          : `The link has version ${printable(version)}, this studio reads version ${VERSION}: ` +
            'it was made by a newer one.',
      ],
    };
  items.delete('v');
  const view: ViewState = {
    page: attempt(() => pageOf(page), defaultView.page),
    graph: attempt(() => graphOf(items), defaultView.graph),
    ...(Object.fromEntries(
      FIELD_NAMES.map((name) => {
        const { key, initial, read } = FIELDS[name];
        const given = items.get(key);
        items.delete(key);
        return [name, given === undefined ? initial : attempt<unknown>(() => read(given), initial)];
      }),
    ) as Omit<ViewState, 'page' | 'graph'>),
  };
  for (const key of items.keys()) problems.push(`${printable(key)} is nothing that views have.`);
  return { view, problems };
}

/** The specs of graphs that stand in an address, as far as it can be read. */
export function specsOf(hash: string): readonly string[] {
  return hash
    .split(/[?&]/u)
    .filter((item) => /^(?:graph|against)=/u.test(item))
    .map((item) => {
      try {
        return unescapeValue(item.slice(item.indexOf('=') + 1));
      } catch {
        // Whoever decodes the address says so.
        return '';
      }
    });
}

function addItem(items: Map<string, string>, item: string): null {
  const [key, value] = splitOnce(item, '=');
  if (value === undefined)
    throw new UserError(`a link has parts name=value, got "${printable(item)}"`);
  if (items.has(key)) throw new UserError(`${printable(key)} stands in the link twice`);
  items.set(key, unescapeValue(value));
  return null;
}

function unescapeValue(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw new UserError(`"${printable(value)}" has a broken % in it; copy the link again`);
  }
}

function pageOf(name: string): ViewState['page'] {
  const found = PAGES.find((page) => page === name);
  if (found === undefined)
    throw new UserError(`there is no page "${printable(name)}"; pages are ${PAGES.join(', ')}`);
  return found;
}

function graphOf(items: Map<string, string>): GraphChoice {
  const [spec, own, name, kept] = ['graph', 'own', 'name', 'kept'].map((key) => {
    const given = items.get(key);
    items.delete(key);
    return given;
  });
  if (kept !== undefined)
    throw new UserError(
      `the graph "${printable(kept)}" is too large for a link of ${MOST_OWN_BYTES / 1024} KB; ` +
        'open its file, or the view that was saved with it',
    );
  if (own !== undefined)
    return { kind: 'own', name: ownName(name ?? 'graph'), graph: decodeOwnGraph(own) };
  if (spec === undefined) return defaultView.graph;
  return { kind: 'spec', line: formatGraphSpec(parseGraphSpec(spec)) };
}

/** A name as links have it: of one line, and not long. */
export function ownName(name: string): string {
  return visible(name).slice(0, MOST_NAME);
}

/**
 * What stands in the address where a view is too large for one: the page and the name of its graph,
 * so that whoever opens it is told where the view is.
 */
export function placeholder(view: ViewState): string {
  const name = view.graph.kind === 'own' ? view.graph.name : view.graph.line.slice(0, MOST_NAME);
  return `#${view.page}?v=${VERSION}&kept=${escapeValue(name)}`;
}

function splitOnce(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + mark.length)];
}
