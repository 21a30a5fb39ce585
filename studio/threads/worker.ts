import { messageOf } from '../../src/core/errors.js';
import { tasks } from './tasks.js';
import type { Answer, Question } from './lane.js';

/** Answers questions one after the other; each is a task with its input. */
addEventListener('message', ({ data }: MessageEvent<Question>) => {
  void answer(data);
});

async function answer({ id, task, input }: Question): Promise<void> {
  const send = (message: Answer): void => postMessage(message);
  try {
    const run = tasks[task] as (input: unknown, tell: (part: unknown) => void) => unknown;
    const value = await run(input, (part) => send({ id, kind: 'part', part }));
    send({ id, kind: 'done', value });
  } catch (error) {
    send({ id, kind: 'failed', message: messageOf(error) });
  }
}
