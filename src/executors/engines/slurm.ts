import {
  type Engine,
  type EngineRequest,
  jobsOfTasks,
  noticeOf,
  OUTPUT_FOLDER,
  quoted,
  workLines,
} from './types.js';

/** Restarts after which a task gives up: enough for any queue, few enough for a fault that stays. */
const MOST_RESTARTS = 1000;

/**
 * Slurm: an array of tasks, each of which works until nothing is left, or puts itself back into the
 * queue. Whatever signal comes, and for whatever reason, the worker keeps what it has.
 */
export const slurm: Engine = {
  name: 'slurm',
  title: 'Slurm',
  needs: [],
  knowsNot: ['image', 'volume'],
  // MaxArraySize of a cluster that sets nothing is 1001: indices 0 to 1000.
  mostTasks: 1001,
  ask: {
    command: ['scontrol', 'show', 'config'],
    read: (text) => {
      const found = /^MaxArraySize\s*=\s*(\d+)/m.exec(text)?.[1];
      return found === undefined ? null : Number(found);
    },
  },
  files: (request, most) =>
    jobsOfTasks(request.tasks, most).map((tasks, at) => ({
      name: at === 0 ? 'slurm.sh' : `slurm-${at + 1}.sh`,
      text: script(request, tasks),
      submit: ['sbatch', '--parsable', '{}'],
    })),
};

function script(request: EngineRequest, tasks: number): string {
  const { study, directory, together, cpus, memory, seconds, extra } = request;
  const limit = together === null ? '' : `%${together}`;
  const head = [
    `--job-name=plexus-${study}`,
    `--array=0-${tasks - 1}${limit}`,
    `--cpus-per-task=${cpus}`,
    ...(memory === null ? [] : [`--mem=${memory}M`]),
    ...(seconds === null ? [] : [`--time=${clock(seconds)}`]),
    `--signal=B:USR1@${noticeOf(request)}`,
    '--requeue',
    '--open-mode=append',
    `--output=${directory}/${OUTPUT_FOLDER}/slurm-%A_%a.out`,
    ...extra,
  ];
  return `#!/bin/bash
# Written by plexus study submit --slurm. Each task trains trials of the study until none is left.
${head.map((line) => `#SBATCH ${line}`).join('\n')}

${workLines(request)}
# 85: there is more to do. What the queue thinks of this task does not matter, only the records do.
if [ "$status" -eq 85 ] && [ "\${SLURM_RESTART_COUNT:-0}" -lt ${MOST_RESTARTS} ]; then
  scontrol requeue "\${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}\${SLURM_ARRAY_TASK_ID:+_$SLURM_ARRAY_TASK_ID}"
  exit 0
fi
# Of a task that ended well nothing that it printed is of use.
if [ "$status" -eq 0 ]; then
  rm -f ${quoted(`${directory}/${OUTPUT_FOLDER}`)}/slurm-"\${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID".out
fi
exit "$status"
`;
}

/** Seconds as Slurm writes a time limit, in whole minutes at least one: `1-02:03:00`. */
function clock(seconds: number): string {
  const minutes = Math.max(1, Math.ceil(seconds / 60));
  const two = (value: number): string => String(value).padStart(2, '0');
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24];
  return `${days > 0 ? `${days}-` : ''}${two(hours)}:${two(minutes % 60)}:00`;
}
