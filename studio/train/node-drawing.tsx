import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { fixed } from '../../src/analysis/text.js';
import { must } from '../../src/core/errors.js';
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
import { show, view } from '../state/store.js';
import { pixelRatio, useSize } from '../ui/size.js';
import { palette } from '../ui/theme.js';

/** A graph in which nodes have colours, and edges strengths where these are told. */
export function NodeDrawing({
  drawn,
  values,
  weightOf,
}: {
  readonly drawn: Graph;
  readonly values: Float64Array;
  /** From 0 to 1. */
  readonly weightOf?: (u: number, v: number) => number;
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
        ...(weightOf !== undefined && { weightOf }),
        colourOf: (node) => viridis(share(must(values[node]))),
      });
    raster.show(canvas.current);
  }, [size, drawn, values, weightOf, colours, selected]);
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

/** The range of the colours, and one node in numbers. */
export function NodeWords({
  values,
  children,
}: {
  readonly values: Float64Array;
  readonly children: (node: number) => JSX.Element;
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
      {selected !== null && children(selected)}
    </div>
  );
}
