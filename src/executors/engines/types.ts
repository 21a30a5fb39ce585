/** What is asked of a batch system: so many worker processes for one study. */
export interface EngineRequest {
  /** The study's name and directory, absolute, as the machines that work see it. */
  readonly study: string;
  readonly directory: string;
  /** How a machine calls Plexus: words of a command line. */
  readonly program: readonly string[];
  /** Worker processes. */
  readonly tasks: number;
  /** Of them at most so many at once; null: as many as there is room for. */
  readonly together: number | null;
  /** Processors of each, which is how many trials it trains at once. */
  readonly cpus: number;
  /** Memory of each, MiB; null: what the system gives. */
  readonly memory: number | null;
  /** What one training takes, MiB, about. */
  readonly trialMemory: number;
  /** Wall time of each, seconds; null: what the system gives. */
  readonly seconds: number | null;
  /** Where data sets are; null: where Plexus looks by itself. */
  readonly dataDir: string | null;
  /** Container image, for systems that need one. */
  readonly image: string | null;
  /** The volume on which the directory lies: a claim (Kubernetes), a file system (EFS). */
  readonly volume: string | null;
  /** Further lines of the system's own, as the user gave them. */
  readonly extra: readonly string[];
}

/** A script or a description of a job, as a batch system takes it. */
export interface EngineFile {
  /** Name of the file, below the study's directory. */
  readonly name: string;
  readonly text: string;
  /** The command line that submits it; `{}` is the file's path. */
  readonly submit: readonly string[];
}

/** A batch system, as a template. */
export interface Engine {
  /** The option's name. */
  readonly name: string;
  readonly title: string;
  /** Options that it cannot do without. */
  readonly needs: readonly ('image' | 'volume')[];
  /** Options that mean nothing to it: given, they are refused. */
  readonly knowsNot: readonly ('image' | 'volume' | 'extra' | 'together')[];
  /** How many tasks one job may have; null: any number. Asked of the system where `ask` says how. */
  readonly mostTasks: number | null;
  /** A command whose output says how many tasks a job may have, and how to read it. */
  readonly ask?: {
    readonly command: readonly string[];
    readonly read: (text: string) => number | null;
  };
  /** The job's files, one for each job: several where there are more tasks than one may have. */
  files(request: EngineRequest, mostTasks: number | null): readonly EngineFile[];
}

/**
 * The folder, below the study's, for what tasks print: systems want it to be there beforehand. Tasks
 * of Slurm remove what they printed where they end well.
 */
export const OUTPUT_FOLDER = 'output';

/** Seconds before the end at which a worker is told to keep what it has, at most. */
export const NOTICE = 120;

/** The same for a worker that has so little time that most of it would be notice. */
export function noticeOf({ seconds }: Pick<EngineRequest, 'seconds'>): number {
  return seconds === null ? NOTICE : Math.min(NOTICE, Math.ceil(seconds / 4));
}

/** A word of a shell's command line. */
export function quoted(word: string): string {
  return /^[A-Za-z0-9_./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** The worker's command line, without its number of workers. */
export function workWords(request: EngineRequest): string[] {
  const { program, directory, dataDir, seconds } = request;
  const room = seconds === null ? null : Math.max(1, Math.round(seconds - noticeOf(request) / 2));
  return [
    ...program,
    'study',
    'work',
    directory,
    ...(dataDir === null ? [] : ['--data-dir', dataDir]),
    ...(room === null ? [] : ['--for', `${room}s`]),
  ];
}

/** Tasks in parts of at most `most`: how many there are in each job. */
export function jobsOfTasks(tasks: number, most: number | null): number[] {
  if (most === null) return [tasks];
  const jobs = Math.ceil(tasks / most);
  return Array.from({ length: jobs }, (_, at) => Math.min(most, tasks - at * most));
}

/** A shell's function that runs the worker, with signals handed on to it; `$status` is what came of it. */
function workFunction(words: string): string {
  return `work() {
  ${words} --workers "$1" &
  worker=$!
  trap 'kill -USR1 "$worker" 2>/dev/null' USR1 USR2 TERM
  while true; do
    wait "$worker"
    status=$?
    kill -0 "$worker" 2>/dev/null || break
  done
}
`;
}

/**
 * A shell's lines that run the worker; when it is killed for its memory it runs once more with half
 * as many trials at a time.
 */
export function workLines(request: EngineRequest): string {
  const { cpus, trialMemory } = request;
  const fewer = Math.max(1, Math.floor(cpus / 2));
  return `${workFunction(workWords(request).map(quoted).join(' '))}work ${cpus}
if [ "$status" -eq 137 ]; then
  echo "killed, out of memory perhaps: once more with ${fewer} at a time" >&2
  work ${fewer}
  if [ "$status" -eq 137 ]; then
    echo "out of memory: a training of this study takes about ${trialMemory} MiB; ask for more" >&2
    status=42
  fi
fi
`;
}

/**
 * The same for a system that kills the whole container: the worker itself finds in its task's logs
 * that the attempt before was killed, and trains fewer trials at a time.
 *
 * @param task the shell's words for what names the task in all its attempts
 */
export function attemptLines(request: EngineRequest, task: string): string {
  const words = workWords(request).map(quoted).join(' ');
  return `${workFunction(`${words} --task "${task}"`)}work ${request.cpus}
exit "$status"
`;
}

/** The folder that a study's directory lies in: what a volume is mounted as. */
export function folderOf(directory: string): string {
  return directory.replace(/\/[^/]+\/?$/, '') || '/';
}
