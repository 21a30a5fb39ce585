import { must } from '../core/errors.js';
import { buildGraph, parseGraphSpec } from '../graph/spec.js';
import type { Graph, GraphMeasure } from '../graph/types.js';
import { type Panel, PANEL_HEIGHT, panelParts, panelsWidth, shortSpec } from './graph-panels.js';
import { composeFigure } from './svg.js';

/** A graph for a picture, and what is written under it. */
export interface ExampleGraph {
  readonly caption: string;
  readonly graph: Graph;
}

interface Measured extends ExampleGraph {
  readonly value: number | boolean;
}

const MARGIN = 20;

/** A graph with its spec as the caption. */
export function exampleGraph(line: string): ExampleGraph {
  return { caption: shortSpec(line), graph: buildGraph(parseGraphSpec(line)) };
}

/**
 * Up to three graphs side by side, of a low, a middle and a high value of a measure: a standalone
 * SVG.
 *
 * @param examples graphs to choose from, of some 16 to 24 nodes; those that have no such number are
 * passed over
 */
export function measurePicture(measure: GraphMeasure, examples: readonly ExampleGraph[]): string {
  const measured = examples.flatMap((example): Measured[] => {
    const value = measure.compute(example.graph, { seed: 1, references: 10 });
    return value === null || (typeof value === 'number' && !Number.isFinite(value))
      ? []
      : [{ ...example, value }];
  });
  const panels = lowMiddleHigh(measured).map(({ caption, graph, value }): Panel => ({
    graph,
    headline: `${measure.title} = ${valueText(value)}`,
    spec: caption,
  }));
  return composeFigure({
    title: measure.title,
    subtitle: measure.definition,
    width: panelsWidth(3) + 2 * MARGIN,
    height: PANEL_HEIGHT,
    parts: panelParts(panels, MARGIN),
    notes: panels.length === 0 ? ['None of the examples has such a number.'] : [],
  });
}

function valueText(value: number | boolean): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return Number.isInteger(value) ? String(value) : value.toFixed(3);
}

/** The lowest value, the one nearest to half way, the highest; fewer where values are the same. */
function lowMiddleHigh(measured: readonly Measured[]): Measured[] {
  const sorted = [...measured].sort((a, b) => Number(a.value) - Number(b.value));
  const different = sorted.filter(
    (one, at) => at === 0 || valueText(one.value) !== valueText(must(sorted[at - 1]).value),
  );
  if (different.length <= 3) return different;
  const [low, high] = [must(different[0]), must(different.at(-1))];
  const half = (Number(low.value) + Number(high.value)) / 2;
  const middle = different
    .slice(1, -1)
    .reduce((best, one) =>
      Math.abs(Number(one.value) - half) < Math.abs(Number(best.value) - half) ? one : best,
    );
  return [low, middle, high];
}
