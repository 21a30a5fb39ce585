import { plural } from '../../../analysis/text.js';
import type { Study } from '../../../store/directory.js';
import { trialsAnHour, type WorkerState, workersOf } from '../../../store/workers.js';
import { formatDuration } from '../../format.js';

/** Workers that a status names one by one; of more it counts the hosts. */
const NAMED = 12;

/** What a study's status says of its workers, in words; nothing of a study that had none. */
export function workerLines(study: Study, pending: number): string[] {
  const workers = workersOf(study);
  if (workers.length === 0) return [];
  const living = workers.filter(({ silent }) => silent !== null);
  const rate = trialsAnHour(workers);
  const left =
    rate === null || rate === 0
      ? ''
      : `; ${rate.toFixed(rate < 10 ? 1 : 0)} trials an hour, about ` +
        `${formatDuration((3600 * pending) / rate)} left`;
  const killed = workers.filter(({ silent, ended }) => silent === null && ended === null).length;
  return [
    `workers: ${living.length} at work, ${workers.length - living.length} ended` +
      `${killed > 0 ? ` (${killed} without a word)` : ''}${left}`,
    ...(living.length <= NAMED ? living.map(workerLine) : hostLines(living)),
  ];
}

function workerLine({ worker, host, recorded, silent }: WorkerState): string {
  return (
    `  ${worker} on ${host}: ${plural(recorded, 'trial')} recorded, last sign of life ` +
    `${formatDuration(silent ?? 0)} ago`
  );
}

function hostLines(workers: readonly WorkerState[]): string[] {
  const hosts = new Map<string, WorkerState[]>();
  for (const worker of workers) hosts.set(worker.host, [...(hosts.get(worker.host) ?? []), worker]);
  return [...hosts].map(([host, all]) => {
    const recorded = all.reduce((sum, each) => sum + each.recorded, 0);
    return `  ${host}: ${plural(all.length, 'worker')}, ${plural(recorded, 'trial')} recorded`;
  });
}
