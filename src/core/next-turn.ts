/**
 * Lets the event loop run once: what waits there (signals, messages to a worker) is heard before it
 * goes on. A timer would be held back by some milliseconds, which Node and browsers each spare in
 * their own way.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === 'function') setImmediate(resolve);
    else {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', () => resolve(), { once: true });
      port1.start();
      port2.postMessage(null);
    }
  });
}
