import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { must } from '../../src/core/errors.js';
import { PUBLISHED_MLP } from '../../src/analysis/published-mlp.js';
import { cssOf, viridis } from '../draw/colours.js';
import { Raster } from '../draw/raster.js';
import { KNOWN_GRAPHS } from '../explore/known-graphs.js';
import { Axes, SweetName, SweetSpot } from '../explore/plane-marks.js';
import { planeScale, type PlaneScale, toX, toY } from '../explore/plane-scale.js';
import { show, view } from '../state/store.js';
import { ARCHITECTURES, type ArchitectureName } from '../state/types.js';
import { Term } from '../ui/parts.js';
import { pixelRatio, useSize } from '../ui/size.js';
import { palette } from '../ui/theme.js';
import { ensemble } from './ensemble.js';

/** Before the page is laid out there is no room for a plane. */
const LEAST_SIDE = 120;

/** The plane of C and L: the graph, its random graphs, and the graphs whose networks were trained. */
export function BrainPlane(): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const own = valueOf('reachablePathLength');
  const scale =
    size === null || size.width < LEAST_SIDE ? null : planeScale(size.width, size.height, own);
  return (
    <figure class="panel plane">
      <div class="panel-head">
        <h2>Its random graphs on the plane</h2>
      </div>
      <div class="square" ref={box}>
        {scale !== null && (
          <>
            <NullCloud scale={scale} />
            <svg
              class="over"
              width={scale.width}
              height={scale.height}
              role="img"
              aria-label={
                'Clustering and path length of the graph, its random graphs and trained ones; ' +
                'the numbers stand in the table below'
              }
            >
              <Axes scale={scale} />
              <SweetSpot scale={scale} />
              <Trained scale={scale} />
              <Own scale={scale} />
              <SweetName scale={scale} />
            </svg>
          </>
        )}
      </div>
      <figcaption>
        <Legend />
      </figcaption>
    </figure>
  );
}

function valueOf(name: string): number | null {
  return ensemble.value?.measures.find((measure) => measure.name === name)?.value ?? null;
}

function nullsOf(name: string): Float64Array | null {
  return ensemble.value?.measures.find((measure) => measure.name === name)?.nulls ?? null;
}

function NullCloud({ scale }: { readonly scale: PlaneScale }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [c, l] = [nullsOf('clustering'), nullsOf('reachablePathLength')];
  const colours = palette.value;
  const { width, height, most } = scale;
  useLayoutEffect(() => {
    if (canvas.current === null) return;
    const ratio = pixelRatio();
    const raster = new Raster(width * ratio, height * ratio);
    const strength = Math.min(0.6, Math.max(0.08, 30 / (c?.length ?? 1)));
    for (const [at, clustering] of (c ?? []).entries()) {
      const y = toY(scale, l?.[at] ?? Number.NaN);
      if (y >= scale.top)
        raster.disc(toX(scale, clustering) * ratio, y * ratio, 2.5 * ratio, colours.warm, strength);
    }
    raster.show(canvas.current);
  }, [c, l, colours, width, height, most]);
  return <canvas ref={canvas} aria-hidden="true" />;
}

/** The 52 graphs whose networks' errors were published, coloured by them. */
function Trained({ scale }: { readonly scale: PlaneScale }): JSX.Element {
  const [low, high] = KNOWN_GRAPHS.errorRange;
  return (
    <g class="marks">
      {PUBLISHED_MLP.filter(([, , l]) => l <= scale.most).map(([line, c, l, error]) => (
        <circle
          key={line}
          class="error-mark"
          cx={toX(scale, c)}
          cy={toY(scale, l)}
          r="4"
          fill={cssOf(viridis((error - low) / (high - low)))}
        />
      ))}
    </g>
  );
}

function Own({ scale }: { readonly scale: PlaneScale }): JSX.Element | null {
  const [c, l] = [valueOf('clustering'), valueOf('reachablePathLength')];
  if (c === null || l === null) return null;
  return (
    <g class="own-mark" transform={`translate(${toX(scale, c)} ${toY(scale, l)})`}>
      <path d="M0-8 8 0 0 8-8 0z" />
    </g>
  );
}

function Legend(): JSX.Element {
  const [low, high] = KNOWN_GRAPHS.errorRange;
  const found = ensemble.value;
  return (
    <ul class="legend">
      <li>
        <span class="sign-own" aria-hidden="true" />
        the graph
      </li>
      <li>
        <span class="sign-null" aria-hidden="true" />
        {found === null ? 'its random graphs' : `its ${found.count} random graphs`}
      </li>
      <li>
        <span class="ramp" aria-hidden="true">
          {[0, 0.25, 0.5, 0.75, 1].map((share) => (
            <i key={share} style={{ background: cssOf(viridis(share)) }} />
          ))}
        </span>
        <Term
          meaning={
            'Test error of networks on 52 graphs of 64 nodes, mean of 5 seeds, as published with ' +
            `the paper (perceptron, CIFAR-10). The best has ${low.toFixed(2)} %.`
          }
        >
          published test error, {low.toFixed(1)} to {high.toFixed(1)} %
        </Term>
      </li>
      <li>
        <label>
          sweet spot of{' '}
          <select
            value={view.value.arch}
            onChange={({ currentTarget }) =>
              show({
                arch: must(
                  ARCHITECTURES.find((name) => name === currentTarget.value),
                ) as ArchitectureName,
              })
            }
          >
            {ARCHITECTURES.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
      </li>
    </ul>
  );
}
