/** Seconds before the first line about progress, and between lines. */
const EVERY = 5;

/** Counts pictures; says now and then how many are done and how long the rest will take. */
export function progressNotes(
  total: number,
  note: ((line: string) => void) | undefined,
  now: () => number = () => performance.now(),
): () => void {
  const begun = now();
  let done = 0;
  let next = EVERY;
  return () => {
    done++;
    const seconds = (now() - begun) / 1000;
    if (seconds < next || done === total) return;
    next = seconds + EVERY;
    const left = Math.round((seconds / done) * (total - done));
    note?.(
      `decoded ${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} ` +
        `pictures, about ${left} s left`,
    );
  };
}
