import type { Shape } from '../../src/core/shape.js';
import type { TaskChoice } from './types.js';

/** The sizes of the tasks that networks can be laid out for. */
export const TASK_SIZES: Readonly<
  Record<TaskChoice, { readonly input: Shape; readonly classes: number }>
> = {
  cifar10: { input: { channels: 3, height: 32, width: 32 }, classes: 10 },
  imagenet: { input: { channels: 3, height: 224, width: 224 }, classes: 1000 },
};
