import { computed } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { fixed } from '../../src/analysis/text.js';
import { must } from '../../src/core/errors.js';
import { buildGraph, parseGraphSpec } from '../../src/graph/spec.js';
import type { Graph } from '../../src/graph/types.js';
import { viridis } from '../draw/colours.js';
import {
  drawMatrix,
  drawNodesAndEdges,
  MOST_LINES,
  nodeAt,
  placesIn,
  ringPlaces,
} from '../draw/graph.js';
import { Raster } from '../draw/raster.js';
import { graph } from '../graph/current.js';
import { show, view } from '../state/store.js';
import { Choice, Term } from '../ui/parts.js';
import { pixelRatio, useSize } from '../ui/size.js';
import { palette } from '../ui/theme.js';
import type { Look, RoundLook } from './messages.js';
import { besideLine } from './run.js';

const SIGHTS = [
  ['activation', 'Activations'],
  ['norm', 'Weight norms'],
] as const;

const MEANINGS = {
  activation:
    'Mean absolute value of what the channels of a node hold after the round, past normalisation ' +
    'and non-linearity, over all test pictures.',
  norm: 'Root of the sum of squares of all weights with which a node listens to its neighbours and itself.',
} as const;

const besideGraph = computed(() => buildGraph(parseGraphSpec(besideLine.value)));

/** The graph with what its nodes do in the network: a colour for each. */
export function Nodes({ look }: { readonly look: Look }): JSX.Element | null {
  const { sight, layer, look: side } = view.value;
  const round = look.rounds[Math.min(layer, look.rounds.length) - 1];
  if (round === undefined) return null;
  const values = round[sight];
  const drawn = side === 'shown' ? graph.value : besideGraph.value;
  return (
    <figure class="panel nodes">
      <div class="panel-head">
        <h2>
          <Term meaning={MEANINGS[sight]}>Nodes</Term>
        </h2>
        <Choice
          legend="What is drawn of the nodes"
          values={SIGHTS}
          value={sight}
          onChoose={(chosen) => show({ sight: chosen })}
        />
      </div>
      {drawn.nodes === values.length ? (
        <Drawing drawn={drawn} values={values} />
      ) : (
        <p class="quiet">
          This layer has {values.length} nodes, the graph {drawn.nodes}: it is not drawn.
        </p>
      )}
      <figcaption>
        <RoundChoice look={look} round={round} />
        <NodeWords round={round} values={values} />
      </figcaption>
    </figure>
  );
}

function Drawing({
  drawn,
  values,
}: {
  readonly drawn: Graph;
  readonly values: Float64Array;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(box);
  const colours = palette.value;
  const selected = selectedOf(drawn.nodes);
  const matrix = drawn.edges > MOST_LINES;
  useLayoutEffect(() => {
    if (size === null || canvas.current === null) return;
    const ratio = pixelRatio();
    const raster = new Raster(size.width * ratio, size.width * ratio);
    const share = shareIn(values);
    if (matrix) drawMatrix(raster, drawn, { palette: colours, selected });
    else
      drawNodesAndEdges(raster, drawn, ringPlaces(drawn.nodes), {
        palette: colours,
        ratio,
        selected,
        ring: true,
        colourOf: (node) => viridis(share(must(values[node]))),
      });
    raster.show(canvas.current);
  }, [size, drawn, values, colours, selected]);
  const pick = (event: MouseEvent): void => {
    if (size === null) return;
    const where = placesIn(ringPlaces(drawn.nodes), size.width, 1);
    const found = nodeAt(where, event.offsetX, event.offsetY, 14);
    show({ node: found === selected ? null : found });
  };
  return (
    <div class="square" ref={box}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={`The graph of ${drawn.nodes} nodes, each with its colour; numbers below`}
        onClick={pick}
      />
    </div>
  );
}

/** Where a value lies between the least and the largest. */
function shareIn(values: Float64Array): (value: number) => number {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return (value) => (most > least ? (value - least) / (most - least) : 0.5);
}

function selectedOf(nodes: number): number | null {
  const { node } = view.value;
  return node !== null && node < nodes ? node : null;
}

function RoundChoice({
  look,
  round,
}: {
  readonly look: Look;
  readonly round: RoundLook;
}): JSX.Element {
  const at = look.rounds.indexOf(round) + 1;
  return (
    <label class="round-choice">
      Round{' '}
      <input
        type="range"
        min={1}
        max={look.rounds.length}
        value={at}
        aria-valuetext={`${at} of ${look.rounds.length}: ${round.id}`}
        onInput={({ currentTarget }) => show({ layer: Number(currentTarget.value) }, 'layer')}
      />{' '}
      {at} of {look.rounds.length} <span class="quiet">{round.id}</span>
    </label>
  );
}

/** The range of the colours, and one node in numbers. */
function NodeWords({
  round,
  values,
}: {
  readonly round: RoundLook;
  readonly values: Float64Array;
}): JSX.Element {
  const selected = selectedOf(values.length);
  return (
    <div class="node-words">
      <span class="scale">
        <span class="number">{fixed(Math.min(...values), 3)}</span>
        <i aria-hidden="true" />
        <span class="number">{fixed(Math.max(...values), 3)}</span>
      </span>
      <label>
        Node{' '}
        <input
          type="number"
          min={0}
          max={values.length - 1}
          value={selected ?? ''}
          placeholder="–"
          onInput={({ currentTarget: { value } }) => {
            const number = Number(value);
            const valid = value !== '' && Number.isInteger(number) && number >= 0;
            show({ node: valid && number < values.length ? number : null }, 'node');
          }}
        />
      </label>
      {selected !== null && (
        <span>
          activation <strong class="number">{fixed(must(round.activation[selected]), 3)}</strong>,
          weight norm <strong class="number">{fixed(must(round.norm[selected]), 3)}</strong>
        </span>
      )}
    </div>
  );
}
