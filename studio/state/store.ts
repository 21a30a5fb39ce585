import { computed, signal } from '@preact/signals';
import { withFamilies } from '../graph/further.js';
import { decodeView, defaultView, encodeView, placeholder, specsOf } from './codec.js';
import type { ViewState } from './types.js';

/** What is shown. */
export const view = signal<ViewState>(defaultView);

/** What of the address was not understood. The address stays until the view is changed. */
export const problems = signal<readonly string[]>([]);

/** Its link; null where it would be too long. */
const linked = computed(() => encodeView(view.value));

/** Whether the view is too large for a link, so that it can be kept in a file alone. */
export const tooLarge = computed(() => linked.value === null);

/** The address of what is shown, were it on another page. */
export function addressOf(page: ViewState['page']): string {
  return linked.value?.replace(view.value.page, page) ?? placeholder({ ...view.value, page });
}

/** Places in this page's own history: the present one, and the last one. */
const place = signal({ at: 0, last: 0 });
export const canUndo = computed(() => place.value.at > 0);
export const canRedo = computed(() => place.value.at < place.value.last);

/** Views that no address holds, by their place in the history, so that Back finds them. */
const kept = new Map<number, ViewState>();

/** Milliseconds after which the address follows a slider: browsers allow few changes a second. */
const ADDRESS_DELAY = 250;

let gesture: string | null = null;
let pending: ReturnType<typeof setTimeout> | null = null;

/**
 * Changes the view. A step of its own can be undone by itself; changes with the same gesture, such
 * as those of one slider being moved, are one step.
 */
export function show(change: Partial<ViewState>, ofGesture: string | null = null): void {
  const goesOn = ofGesture !== null && ofGesture === gesture;
  if (!goesOn) flush();
  problems.value = [];
  view.value = { ...view.value, ...change };
  gesture = ofGesture;
  if (!goesOn) {
    const at = place.value.at + 1;
    place.value = { at, last: at };
    history.pushState({ at }, '', address(at));
  } else pending ??= setTimeout(flush, ADDRESS_DELAY);
}

/** Ends a gesture: what comes next is another step. */
export function endGesture(): void {
  flush();
  gesture = null;
}

function flush(): void {
  if (pending === null) return;
  clearTimeout(pending);
  pending = null;
  history.replaceState({ at: place.value.at }, '', address(place.value.at));
}

function address(at: number): string {
  const text = encodeView(view.value);
  if (text === null) kept.set(at, view.value);
  else kept.delete(at);
  return text ?? placeholder(view.value);
}

/** One step back or forward, as the browser's own buttons do. */
export function undo(): void {
  endGesture();
  if (canUndo.value) history.back();
}

export function redo(): void {
  if (canRedo.value) history.forward();
}

/**
 * Takes the view from the address, now and whenever somebody changes it.
 *
 * @param ready is called once the first view is there
 */
export function followAddress(ready: () => void): void {
  const take = (): void => {
    if (pending !== null) clearTimeout(pending);
    pending = null;
    gesture = null;
    const state = history.state as { at?: number } | null;
    // An address that was typed or clicked has no place yet: it is the newest.
    const at = state?.at ?? place.value.at + (started ? 1 : 0);
    if (state?.at === undefined) history.replaceState({ at }, '');
    place.value = { at, last: state?.at === undefined ? at : Math.max(at, place.value.last) };
    const before = kept.get(at);
    const decoded = before ? { view: before, problems: [] } : decodeView(location.hash);
    problems.value = decoded.problems;
    view.value = decoded.view;
    started = true;
  };
  let started = false;
  const takeNow = (then?: () => void): void =>
    withFamilies(
      specsOf(location.hash),
      () => {
        take();
        then?.();
      },
      (message) => {
        problems.value = [message];
        then?.();
      },
    );
  takeNow(ready);
  addEventListener('popstate', () => takeNow());
  addEventListener('pagehide', flush);
}
