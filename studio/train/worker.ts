import kernelsAddress from '../../native/plexus.wasm?url';
import { messageOf, UserError } from '../../src/core/errors.js';
import { wasmBackend } from '../../src/engine/backends/cpu/index.js';
import { registerBackend } from '../../src/engine/backends/registry.js';
import type { Backend } from '../../src/engine/types.js';
import { createHold } from './hold.js';
import type { Order, Report, TrainJob } from './messages.js';
import { prepareTraining } from './training.js';

const tell = (report: Report): void => postMessage(report);
const hold = createHold(() => tell({ kind: 'held' }));

addEventListener('message', ({ data: order }: MessageEvent<Order>) => {
  switch (order.kind) {
    case 'begin':
      void train(order.job);
      break;
    case 'go':
      hold.go(order.until);
      break;
    case 'hold':
      hold.hold();
      break;
    default:
      order satisfies never;
  }
});

async function train(job: TrainJob): Promise<void> {
  try {
    const training = await prepareTraining(job, await kernels());
    tell({ kind: 'ready', facts: training.facts });
    await training.run(hold, tell);
    tell({ kind: 'done' });
  } catch (error) {
    tell({ kind: 'failed', message: messageOf(error) });
  }
}

/** The kernels of Node's backend `wasm`: the same file, and so the same bits. */
async function kernels(): Promise<Backend> {
  const answer = await fetch(kernelsAddress);
  if (!answer.ok)
    throw new UserError(
      `the kernels must be there beside the page, but the server says ${answer.status}; is it ` +
        'still there? Reload the page',
    );
  const backend = wasmBackend(await answer.arrayBuffer());
  registerBackend({ name: 'wasm', make: () => backend, automatic: true });
  return backend;
}
