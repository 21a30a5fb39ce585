import { mean } from '../../../stats/index.js';
import { fixed, span } from '../../text.js';
import { baselineFacts, type BaselineFact } from '../facts.js';
import { PUBLISHED } from '../published.js';
import { Agreement, interval, nameOf } from './common.js';
import type { FindingsInput, Section, SectionValues } from './types.js';

function valuesOf({ task, best, gain, held, better }: BaselineFact, published: boolean): SectionValues {
  const figures = published ? PUBLISHED[task.arch] : undefined;
  return {
    name: task.name, arch: task.arch,
    publishedBaseline: figures?.baseline ?? null, baseline: best.baseline?.mean ?? null, publishedBest: figures?.best ?? null, best: best.best.mean, bestGraph: best.best.graph,
    advantage: gain.value, advantageInterval: gain.interval, chosen: held?.chosen ?? null, heldOut: held?.reported ?? null, heldOutRange: held?.range ?? null,
    graphs: better?.graphs ?? null, betterControlled: better?.controlled ?? null, betterSingle: better?.single ?? null,
  };
}

/**
 * Whether the best graph beats the dense baseline, and by how much once luck is taken out. Values: `name`, `arch`,
 * `publishedBaseline`, `baseline`, `publishedBest`, `best`, `bestGraph`, `advantage`, `advantageInterval`, `chosen`, `heldOut`,
 * `heldOutRange`, `graphs` (tested), `betterControlled`, `betterSingle`.
 */
export function baselineSection(input: FindingsInput): Section {
  const { published } = input;
  const agreement = new Agreement(published);
  const facts = baselineFacts(input);
  const tested = facts.flatMap(({ held }) => held ?? []);
  const supported = tested.filter((held) => held.range[0] > 0).length;
  const shrinkage = tested.filter((held) => held.chosen > 0).map((held) => held.reported / held.chosen);
  const rows = facts.map(({ task, best, gain, held, better }) => {
    const figures = PUBLISHED[task.arch];
    const baseline = best.baseline?.mean ?? Number.NaN;
    return [
      nameOf(task, published), agreement.of(baseline, figures?.baseline, 2), fixed(baseline, 2), agreement.of(best.best.mean, figures?.best, 2), fixed(best.best.mean, 2),
      `${fixed(gain.value, 2)} ${interval(gain.interval)}`,
      held === null ? 'one seed' : `${fixed(held.chosen, 2)} → ${fixed(held.reported, 2)} (${span(held.range)})`,
      better === null ? 'one seed' : `${better.controlled} of ${better.graphs} (${better.single})`,
    ];
  });
  const kept = shrinkage.length === 0 ? null : 100 * mean(shrinkage);
  return {
    title: '1. Sparse graphs beat the dense network at the same cost',
    claim: 'The best relational graph has a lower error than the complete graph, the baseline.',
    columns: ['architecture', 'published', 'baseline', 'published', 'best', 'advantage [95 %]', 'chosen → held out (range)', 'better, FDR 5 % (single tests)'],
    rows,
    values: facts.map((fact) => valuesOf(fact, published)),
    agreeing: agreement.agreeing,
    checked: agreement.checked,
    verdict: tested.length === 0 ? 'Cannot be told: it needs a baseline and two seeds of it and of the graphs.' :
      `${supported === tested.length ? 'Holds' : supported === 0 ? 'Not shown' : 'Holds in part'}: on seeds that did not choose it, the best graph beats the baseline in every split of ${supported} of ${tested.length}. ` +
      `The advantage of the one picked is partly luck of the choice: ${kept === null ? 'it cannot be told how much' : `${fixed(kept, 0)} % of it is left on held-out seeds`}, on average.`,
    definition: 'Top-1 test error, %, mean over seeds. best: as the paper picks it (lowest mean; MLP: third lowest). advantage: baseline − best, points, Welch’s interval, which does not know that the best was picked. chosen → held out: advantage of the graph of lowest mean on half of the seeds (rounded up), on those seeds and on the others; mean over all splits, range over them. better: graphs whose one-sided t-test against the baseline is significant at a false discovery rate of 5 % (Benjamini–Hochberg), and without that control.',
  };
}
