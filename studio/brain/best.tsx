import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { must } from '../../src/core/errors.js';
import { PUBLISHED_MLP, PUBLISHED_MLP_BASELINE } from '../../src/analysis/published-mlp.js';
import { basicMeasures, measure } from '../../src/graph/measures/basic.js';
import { buildGraph, parseGraphSpec } from '../../src/graph/spec.js';
import type { GraphMeasures } from '../../src/graph/types.js';
import { drawMatrix, drawNodesAndEdges } from '../draw/graph.js';
import { Raster } from '../draw/raster.js';
import { shownLayout } from '../explore/picture-state.js';
import { ringPlaces } from '../draw/graph.js';
import { basics, current } from '../graph/current.js';
import { show } from '../state/store.js';
import { Lane } from '../threads/lane.js';
import type { Places } from '../threads/tasks.js';
import { Term } from '../ui/parts.js';
import { pixelRatio, useSize } from '../ui/size.js';
import { palette } from '../ui/theme.js';

/** The graph of the 52 whose networks erred least, and what was published of it. */
const [LINE, , , ERROR] = must(
  PUBLISHED_MLP.reduce((best, each) => (each[3] < best[3] ? each : best)),
);
const BEST = buildGraph(parseGraphSpec(LINE));
const BEST_MEASURES = measure(BEST);

const forced = signal<Places | null>(null);
const lane = new Lane('forces');

const ROWS = [
  ['clustering', 'C', 4],
  ['pathLength', 'L', 4],
  ['averageDegree', 'degree', 2],
  ['density', 'density', 4],
  ['nodes', 'nodes', 0],
  ['edges', 'edges', 0],
] as const satisfies readonly (readonly [keyof GraphMeasures, string, number])[];

/** The best of the published networks beside the graph: how alike are they? */
export function Best(): JSX.Element {
  const own = basics.value;
  return (
    <section class="panel best">
      <div class="panel-head">
        <h2>Beside the best network</h2>
        <button
          type="button"
          class="button"
          onClick={() => show({ graph: { kind: 'spec', line: LINE }, node: null })}
        >
          Take this graph
        </button>
      </div>
      <div class="best-parts">
        <Drawing />
        <div class="scroll" tabIndex={0} role="region" aria-label="The graph beside the best one">
          <table>
            <thead>
              <tr>
                <th scope="col">measure</th>
                <th scope="col" class="number">
                  {current.value.title}
                </th>
                <th scope="col" class="number">
                  best of 52
                </th>
              </tr>
            </thead>
            <tbody>
              {ROWS.map(([name, title, digits]) => (
                <tr key={name}>
                  <th scope="row">
                    <Term meaning={meaningOf(name)}>{title}</Term>
                  </th>
                  <td class="number">{text(own[name], digits)}</td>
                  <td class="number">{text(BEST_MEASURES[name], digits)}</td>
                </tr>
              ))}
              <PublishedError />
            </tbody>
          </table>
        </div>
      </div>
    </section>
  );
}

/** The row of what was published of the best one; nothing was of the graph itself. */
function PublishedError(): JSX.Element {
  return (
    <tr>
      <th scope="row">
        <Term
          meaning={
            'Top-1 test error of the perceptron on CIFAR-10, mean of 5 seeds, as published. ' +
            'The lowest of 52 means is lower than what new seeds of that graph would give.'
          }
        >
          published error
        </Term>
      </th>
      <td class="number">–</td>
      <td class="number">
        {ERROR.toFixed(2)} % (dense: {PUBLISHED_MLP_BASELINE.toFixed(2)} %)
      </td>
    </tr>
  );
}

function Drawing(): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(box);
  const colours = palette.value;
  const layout = shownLayout.value;
  const places = layout === 'ring' ? ringPlaces(BEST.nodes) : forced.value;
  useEffect(() => {
    if (forced.value === null) lane.ask(BEST, { onDone: (found) => (forced.value = found) });
  }, []);
  useLayoutEffect(() => {
    if (size === null || canvas.current === null || places === null) return;
    const ratio = pixelRatio();
    const raster = new Raster(size.width * ratio, size.width * ratio);
    const look = { palette: colours, ratio, selected: null, ring: layout === 'ring' };
    if (layout === 'matrix') drawMatrix(raster, BEST, look);
    else drawNodesAndEdges(raster, BEST, places, look);
    raster.show(canvas.current);
  }, [size, colours, layout, places]);
  return (
    <figure>
      <div class="square" ref={box}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={`The graph ${LINE}: ${BEST.nodes} nodes and ${BEST.edges} edges`}
        />
      </div>
      <figcaption class="quiet">{LINE}</figcaption>
    </figure>
  );
}

function meaningOf(name: string): string {
  return basicMeasures.find((each) => each.name === name)?.definition ?? '';
}

function text(value: GraphMeasures[keyof GraphMeasures], digits: number): string {
  return typeof value === 'number' ? value.toFixed(digits) : 'not connected';
}
