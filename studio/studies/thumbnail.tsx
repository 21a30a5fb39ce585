import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { buildGraph, parseGraphSpec } from '../../src/graph/spec.js';
import type { Graph } from '../../src/graph/types.js';
import { drawNodesAndEdges, ringPlaces } from '../draw/graph.js';
import { Raster } from '../draw/raster.js';
import { pixelRatio } from '../ui/size.js';
import { palette } from '../ui/theme.js';

const SIDE = 92;
/** Larger graphs are a black disc at this size, and take their time to be made. */
const MOST_NODES = 200;

function graphOf(line: string): Graph | null {
  try {
    const spec = parseGraphSpec(line);
    const { n, rows } = spec.params;
    if (typeof n === 'number' ? n > MOST_NODES : rows === undefined) return null;
    return buildGraph(spec);
  } catch {
    // A file of the server, or a sequence of graphs: its line of text says what it is.
    return null;
  }
}

/** A small picture of a graph on a ring; nothing where it cannot be drawn so small. */
export function Thumbnail({ line }: { readonly line: string }): JSX.Element | null {
  const canvas = useRef<HTMLCanvasElement>(null);
  const graph = useMemo(() => graphOf(line), [line]);
  const colours = palette.value;
  useLayoutEffect(() => {
    if (canvas.current === null || graph === null) return;
    const ratio = pixelRatio();
    const raster = new Raster(SIDE * ratio, SIDE * ratio);
    drawNodesAndEdges(raster, graph, ringPlaces(graph.nodes), {
      palette: colours,
      ratio,
      selected: null,
      ring: true,
    });
    raster.show(canvas.current);
  }, [graph, colours]);
  if (graph === null) return null;
  return (
    <canvas
      ref={canvas}
      class="thumbnail"
      style={{ width: SIDE, height: SIDE }}
      aria-hidden="true"
    />
  );
}
