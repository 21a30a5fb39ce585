import * as Plot from '@observablehq/plot';
import { BASE_OPTIONS, composeFigure, drawPlot } from './svg.js';
import { COLOURS, LABELS, SCHEME } from './theme.js';

/** A trained network as events: what it errs, and what it costs an image. */
export interface SpikePoint {
  readonly graph: string;
  readonly baseline: boolean;
  readonly pathLength: number | null;
  /** %. */
  readonly error: number;
  readonly floatError: number;
  /** An estimate from a published table. */
  readonly nanojoules: number;
  readonly packets: number;
  /** Of the multicast. */
  readonly hops: number;
}

const WIDTH = 920;
const HEIGHT = 360;
const PANEL = 440;

const PANELS = [
  { key: 'nanojoules', label: 'Energy, 45 nm (nJ an image, estimate)' },
  { key: 'hops', label: 'Multicast hops an image' },
] as const;

/**
 * Test error against energy and against hops: a dot for each graph, coloured by L, the baseline as a
 * diamond, and the line of those that none beats in both. A standalone SVG.
 */
export function spikeFigure(
  points: readonly SpikePoint[],
  {
    study,
    code,
    failed,
  }: { readonly study: string; readonly code: string; readonly failed: number },
): string {
  return composeFigure({
    title: `What events err and cost: ${study}, ${code}`,
    subtitle:
      `${points.length} networks at one budget; a dot is a graph, coloured by its path length L ` +
      '(dark: short), the diamond the dense baseline; the line joins those that no other beats in ' +
      'both.',
    width: WIDTH,
    height: HEIGHT,
    parts: PANELS.map((panel, at) => ({
      drawing: panelOf(points, panel),
      x: at * PANEL + 16,
      y: 0,
    })),
    notes: [
      'Energies are operations times what a published table says that one costs: for comparison only.',
      ...(failed === 0 ? [] : [`${failed} failed and are not shown.`]),
    ],
  });
}

function panelOf(points: readonly SpikePoint[], { key, label }: (typeof PANELS)[number]): string {
  const title = (d: SpikePoint): string =>
    `${d.graph}\nerror ${d.error.toFixed(2)} %, float ${d.floatError.toFixed(2)} %\n` +
    `${Math.round(d.nanojoules)} nJ, ${Math.round(d.packets)} packets, ${Math.round(d.hops)} hops`;
  const axes = { x: key, y: 'error', title } as const;
  return drawPlot({
    ...BASE_OPTIONS,
    width: PANEL,
    height: HEIGHT,
    marginLeft: 56,
    marginBottom: 44,
    grid: true,
    x: { label, nice: true },
    y: { label: LABELS.error, nice: true },
    color: { type: 'linear', scheme: SCHEME },
    marks: [
      Plot.line(frontOf(points, key), {
        x: key,
        y: 'error',
        stroke: COLOURS.best,
        curve: 'step-after',
      }),
      Plot.dot(
        points.filter(({ baseline }) => !baseline),
        { ...axes, r: 4, fill: 'pathLength', stroke: 'white', strokeWidth: 0.8 },
      ),
      Plot.dot(
        points.filter(({ baseline }) => baseline),
        { ...axes, r: 7, symbol: 'diamond', fill: COLOURS.baseline, stroke: COLOURS.ink },
      ),
    ],
  });
}

/** Those that no other is as good as in both and better in one, by cost. */
function frontOf(points: readonly SpikePoint[], key: (typeof PANELS)[number]['key']): SpikePoint[] {
  const front: SpikePoint[] = [];
  for (const point of points.toSorted((a, b) => a[key] - b[key] || a.error - b.error))
    if (point.error < (front.at(-1)?.error ?? Infinity)) front.push(point);
  return front;
}
