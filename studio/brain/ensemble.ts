import { computed, effect, signal } from '@preact/signals';
import { judge, type JudgedEnsemble } from '../../src/analysis/null-ensembles.js';
import type { Graph } from '../../src/graph/types.js';
import { announcement, graph } from '../graph/current.js';
import { view } from '../state/store.js';
import { Lane } from '../threads/lane.js';

/** Seed of the random graphs: that of `plexus graph nulls` where none is given. */
export const NULL_SEED = 1;

/** The random graphs of the graph that is shown, once they are drawn. */
const drawn = signal<{ readonly of: Graph; readonly ensemble: JudgedEnsemble } | null>(null);
/** How many of them are there; null where none are being drawn. */
export const drawing = signal<number | null>(null);
export const ensembleFailure = signal<string | null>(null);

const lane = new Lane('nulls');

/** Milliseconds without a change after which random graphs are drawn. */
const PAUSE = 250;

/** The ensemble, and whether it is that of the graph and the choices that are shown now. */
export const ensemble = computed(() => {
  const found = drawn.value;
  if (found === null) return null;
  const { nullModel, nulls } = view.value;
  const { null: model, count } = found.ensemble;
  const fresh = found.of === graph.value && model === nullModel && count === nulls;
  return { ...found.ensemble, of: found.of, fresh };
});

/** Has the ensemble drawn, now and whenever the graph, the null model or the number change. */
export function followEnsemble(): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const wanted = computed(() => {
    const { nullModel, nulls } = view.value;
    return { of: graph.value, model: nullModel, count: nulls };
  });
  const stop = effect(() => {
    const asked = wanted.value;
    clearTimeout(timer);
    lane.cancel();
    drawing.value = null;
    ensembleFailure.value = null;
    const known = ensemble.peek();
    if (known?.fresh) return;
    timer = setTimeout(() => draw(asked), known === null ? 0 : PAUSE);
  });
  return () => {
    clearTimeout(timer);
    lane.cancel();
    stop();
  };
}

function draw({
  of,
  model,
  count,
}: {
  of: Graph;
  model: JudgedEnsemble['null'];
  count: number;
}): void {
  drawing.value = 0;
  lane.ask(
    { graph: of, null: model, count, seed: NULL_SEED },
    {
      onPart: (done) => (drawing.value = done),
      onDone: (found) => {
        const [judged] = judge([{ graph: of, ensembles: [found] }]).graphs;
        drawing.value = null;
        if (judged?.ensembles[0]) drawn.value = { of, ensemble: judged.ensembles[0] };
        announcement.value = `${count} random graphs are drawn.`;
      },
      onFailed: (message) => {
        drawing.value = null;
        ensembleFailure.value = message;
      },
    },
    true,
  );
}
