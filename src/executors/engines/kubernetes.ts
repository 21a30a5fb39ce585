import type { Job } from 'kubernetes-types/batch/v1.js';
import { must } from '../../core/errors.js';
import { attemptLines, type Engine, type EngineRequest, folderOf, NOTICE } from './types.js';

/** Kubernetes: an Indexed Job of pods that share the directory through a volume. */
export const kubernetes: Engine = {
  name: 'kubernetes',
  title: 'Kubernetes',
  needs: ['image', 'volume'],
  knowsNot: ['extra'],
  mostTasks: 100_000,
  files: (request) => [
    {
      name: 'kubernetes.json',
      text: `${JSON.stringify(job(request), null, 2)}\n`,
      submit: ['kubectl', 'apply', '-f', '{}'],
    },
  ],
};

/** Where a pod finds what is its job's alone, also when it is submitted again under its name. */
const JOB_UID = "metadata.labels['batch.kubernetes.io/controller-uid']";

/** JSON is YAML, and needs no quoting of its own. The types are those of the API's own schema. */
function job(request: EngineRequest): Job {
  const { study, directory, tasks, together, cpus, memory, seconds, image, volume } = request;
  const name = `plexus-${study.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')}`.slice(0, 52);
  const resources = {
    requests: { cpu: String(cpus), ...(memory !== null && { memory: `${memory}Mi` }) },
    limits: { ...(memory !== null && { memory: `${memory}Mi` }) },
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels: { app: 'plexus', study: name } },
    spec: {
      completionMode: 'Indexed',
      completions: tasks,
      parallelism: together ?? tasks,
      // A pod that went away is replaced only when it is gone: no two pods of one index at once.
      podReplacementPolicy: 'Failed',
      // Pods that were killed for their memory, whole, count here: the next one trains fewer trials.
      backoffLimitPerIndex: 20,
      maxFailedIndexes: tasks,
      podFailurePolicy: {
        rules: [
          // Nodes that are drained, preempted or lost cost no retries.
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          // More to do: start again, at no cost.
          {
            action: 'Ignore',
            onExitCodes: { containerName: 'plexus', operator: 'In', values: [85] },
          },
          // Never again.
          {
            action: 'FailIndex',
            onExitCodes: { containerName: 'plexus', operator: 'In', values: [42] },
          },
        ],
      },
      template: {
        metadata: { labels: { app: 'plexus', study: name } },
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: NOTICE,
          ...(seconds !== null && { activeDeadlineSeconds: Math.round(seconds) }),
          containers: [
            {
              name: 'plexus',
              image: must(image ?? undefined, 'an image'),
              command: ['sh', '-c', attemptLines(request, '$PLEXUS_JOB.$JOB_COMPLETION_INDEX')],
              env: [{ name: 'PLEXUS_JOB', valueFrom: { fieldRef: { fieldPath: JOB_UID } } }],
              resources,
              volumeMounts: [{ name: 'studies', mountPath: folderOf(directory) }],
            },
          ],
          volumes: [
            {
              name: 'studies',
              persistentVolumeClaim: { claimName: must(volume ?? undefined, 'a volume') },
            },
          ],
        },
      },
    },
  };
}
