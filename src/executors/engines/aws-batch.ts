import { attemptLines, type Engine, type EngineRequest, folderOf } from './types.js';

/** AWS Batch: an array job of containers that share the directory through a file system (EFS). */
export const awsBatch: Engine = {
  name: 'aws-batch',
  title: 'AWS Batch',
  needs: ['image', 'volume'],
  knowsNot: ['extra', 'together'],
  mostTasks: 10_000,
  files: (request) => [
    {
      name: 'aws-batch.json',
      text: `${JSON.stringify(definition(request), null, 2)}\n`,
      submit: [
        'sh',
        '-c',
        'aws batch register-job-definition --cli-input-json "file://$1" && aws batch submit-job ' +
          `--job-name "$2" --job-definition "$2" --job-queue "$PLEXUS_BATCH_QUEUE"${
            request.tasks > 1 ? ` --array-properties size=${request.tasks}` : ''
          }`,
        'sh',
        '{}',
        nameOf(request),
      ],
    },
  ],
};

const nameOf = ({ study }: EngineRequest): string =>
  `plexus-${study.replaceAll(/[^A-Za-z0-9_-]/g, '-')}`.slice(0, 100);

function definition(request: EngineRequest): unknown {
  const { directory, cpus, memory, seconds, image, volume } = request;
  return {
    jobDefinitionName: nameOf(request),
    type: 'container',
    retryStrategy: {
      attempts: 10,
      evaluateOnExit: [
        // More to do, and spot machines that were taken back: again. 42: never again.
        { action: 'RETRY', onExitCode: '85' },
        { action: 'RETRY', onStatusReason: 'Host EC2*' },
        // Killed for its memory: again, with fewer trials at a time.
        { action: 'RETRY', onExitCode: '137' },
        { action: 'EXIT', onExitCode: '42' },
        { action: 'EXIT', onReason: '*' },
      ],
    },
    ...(seconds !== null && {
      timeout: { attemptDurationSeconds: Math.max(60, Math.round(seconds)) },
    }),
    containerProperties: {
      image,
      command: ['sh', '-c', attemptLines(request, '$AWS_BATCH_JOB_ID')],
      mountPoints: [{ sourceVolume: 'studies', containerPath: folderOf(directory) }],
      volumes: [{ name: 'studies', efsVolumeConfiguration: { fileSystemId: volume } }],
      resourceRequirements: [
        { type: 'VCPU', value: String(cpus) },
        { type: 'MEMORY', value: String(memory ?? 2048 * cpus) },
      ],
    },
  };
}
