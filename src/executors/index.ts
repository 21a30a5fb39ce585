/** Where trials are trained: worker threads of this machine, or this very thread. */
export { threadExecutor, type ThreadOptions } from './threads.js';
export { runJob } from './job.js';
export { runTrial, type TrialJob } from './trial.js';
export { trialBytes, workerCount, type WorkerRequest } from './worker-count.js';
