import kernelsAddress from '../../native/plexus.wasm?url';
import { messageOf, UserError } from '../../src/core/errors.js';
import { type KernelBackend, wasmBackend } from '../../src/engine/backends/cpu/index.js';
import { registerBackend } from '../../src/engine/backends/registry.js';
import { createHold } from './hold.js';
import type { Order, Report, TrainJob } from './messages.js';
import { prepareTraining, type Training } from './training.js';

const tell = (report: Report): void => postMessage(report);
let backend: Promise<KernelBackend> | null = null;
let training: Training | null = null;
const hold = createHold(async () => {
  tell({ kind: 'held' });
  await training?.look();
});

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
  const begun = performance.now();
  try {
    training = await prepareTraining(job, await (backend ??= kernels()), tell);
    tell({ kind: 'ready', facts: training.facts });
    await training.run(hold);
    training.end();
    tell({ kind: 'done', seconds: (performance.now() - begun) / 1000 });
  } catch (error) {
    tell({ kind: 'failed', message: messageOf(error) });
  }
}

/** The kernels of Node's backend `wasm`: the same file, and so the same bits. */
async function kernels(): Promise<KernelBackend> {
  const answer = await fetch(kernelsAddress);
  if (!answer.ok)
    throw new UserError(
      `the kernels must be there beside the page, but the server says ${answer.status}; is it ` +
        'still there? Reload the page',
    );
  const made = wasmBackend(await answer.arrayBuffer());
  registerBackend({ name: 'wasm', make: () => made, automatic: true });
  return made;
}
