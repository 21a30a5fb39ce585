import {
  type Engine,
  type EngineRequest,
  NOTICE,
  OUTPUT_FOLDER,
  quoted,
  workWords,
} from './types.js';

/** HTCondor: a cluster of processes that share the directory through a file system. */
export const htcondor: Engine = {
  name: 'htcondor',
  title: 'HTCondor',
  needs: [],
  knowsNot: ['image', 'volume'],
  mostTasks: null,
  files: (request) => [
    { name: 'htcondor.sub', text: description(request), submit: ['condor_submit', '{}'] },
  ],
};

function description(request: EngineRequest): string {
  const { directory, tasks, together, cpus, memory, seconds, extra } = request;
  const [program, ...words] = workWords(request);
  // New syntax of arguments: one pair of double quotes, words with spaces in single ones.
  const list = [...words, '--workers', String(cpus), '--task', '$(Cluster).$(Process)']
    .map((word) =>
      /[\s'"]/.test(word) ? `'${word.replaceAll("'", "''").replaceAll('"', '""')}'` : word,
    )
    .join(' ');
  const limit = seconds === null ? '' : `allowed_job_duration = ${Math.round(seconds)}\n`;
  return `# Written by plexus study submit --htcondor.
executable = ${quoted(program ?? 'plexus')}
arguments = "${list}"
universe = vanilla
should_transfer_files = NO
request_cpus = ${cpus}
${memory === null ? '' : `request_memory = ${memory}MB\n`}${
    together === null ? '' : `max_materialize = ${together}\n`
  }# Told to stop, a worker keeps what it has.
kill_sig = SIGUSR1
job_max_vacate_time = ${NOTICE}
${limit}# 85: there is more to do, start it again, as often as it takes. 42: never again.
checkpoint_exit_code = 85
on_exit_remove = (ExitBySignal == False) && (ExitCode == 0 || ExitCode == 42)
on_exit_hold = (ExitBySignal == False) && (ExitCode != 0 && ExitCode != 42) && (NumJobStarts > 20)
# Held for its memory (34): again, with fewer trials at a time.
periodic_release = (HoldReasonCode == 34) && (NumJobStarts <= 20)
output = ${directory}/${OUTPUT_FOLDER}/htcondor-$(Cluster).$(Process).out
error = ${directory}/${OUTPUT_FOLDER}/htcondor-$(Cluster).$(Process).err
log = ${directory}/${OUTPUT_FOLDER}/htcondor-$(Cluster).log
${extra.map((line) => `${line}\n`).join('')}queue ${tasks}
`;
}
