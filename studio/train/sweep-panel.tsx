import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { fixed, plural } from '../../src/analysis/text.js';
import { messageOf } from '../../src/core/errors.js';
import { cssOf, viridis } from '../draw/colours.js';
import { Raster } from '../draw/raster.js';
import { cloud, followNodes } from '../explore/plane-data.js';
import { lengthTicks, planeScale, toX, toY } from '../explore/plane-scale.js';
import { show, view } from '../state/store.js';
import { Term } from '../ui/parts.js';
import { pixelRatio, useSize } from '../ui/size.js';
import { palette } from '../ui/theme.js';
import { bothBegun } from './run.js';
import { NumberField } from './settings.js';
import {
  records,
  saveSweep,
  startSweep,
  stopSweep,
  sweepFailure,
  sweeping,
  type SweepTrial,
  trials,
} from './sweep.js';

/** A small study: graphs spread over the plane, trained one after the other. */
export function Sweep(): JSX.Element {
  // The plane can wait until the trainings are on their way.
  const ready = !view.value.play || bothBegun.value;
  useEffect(() => (ready ? followNodes() : undefined), [ready]);
  const [failure, setFailure] = useState<string | null>(null);
  const done = records.value.length;
  const all = trials.value.length;
  const problem = failure ?? sweepFailure.value;
  return (
    <section class="panel sweep" aria-label="A sweep over the plane">
      <div class="panel-head">
        <h2>
          <Term
            meaning={
              'WS-flex graphs spread evenly over the plane of C and L, and the complete graph, each' +
              ' trained once as set above. The colour is the test error after the last epoch.'
            }
          >
            Sweep
          </Term>
        </h2>
        <span class="quiet" role="status">
          {all > 0 && `${done} of ${plural(all, 'graph')} trained`}
        </span>
      </div>
      {view.value.data === null ? (
        <Tools onFailure={setFailure} />
      ) : (
        <p class="quiet">A sweep is of shapes; a study of your own data is for the command.</p>
      )}
      {problem !== null && (
        <p class="error" role="alert">
          {problem}
        </p>
      )}
      {all > 0 && <Plane />}
      {all > 0 && <Trials />}
    </section>
  );
}

/** What starts, stops and saves a sweep. */
function Tools({
  onFailure,
}: {
  readonly onFailure: (message: string | null) => void;
}): JSX.Element {
  const done = records.value.length;
  return (
    <div class="sweep-tools">
      <NumberField
        name="sweep"
        title="graphs"
        meaning="Graphs of the sweep, beside the complete one."
      />
      <button
        type="button"
        class="button"
        disabled={cloud.value === null}
        onClick={() => (sweeping.value ? stopSweep() : startSweep())}
      >
        {sweeping.value ? 'Stop the sweep' : 'Sweep the plane'}
      </button>
      <button
        type="button"
        class="button"
        disabled={done === 0}
        onClick={() => {
          onFailure(null);
          saveSweep().catch((error: unknown) => onFailure(messageOf(error)));
        }}
      >
        Save as a study
      </button>
      {done > 0 && (
        <span class="quiet">
          Go on with: <code>unzip plexus-sweep.zip && npx plexus study run plexus-sweep</code>
        </span>
      )}
    </div>
  );
}

/** Errors from the least to the largest as shares of the colours. */
function errorsOf(all: readonly SweepTrial[]): { least: number; most: number } {
  const errors = all.flatMap(({ record }) => (record?.status === 'complete' ? [record.error] : []));
  return { least: Math.min(...errors), most: Math.max(...errors) };
}

function Plane(): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(box);
  const colours = palette.value;
  const all = trials.value;
  const longest = Math.max(...all.map(({ pathLength }) => pathLength));
  const scale = size === null ? null : planeScale(size.width, size.height, longest);
  useLayoutEffect(() => {
    if (size === null || scale === null || canvas.current === null) return;
    const ratio = pixelRatio();
    const raster = new Raster(size.width * ratio, size.height * ratio);
    const { least, most } = errorsOf(all);
    raster.clear(colours.paper);
    for (const { clustering, pathLength, state, record } of all) {
      const [x, y] = [toX(scale, clustering) * ratio, toY(scale, pathLength) * ratio];
      raster.disc(x, y, 9 * ratio, state === 'training' ? colours.warm : colours.edge);
      const error = record?.status === 'complete' ? record.error : null;
      // The lower the error, the lighter.
      const share = error === null ? null : most > least ? (most - error) / (most - least) : 0.5;
      raster.disc(x, y, 7.5 * ratio, share === null ? colours.paper : viridis(share));
    }
    raster.show(canvas.current);
  }, [size, all, colours]);
  return (
    <div class="sweep-plane" ref={box}>
      <canvas
        ref={canvas}
        role="img"
        aria-label="The plane of C and L with the graphs of the sweep; the table says the same"
      />
      {scale !== null && (
        <svg width={scale.width} height={scale.height} aria-hidden="true">
          {[0, 0.2, 0.4, 0.6, 0.8, 1].map((tick) => (
            <text key={tick} x={toX(scale, tick)} y={scale.bottom + 24} text-anchor="middle">
              {tick === 1 ? 'C 1' : tick}
            </text>
          ))}
          {lengthTicks(scale).map((tick) => (
            <text key={tick} x={scale.left - 14} y={toY(scale, tick) + 4} text-anchor="end">
              {tick === 1 ? 'L 1' : tick}
            </text>
          ))}
        </svg>
      )}
    </div>
  );
}

/** The graphs in words, the lowest error first. */
function Trials(): JSX.Element {
  const { least, most } = errorsOf(trials.value);
  const errorOf = ({ record }: SweepTrial): number =>
    record?.status === 'complete' ? record.error : Infinity;
  const sorted = [...trials.value].sort((a, b) => errorOf(a) - errorOf(b));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Graphs of the sweep">
      <table>
        <thead>
          <tr>
            <th scope="col">graph</th>
            <th scope="col" class="number">
              C
            </th>
            <th scope="col" class="number">
              L
            </th>
            <th scope="col" class="number">
              test error, %
            </th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((each) => (
            <tr key={each.trial.index}>
              <td>
                <button
                  type="button"
                  class="link"
                  onClick={() => show({ graph: { kind: 'spec', line: each.trial.graph } })}
                >
                  {each.trial.graph}
                </button>
              </td>
              <td class="number">{fixed(each.clustering, 4)}</td>
              <td class="number">{fixed(each.pathLength, 4)}</td>
              <td class="number">{outcome(each, least, most)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function outcome({ record, state }: SweepTrial, least: number, most: number): JSX.Element {
  if (record === null) return <span class="quiet">{state === 'training' ? 'training' : ''}</span>;
  if (record.status !== 'complete')
    return <span class="error">{record.status === 'failed' ? record.reason : record.status}</span>;
  const share = most > least ? (most - record.error) / (most - least) : 0.5;
  return (
    <>
      <i class="swatch" style={{ background: cssOf(viridis(share)) }} aria-hidden="true" />{' '}
      {fixed(record.error, 2)}
    </>
  );
}
