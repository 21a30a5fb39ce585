import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { fixed } from '../../src/analysis/text.js';
import { must } from '../../src/core/errors.js';
import { show, view } from '../state/store.js';
import { Lane } from '../threads/lane.js';
import { Term } from '../ui/parts.js';
import { frameGraph, frameStrengths, pairNorm } from './film.js';
import type { FrameMeasures } from './frame-measures.js';
import type { Frame } from './messages.js';
import { NodeDrawing, NodeWords } from './node-drawing.js';
import { sides } from './run.js';

/** What is told of the weights as a graph, by epoch. */
const MEASURES = [
  ['weightedClustering', 'C', 'Weighted clustering (Onnela): weights in parts of the largest.'],
  ['weightedPathLength', 'L', 'Mean shortest path, an edge being 1 / weight long.'],
  ['weightedModularity', 'modularity', 'Of the communities that Louvain’s method finds by weight.'],
  ['nCut', 'n-cut', 'Over 12 spectral clusters: weight that leaves them; lower is more clustered.'],
] as const;

const lane = new Lane('weighted');
/** Measures of frames that were looked at. */
const measured = signal<ReadonlyMap<Frame, FrameMeasures>>(new Map());

/** Measures what is not measured yet, in a worker. */
function useMeasures(frames: readonly Frame[]): void {
  useEffect(() => {
    const missing = frames.filter((frame) => !measured.peek().has(frame));
    if (missing.length === 0) return;
    lane.ask(missing, {
      onDone: (found) => {
        const kept = [...measured.peek()].filter(([frame]) => frames.includes(frame));
        const made = missing.map((frame, at) => [frame, must(found[at])] as const);
        measured.value = new Map([...kept, ...made]);
      },
    });
  }, [frames, measured.value]);
}

/** The weights of the network that is looked at as a graph, epoch by epoch. */
export function Film({ nodes }: { readonly nodes: number }): JSX.Element {
  const { look, frame: wanted } = view.value;
  const frames = sides[look].frames.value;
  useMeasures(frames);
  const at = frames.findLastIndex(({ epoch }) => epoch <= (wanted ?? Infinity));
  const frame = frames[Math.max(0, at)];
  if (frame === undefined || frame.nodes !== nodes)
    return (
      <p class="quiet">
        Layers of different numbers of nodes, or of more than 256, are not drawn as one graph;
        plexus graph of-weights takes them one by one.
      </p>
    );
  return <Shown {...{ frames, frame }} />;
}

function Shown({
  frames,
  frame,
}: {
  readonly frames: readonly Frame[];
  readonly frame: Frame;
}): JSX.Element {
  // Its own edges: training may have rewired the graph.
  const drawn = useMemo(() => frameGraph(frame).graph, [frame]);
  const values = useMemo(() => frameStrengths(frame), [frame]);
  // One scale for the whole film, so that what grows is seen to grow.
  const [least, most] = useMemo(() => normsOf(frames), [frames]);
  const weightOf = useMemo(
    () =>
      (u: number, v: number): number =>
        most > least ? (pairNorm(frame, u, v) - least) / (most - least) : 0.5,
    [frame, least, most],
  );
  const at = frames.indexOf(frame);
  return (
    <>
      <NodeDrawing {...{ drawn, values, weightOf }} />
      <figcaption>
        <label class="round-choice">
          Epoch{' '}
          <input
            type="range"
            min={0}
            max={frames.length - 1}
            value={at}
            disabled={frames.length === 1}
            aria-valuetext={epochText(frame)}
            onInput={({ currentTarget }) => {
              const chosen = Number(currentTarget.value);
              const last = chosen === frames.length - 1;
              show({ frame: last ? null : must(frames[chosen]).epoch }, 'frame');
            }}
          />{' '}
          {epochText(frame)}
        </label>
        <Measures frames={frames} at={at} />
        <NodeWords values={values}>
          {(node) => (
            <span>
              sum of its norms <strong class="number">{fixed(must(values[node]), 3)}</strong>
            </span>
          )}
        </NodeWords>
        <p class="quiet">
          Lines: norms of blocks, {fixed(least, 3)} (faint) to {fixed(most, 3)}, one scale for all
          epochs. <code>plexus graph of-weights</code> prints the same of a saved training.
        </p>
      </figcaption>
    </>
  );
}

const epochText = ({ epoch }: Frame): string => (epoch === 0 ? 'before training' : `${epoch}`);

/** The smallest and the largest norm of an edge, over all frames. */
function normsOf(frames: readonly Frame[]): readonly [number, number] {
  let [least, most] = [Infinity, 0];
  for (const frame of frames)
    for (const norm of frameGraph(frame).weights)
      [least, most] = [Math.min(least, norm), Math.max(most, norm)];
  return [Math.min(least, most), most];
}

/** Each measure at this epoch, with its course. */
function Measures({
  frames,
  at,
}: {
  readonly frames: readonly Frame[];
  readonly at: number;
}): JSX.Element {
  const known = frames.map((frame) => measured.value.get(frame) ?? null);
  return (
    <dl class="film-measures">
      {MEASURES.map(([name, title, meaning]) => {
        const values = known.map((measures) => measures?.[name] ?? null);
        return (
          <div key={name}>
            <dt>
              <Term meaning={meaning}>{title}</Term>
            </dt>
            <dd>
              <span class="number">{fixed(values[at] ?? null, 4)}</span>
              <Spark values={values} at={at} />
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

const WIDE = 96;
const HIGH = 28;

function Spark({
  values,
  at,
}: {
  readonly values: readonly (number | null)[];
  readonly at: number;
}): JSX.Element {
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  const x = (place: number): number => 3 + (place * (WIDE - 6)) / Math.max(1, values.length - 1);
  const y = (value: number): number =>
    high > low ? HIGH - 3 - ((value - low) / (high - low)) * (HIGH - 6) : HIGH / 2;
  const points = values.flatMap((value, place) =>
    value === null ? [] : [`${x(place)},${y(value)}`],
  );
  const now = values[at] ?? null;
  return (
    <svg width={WIDE} height={HIGH} class="spark" aria-hidden="true">
      <polyline points={points.join(' ')} />
      {now !== null && <circle cx={x(at)} cy={y(now)} r="2.8" />}
    </svg>
  );
}
