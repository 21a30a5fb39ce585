import type { Until } from './messages.js';

/** Where a training waits until it may go on. It begins held. */
export interface Hold {
  go(until: Until): void;
  hold(): void;
  /** After an update, which may have been the last of its epoch. */
  step(last: boolean): Promise<void> | void;
  /** After an epoch with its evaluation. */
  epoch(): Promise<void> | void;
  /** Before anything. */
  start(): Promise<void> | void;
  /** Whether it waits after this epoch. */
  readonly waits: () => boolean;
}

/**
 * @param onHeld called whenever the training begins to wait; it goes on no sooner than what this
 * returns is done
 */
export function createHold(onHeld: () => void | Promise<void>): Hold {
  let until: Until | 'now' = 'now';
  let open: (() => void) | null = null;
  const wait = async (): Promise<void> => {
    until = 'now';
    const opened = new Promise<void>((resolve) => (open = resolve));
    await onHeld();
    await opened;
  };
  return {
    go(next) {
      until = next;
      open?.();
      open = null;
    },
    hold() {
      until = 'now';
    },
    start: () => (until === 'now' ? wait() : undefined),
    // An epoch's last update is followed by its evaluation, which belongs to it.
    step: (last) => (!last && (until === 'now' || until === 'step') ? wait() : undefined),
    epoch: () => (until === 'end' ? undefined : wait()),
    waits: () => until !== 'end',
  };
}
