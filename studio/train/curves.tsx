import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { fixed } from '../../src/analysis/text.js';
import { Raster } from '../draw/raster.js';
import { view } from '../state/store.js';
import { Term } from '../ui/parts.js';
import { pixelRatio, useSize } from '../ui/size.js';
import { palette } from '../ui/theme.js';
import { type Course, drawCourses, FRAME, valuesAxis } from './curve-drawing.js';
import { axisOver } from './curve-scale.js';
import { picture, sides } from './run.js';
import type { Side } from './side.js';

/** What one picture shows of a training. */
interface Shown {
  readonly title: string;
  readonly meaning: string;
  readonly course: (side: Side) => Course;
}

const LOSS: Shown = {
  title: 'Loss',
  meaning:
    'Cross-entropy in nats, mean over pictures. Thin: of the training pictures of each update, ' +
    'before it changes the weights, smoothed over about a fifth of an epoch. Marked: of all test ' +
    'pictures after each epoch.',
  course: ({ losses, records, facts }) => ({
    updates: losses,
    epochs: records.value.map(({ testLoss }) => testLoss),
    steps: facts.value?.steps ?? 1,
  }),
};

const ERROR: Shown = {
  title: 'Error, %',
  meaning:
    'Share of pictures that the network takes for another class. Thin: of the training pictures ' +
    'of each update, smoothed over about a fifth of an epoch. Marked: of all test pictures after ' +
    'each epoch.',
  course: ({ errors, records, facts }) => ({
    updates: errors,
    epochs: records.value.map(({ testError }) => testError),
    steps: facts.value?.steps ?? 1,
  }),
};

/** How loss and error of both trainings go. */
export function Curves(): JSX.Element {
  return (
    <div class="curves">
      <Curve shown={LOSS} />
      <Curve shown={ERROR} />
    </div>
  );
}

function Curve({ shown }: { readonly shown: Shown }): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(box);
  const colours = palette.value;
  const { epochs } = view.value;
  const now = picture.value;
  const courses = [sides.shown, sides.beside].map(shown.course);
  const axis = valuesAxis(courses);
  useLayoutEffect(() => {
    if (size === null || canvas.current === null) return;
    const ratio = pixelRatio();
    const raster = new Raster(size.width * ratio, size.height * ratio);
    drawCourses(raster, courses, axis, epochs, colours, ratio);
    raster.show(canvas.current);
  }, [size, colours, epochs, now]);
  return (
    <figure class="panel curve">
      <div class="panel-head">
        <h2>
          <Term meaning={shown.meaning}>{shown.title}</Term>
        </h2>
      </div>
      <div class="curve-area" ref={box}>
        <canvas ref={canvas} role="img" aria-label={inWords(shown.title, courses)} />
        {size !== null && <Axes {...size} axis={axis} epochs={epochs} />}
      </div>
    </figure>
  );
}

function inWords(title: string, [shown, beside]: readonly Course[]): string {
  const last = (course: Course | undefined): string =>
    fixed(course?.epochs.at(-1) ?? course?.updates.at(-1) ?? null, 3);
  return `${title} over the epochs: this graph ${last(shown)}, the one beside it ${last(beside)}`;
}

function Axes({
  width,
  height,
  axis,
  epochs,
}: {
  readonly width: number;
  readonly height: number;
  readonly axis: ReturnType<typeof axisOver>;
  readonly epochs: number;
}): JSX.Element {
  const { left, right, top, bottom } = FRAME;
  const across = width - left - right;
  const down = height - top - bottom;
  const share = (value: number): number => (value - axis.least) / (axis.most - axis.least);
  const ticks = axisOver(0, epochs, width / 90).ticks.filter(
    (tick) => tick <= epochs && Number.isInteger(tick),
  );
  return (
    <svg width={width} height={height} aria-hidden="true">
      {axis.ticks.map((tick) => (
        <text key={tick} x={left - 8} y={top + (1 - share(tick)) * down + 4} text-anchor="end">
          {tick}
        </text>
      ))}
      {ticks.map((tick) => (
        <text
          key={tick}
          x={left + (tick / epochs) * across}
          y={height - 8}
          text-anchor={tick === epochs ? 'end' : 'middle'}
        >
          {tick === 0 ? 'epoch 0' : tick}
        </text>
      ))}
    </svg>
  );
}
