import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { type CoursePoint, publishedSweetSpot, trialCourse } from '../../src/analysis/courses.js';
import { fixed } from '../../src/analysis/text.js';
import type { TrialRecord } from '../../src/study/types.js';
import { useSize } from '../ui/size.js';

/** Curves apart by colour and dash (Okabe and Ito's colours; in grey the dash tells). */
export const LOOKS = 8;

const LEFT = 44;
const RIGHT = 12;
const TOP = 12;
const BOTTOM = 36;

interface Course {
  readonly trial: number;
  readonly look: number;
  readonly layers: readonly (readonly CoursePoint[])[];
}

/** Where the graphs of the drawn trials went, of those that were rewired while they were trained. */
export function Courses({
  curves,
  arch,
}: {
  readonly curves: readonly TrialRecord[];
  readonly arch: string;
}): JSX.Element | null {
  const courses = curves.flatMap((record, at): Course[] => {
    const layers = trialCourse(record);
    return layers.length === 0 ? [] : [{ trial: record.index, look: at % LOOKS, layers }];
  });
  if (courses.length === 0) return null;
  return (
    <div class="courses">
      <h3>Where training took their graphs</h3>
      <CoursePlane courses={courses} arch={arch} />
      <p class="quiet">
        From the ring to the dot, a point each epoch and a line each layer; the rectangle is the
        published sweet spot.
      </p>
      <details>
        <summary>Epoch by epoch</summary>
        {courses.map((course) => (
          <CourseTable key={course.trial} course={course} />
        ))}
      </details>
    </div>
  );
}

function CoursePlane({
  courses,
  arch,
}: {
  readonly courses: readonly Course[];
  readonly arch: string;
}): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const size = useSize(box);
  if (size === null || size.width < 2 * LEFT) return <div class="chart" ref={box} />;
  const { width, height } = size;
  const { clustering, pathLength } = publishedSweetSpot(arch);
  const points = courses.flatMap(({ layers }) => layers.flat());
  const [c0, c1] = around([...clustering, ...points.map((point) => point.clustering)]);
  const [l0, l1] = around([
    ...pathLength,
    ...points.flatMap((point) => (point.pathLength === null ? [] : [point.pathLength])),
  ]);
  const x = (c: number): number => LEFT + ((c - c0) / (c1 - c0)) * (width - LEFT - RIGHT);
  const y = (l: number): number =>
    height - BOTTOM - ((l - l0) / (l1 - l0)) * (height - TOP - BOTTOM);
  return (
    <div class="chart" ref={box}>
      <svg width={width} height={height} role="img" aria-label={courses.map(courseText).join('; ')}>
        <rect
          class="course-spot"
          x={x(clustering[0])}
          y={y(pathLength[1])}
          width={x(clustering[1]) - x(clustering[0])}
          height={y(pathLength[0]) - y(pathLength[1])}
        />
        <Axes {...{ x, y, width, height }} c={ticks(c0, c1)} l={ticks(l0, l1)} />
        {courses.map(({ trial, look, layers }) => (
          <g key={trial} class={`curve course look-${look}`}>
            {layers.map((layer, at) => (
              <Path key={at} points={layer} x={x} y={y} />
            ))}
          </g>
        ))}
      </svg>
    </div>
  );
}

type Scale = (value: number) => number;

function Axes({
  x,
  y,
  c,
  l,
  width,
  height,
}: {
  readonly x: Scale;
  readonly y: Scale;
  readonly c: readonly number[];
  readonly l: readonly number[];
  readonly width: number;
  readonly height: number;
}): JSX.Element {
  return (
    <g class="axes">
      {l.map((tick) => (
        <g key={tick} transform={`translate(0 ${y(tick)})`}>
          <path d={`M${LEFT} 0H${width - RIGHT}`} />
          <text x={LEFT - 8} dy="0.32em" text-anchor="end">
            {fixed(tick, 1)}
          </text>
        </g>
      ))}
      {c.map((tick) => (
        <text key={tick} x={x(tick)} y={height - BOTTOM + 16} text-anchor="middle">
          {fixed(tick, 1)}
        </text>
      ))}
      <text class="axis-name" x={(LEFT + width) / 2} y={height - 4} text-anchor="middle">
        C
      </text>
      <text class="axis-name" x={12} y={TOP + 4} text-anchor="middle">
        L
      </text>
    </g>
  );
}

function Path({
  points,
  x,
  y,
}: {
  readonly points: readonly CoursePoint[];
  readonly x: Scale;
  readonly y: Scale;
}): JSX.Element {
  const places = points.flatMap(({ epoch, clustering, pathLength }) =>
    pathLength === null ? [] : [{ epoch, cx: x(clustering), cy: y(pathLength) }],
  );
  return (
    <>
      <polyline points={places.map(({ cx, cy }) => `${cx},${cy}`).join(' ')} />
      {places.map(({ epoch, cx, cy }, at) => (
        <circle
          key={epoch}
          class={epoch === 0 ? 'begins' : ''}
          {...{ cx, cy }}
          r={epoch === 0 ? 4.5 : at === places.length - 1 ? 4 : 1.8}
        />
      ))}
    </>
  );
}

function CourseTable({ course }: { readonly course: Course }): JSX.Element {
  const { trial, layers } = course;
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={`Course of trial ${trial}`}>
      <table class="number">
        <caption>Trial {trial}: C and L of each layer’s graph</caption>
        <thead>
          <tr>
            <th scope="col">Epoch</th>
            {layers.map((_, at) => (
              <th scope="col" key={at}>
                {layers.length === 1 ? 'all layers' : `layer ${at + 1}`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(layers[0] ?? []).map(({ epoch }, row) => (
            <tr key={epoch}>
              <th scope="row">{epoch === 0 ? 'begins' : epoch}</th>
              {layers.map((points, at) => (
                <td key={at}>{placeText(points[row])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const placeText = (point: CoursePoint | undefined): string =>
  point === undefined ? '' : `${fixed(point.clustering, 3)}, ${fixed(point.pathLength, 3)}`;

function courseText({ trial, layers }: Course): string {
  const each = layers.map((points, at) => {
    const [first, last] = [points[0], points.at(-1)];
    return `layer ${at + 1} from C, L ${placeText(first)} to ${placeText(last)}`;
  });
  return `Trial ${trial}: ${each.join(', ')}`;
}

/** A range with some room around the values. */
function around(values: readonly number[]): readonly [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const room = 0.08 * (high - low);
  return [low - room, high + room];
}

/** Round values within a range, about five. */
function ticks(low: number, high: number): number[] {
  const step = [0.1, 0.2, 0.5, 1, 2, 5, 10].find((each) => (high - low) / each <= 6) ?? 50;
  const first = Math.ceil(low / step);
  return Array.from(
    { length: Math.floor(high / step) - first + 1 },
    (_, at) => (first + at) * step,
  );
}
