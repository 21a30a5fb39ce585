import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Palette } from '../draw/colours.js';
import { Raster } from '../draw/raster.js';
import { node } from '../graph/current.js';
import { neighbours } from '../graph/neighbours.js';
import { show, view } from '../state/store.js';
import { pixelRatio, useSize } from '../ui/size.js';
import { palette } from '../ui/theme.js';
import { design, rounds } from './design.js';
import { reachOf, type Span, spansOf } from './rounds.js';

/** More lines than these take longer than a frame, and are a grey wall. */
const MOST_LINES = 120_000;
/** Pixels above the nodes, for the names of the rounds. */
const TOP = 34;
const SIDE = 22;
const BOTTOM = 12;

/** Where the columns of nodes stand, in pixels of the page. */
interface Columns {
  readonly width: number;
  readonly height: number;
  readonly x: readonly number[];
}

function columnsOf(width: number, height: number, spans: number): Columns {
  const step = spans === 0 ? 0 : (width - 2 * SIDE) / spans;
  return { width, height, x: Array.from({ length: spans + 1 }, (_, at) => SIDE + at * step) };
}

/** Where a step begins and ends. */
function stepOf({ x }: Columns, at: number): readonly [number, number] {
  return [x[at] ?? 0, x[at + 1] ?? 0];
}

function rowY({ height }: Columns, row: number, nodes: number): number {
  return TOP + ((row + 0.5) / nodes) * (height - TOP - BOTTOM);
}

/** The network unrolled: nodes as rows, rounds as steps from left to right, messages as lines. */
export function RoundsPicture(): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(box);
  const all = rounds.value;
  const spans = spansOf(all, view.value.unfolded);
  const chosen = node.value;
  const far = view.value.rounds;
  const colours = palette.value;
  const columns = size && columnsOf(size.width, size.height, spans.length);
  const unfolded = view.value.unfolded.join();
  useLayoutEffect(() => {
    if (columns === null || canvas.current === null || size === null) return;
    const ratio = pixelRatio();
    const raster = new Raster(size.width * ratio, size.height * ratio);
    drawRounds(raster, columns, spans, {
      colours,
      ratio,
      reached: chosen === null ? null : reachOf(all, chosen, far),
    });
    raster.show(canvas.current);
  }, [size, all, unfolded, chosen, far, colours]);
  const pick = (event: MouseEvent): void => {
    const nodes = spans[0]?.mask.input.nodes ?? 1;
    const share = (event.offsetY - TOP) / ((size?.height ?? 1) - TOP - BOTTOM);
    const found = Math.min(nodes - 1, Math.max(0, Math.floor(share * nodes)));
    show({ node: found === chosen ? null : found });
  };
  return (
    <div class="rounds" ref={box}>
      <canvas ref={canvas} role="img" aria-label={describe(spans, all.length)} onClick={pick} />
      {columns !== null && <SpanNames columns={columns} spans={spans} />}
    </div>
  );
}

function describe(spans: readonly Span[], count: number): string {
  const arch = design.value?.network.arch ?? 'network';
  const nodes = spans[0]?.mask.input.nodes ?? 0;
  return `${arch} unrolled: ${nodes} nodes as rows, ${count} rounds of message exchange from left to right`;
}

/** The names over the steps; those of folded stages say how many rounds they are. */
function SpanNames({
  columns,
  spans,
}: {
  readonly columns: Columns;
  readonly spans: readonly Span[];
}): JSX.Element {
  return (
    <svg class="over" width={columns.width} height={columns.height} aria-hidden="true">
      {spans.map(({ stage, first, count }, at) => {
        const [from, to] = stepOf(columns, at);
        const text = spanName(to - from, { stage, first, count });
        return (
          <text key={first} x={(from + to) / 2} y={16} text-anchor="middle">
            {text}
          </text>
        );
      })}
    </svg>
  );
}

/** What a step is called where it has so many pixels. */
function spanName(
  room: number,
  { stage, first, count }: Pick<Span, 'stage' | 'first' | 'count'>,
): string {
  if (count > 1) return room > 46 ? `${stage} ×${count}` : `×${count}`;
  if (room > 70) return `round ${first + 1}`;
  return room > 18 ? String(first + 1) : '';
}

interface RoundsLook {
  readonly colours: Palette;
  readonly ratio: number;
  /** After each round, the nodes that a message has reached; null where none is followed. */
  readonly reached: readonly Uint8Array[] | null;
}

function drawRounds(
  raster: Raster,
  columns: Columns,
  spans: readonly Span[],
  { colours, ratio, reached }: RoundsLook,
): void {
  raster.clear(colours.paper);
  const lines = spans.reduce(
    (sum, { mask }) => sum + mask.graph.targets.length + mask.graph.nodes,
    0,
  );
  if (lines <= MOST_LINES) {
    for (const [at, span] of spans.entries())
      drawMessages(raster, columns, at, span, ratio, reached === null ? 1 : 0.4);
    raster.ink(colours.edge);
    if (reached !== null) {
      for (const [at, span] of spans.entries())
        drawReached(raster, columns, at, span, ratio, reached);
      raster.ink(colours.warm);
    }
  }
  for (const [at, x] of columns.x.entries()) {
    const span = spans[Math.min(at, spans.length - 1)];
    if (span === undefined) return;
    const partition = at < spans.length ? span.mask.input : span.output;
    const set = reached && reachedAt(reached, spans, at);
    const radius = Math.min(
      5,
      Math.max(1.2, (0.36 * (columns.height - TOP - BOTTOM)) / partition.nodes),
    );
    for (let row = 0; row < partition.nodes; row++) {
      const y = rowY(columns, row, partition.nodes) * ratio;
      const lit = set !== null && set[row] === 1;
      raster.disc(
        x * ratio,
        y,
        radius * ratio,
        lit ? colours.warm : reached ? colours.cloud : colours.accent,
      );
    }
  }
}

/**
 * The nodes that are reached in a column: those before its round, behind the last one those after
 * it. Behind a folded stage that the message is still in, those that it has reached so far.
 */
function reachedAt(
  reached: readonly Uint8Array[],
  spans: readonly Span[],
  at: number,
): Uint8Array | null {
  const before = spans[at - 1];
  if (before === undefined) return reached[0] ?? null;
  const last = Math.min(before.first + before.count, reached.length - 1);
  return last > before.first ? (reached[last] ?? null) : null;
}

/** The lines of a round: each node hears its neighbours, and itself. */
function drawMessages(
  raster: Raster,
  columns: Columns,
  at: number,
  { mask }: Span,
  ratio: number,
  share: number,
): void {
  const { nodes, targets } = mask.graph;
  const strength = share * Math.min(0.6, 9 / Math.sqrt(targets.length + nodes));
  const [from, to] = stepOf(columns, at);
  for (let listener = 0; listener < nodes; listener++) {
    const y = rowY(columns, listener, nodes) * ratio;
    raster.line(from * ratio, y, to * ratio, y, 1.3 * ratio, strength);
    for (const heard of neighbours(mask.graph, listener))
      raster.line(
        from * ratio,
        rowY(columns, heard, nodes) * ratio,
        to * ratio,
        y,
        ratio,
        strength,
      );
  }
}

/** The lines that the followed message takes in a round. */
function drawReached(
  raster: Raster,
  columns: Columns,
  at: number,
  { mask, first }: Span,
  ratio: number,
  reached: readonly Uint8Array[],
): void {
  const before = reached[first];
  // A round that the message has not come to yet.
  if (before === undefined || reached[first + 1] === undefined) return;
  const { nodes } = mask.graph;
  const [from, to] = stepOf(columns, at);
  for (let listener = 0; listener < nodes; listener++) {
    const y = rowY(columns, listener, nodes) * ratio;
    for (const heard of [listener, ...neighbours(mask.graph, listener)])
      if (before[heard] === 1)
        raster.line(
          from * ratio,
          rowY(columns, heard, nodes) * ratio,
          to * ratio,
          y,
          1.2 * ratio,
          0.9,
        );
  }
}
