import { signal } from '@preact/signals';
import type { HTMLAttributes, JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Raster } from '../draw/raster.js';
import { basics } from '../graph/current.js';
import { show } from '../state/store.js';
import { pixelRatio, useSize } from '../ui/size.js';
import { palette } from '../ui/theme.js';
import { lineInCloud, nearestInCloud } from './cloud.js';
import type { Mark } from './known-graphs.js';
import { cloud, followNodes, marks } from './plane-data.js';
import { dragTo, dropAt, stepPlane, wanted } from './plane-drag.js';
import { Axes, Marks, SweetName, SweetSpot } from './plane-marks.js';
import { PlaneNotes } from './plane-notes.js';
import { placeAt, planeScale, type PlaneScale, toX, toY } from './plane-scale.js';

/** What is under the pointer. */
const under = signal<{ readonly x: number; readonly y: number; readonly text: string } | null>(
  null,
);

/** The plane of C and L: where the graph lies among all that there are, and a way to any of them. */
export function Plane(): JSX.Element {
  useEffect(followNodes, []);
  return (
    <figure class="panel plane">
      <div class="panel-head">
        <h2>The plane of C and L</h2>
      </div>
      <PlaneArea />
      <figcaption>
        <PlaneNotes />
      </figcaption>
    </figure>
  );
}

/** Before the page is laid out there is no room for a plane. */
const LEAST_SIDE = 120;

function PlaneArea(): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  const room = size !== null && size.width > LEAST_SIDE;
  const scale = room ? planeScale(size.width, size.height, basics.value.pathLength) : null;
  const drag = usePlaneDrag(scale);
  return (
    <div class="square plane-area" ref={box} {...drag}>
      {scale !== null && (
        <>
          <CloudCanvas scale={scale} />
          <svg class="over" width={scale.width} height={scale.height} aria-hidden="true">
            <Axes scale={scale} />
            <SweetSpot scale={scale} />
            <Marks scale={scale} />
            <SweetName scale={scale} />
            <Wanted scale={scale} />
          </svg>
          <Handle scale={scale} />
          <Hint />
        </>
      )}
    </div>
  );
}

function CloudCanvas({ scale }: { readonly scale: PlaneScale }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const points = cloud.value;
  const colours = palette.value;
  const { width, height, most } = scale;
  useLayoutEffect(() => {
    if (canvas.current === null || points === null) return;
    const ratio = pixelRatio();
    const raster = new Raster(width * ratio, height * ratio);
    const radius = Math.min(3, Math.max(1.5, (width / 330) * Math.sqrt(3942 / points.k.length)));
    for (const [at, c] of points.clustering.entries()) {
      const y = toY(scale, points.pathLength[at] ?? 1);
      if (y < scale.top) continue;
      raster.disc(toX(scale, c) * ratio, y * ratio, radius * ratio, colours.cloud, 0.75);
    }
    raster.show(canvas.current);
  }, [points, colours, width, height, most]);
  return <canvas ref={canvas} aria-hidden="true" />;
}

/** The place that was asked for, where no graph lies exactly. */
function Wanted({ scale }: { readonly scale: PlaneScale }): JSX.Element | null {
  const spot = wanted.value;
  if (spot === null) return null;
  const [x, y] = [toX(scale, spot.clustering), toY(scale, spot.pathLength)];
  return <path class="wanted" d={`M${x - 7} ${y}h14M${x} ${y - 7}v14`} />;
}

const KEYS: Readonly<Record<string, readonly ['clustering' | 'pathLength', 1 | -1]>> = {
  ArrowRight: ['clustering', 1],
  ArrowLeft: ['clustering', -1],
  ArrowUp: ['pathLength', 1],
  ArrowDown: ['pathLength', -1],
};

/** The graph's own place: to be dragged, or moved by the arrow keys. */
function Handle({ scale }: { readonly scale: PlaneScale }): JSX.Element | null {
  const { clustering, pathLength } = basics.value;
  if (pathLength === null) return null;
  return (
    <button
      type="button"
      class="handle"
      aria-label={
        `The graph's place: C ${clustering.toFixed(3)}, L ${pathLength.toFixed(3)}. ` +
        'Arrow keys move it to the next graph, with Shift further.'
      }
      style={{ left: `${toX(scale, clustering)}px`, top: `${toY(scale, pathLength)}px` }}
      onKeyDown={(event) => {
        const key = KEYS[event.key];
        if (key === undefined) return;
        event.preventDefault();
        stepPlane(...key, event.shiftKey);
      }}
    />
  );
}

function Hint(): JSX.Element | null {
  const shown = under.value;
  if (shown === null) return null;
  const flip = shown.x > 240;
  return (
    <div
      class={`hint${flip ? ' flip' : ''}`}
      aria-hidden="true"
      style={{ left: `${shown.x}px`, top: `${shown.y}px` }}
    >
      {shown.text}
    </div>
  );
}

/** Pixels that a press may move and still be a click. */
const STILL = 4;
/** Pixels within which a mark is meant. */
const NEAR = 10;

function usePlaneDrag(scale: PlaneScale | null): HTMLAttributes<HTMLDivElement> {
  const press = useRef<{ x: number; y: number; moved: boolean } | null>(null);
  const frame = useRef(0);
  if (scale === null) return {};
  const at = (event: PointerEvent): { x: number; y: number } => {
    const { left, top } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const onPointerMove = (event: PointerEvent): void => {
    const { x, y } = at(event);
    const begun = press.current;
    if (begun === null) {
      under.value = describe(scale, x, y);
      return;
    }
    begun.moved ||= Math.hypot(x - begun.x, y - begun.y) > STILL;
    if (!begun.moved) return;
    under.value = null;
    cancelAnimationFrame(frame.current);
    frame.current = requestAnimationFrame(() => dragTo(placeAt(scale, x, y)));
  };
  const end = (event: PointerEvent): void => {
    const begun = press.current;
    press.current = null;
    if (begun === null) return;
    cancelAnimationFrame(frame.current);
    const { x, y } = at(event);
    const mark = begun.moved ? null : nearMark(scale, x, y);
    if (mark?.line != null) show({ graph: { kind: 'spec', line: mark.line } });
    else if (mark === null) {
      dragTo(placeAt(scale, x, y));
      dropAt(placeAt(scale, x, y));
    }
  };
  return {
    onPointerDown: (event) => {
      if (event.button !== 0) return;
      (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
      press.current = { ...at(event), moved: false };
    },
    onPointerMove,
    onPointerUp: end,
    onPointerCancel: () => (press.current = null),
    onPointerLeave: () => (under.value = null),
  };
}

function nearMark(scale: PlaneScale, x: number, y: number): Mark | null {
  let found: Mark | null = null;
  let least = NEAR;
  for (const mark of marks.value) {
    const distance = Math.hypot(
      toX(scale, mark.clustering) - x,
      Math.max(scale.top, toY(scale, mark.pathLength)) - y,
    );
    if (distance < least) [found, least] = [mark, distance];
  }
  return found;
}

function describe(
  scale: PlaneScale,
  x: number,
  y: number,
): { x: number; y: number; text: string } | null {
  const mark = nearMark(scale, x, y);
  if (mark !== null) {
    const error =
      mark.error === undefined ? '' : `\npublished test error ${mark.error.toFixed(2)} %`;
    return { x, y, text: `${mark.title}\n${placeText(mark.clustering, mark.pathLength)}${error}` };
  }
  const points = cloud.value;
  const spot = placeAt(scale, x, y);
  const nearest = points === null ? -1 : nearestInCloud(points, spot);
  if (points === null || nearest < 0) return null;
  const [c, l] = [points.clustering[nearest] ?? 0, points.pathLength[nearest] ?? 0];
  if (Math.hypot(toX(scale, c) - x, toY(scale, l) - y) > NEAR) return null;
  return { x, y, text: `${lineInCloud(points, nearest)}\n${placeText(c, l)}` };
}

function placeText(clustering: number, pathLength: number): string {
  return `C ${clustering.toFixed(3)}, L ${pathLength.toFixed(3)}`;
}
