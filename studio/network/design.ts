import { computed, effect, signal } from '@preact/signals';
import type { Design } from '../../src/network/design.js';
import { graph } from '../graph/current.js';
import { view } from '../state/store.js';
import { TASK_SIZES } from '../state/tasks.js';
import { Lane } from '../threads/lane.js';
import { roundsOf } from './rounds.js';

/** The network that the graph becomes, once it is there. */
export const design = signal<Design | null>(null);
export const designFailure = signal<string | null>(null);
const lane = new Lane('design');

/** Has the network made, now and whenever graph, architecture or task change. */
export function followDesign(): () => void {
  const wanted = computed(() => {
    const { graph: choice, arch, task } = view.value;
    return JSON.stringify([choice.kind === 'spec' ? choice.line : choice.name, arch, task]);
  });
  return effect(() => {
    void wanted.value;
    const shown = graph.value;
    const { graph: choice, arch, task } = view.peek();
    const line = choice.kind === 'spec' ? choice.line : null;
    lane.ask(
      { line, graph: line === null ? shown : null, arch, ...TASK_SIZES[task] },
      {
        onDone: (made) => {
          design.value = made;
          designFailure.value = null;
        },
        onFailed: (message) => (designFailure.value = message),
      },
    );
  });
}

export const rounds = computed(() => (design.value === null ? [] : roundsOf(design.value.network)));
