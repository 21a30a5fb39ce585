import type { ComponentChildren, JSX } from 'preact';
import { show } from '../state/store.js';
import type { ViewState } from '../state/types.js';

/** A link to a view: in this page a step that can be undone, with Ctrl, ⌘ or Shift a page of its own. */
export function ViewLink({
  change,
  href,
  current = false,
  children,
}: {
  /** What is other in that view. */
  readonly change: Partial<ViewState>;
  /** Its address. */
  readonly href: string;
  readonly current?: boolean;
  readonly children: ComponentChildren;
}): JSX.Element {
  const open = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(change);
    scrollTo(0, 0);
  };
  return (
    <a href={href} aria-current={current ? 'page' : undefined} onClick={open}>
      {children}
    </a>
  );
}
