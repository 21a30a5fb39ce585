import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { cssOf, viridis } from '../draw/colours.js';
import type { Mark } from './known-graphs.js';
import { known, marks, sweetSpot } from './plane-data.js';
import { lengthTicks, type PlaneScale, toX, toY } from './plane-scale.js';

const CLUSTERING_TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** Both axes, with lines across the plane. */
export function Axes({ scale }: { readonly scale: PlaneScale }): JSX.Element {
  const { left, right, top, bottom } = scale;
  return (
    <g class="axes">
      {CLUSTERING_TICKS.map((tick) => (
        <g key={tick} transform={`translate(${toX(scale, tick)} 0)`}>
          <path d={`M0 ${top}V${bottom}`} />
          <text y={bottom + 16} text-anchor="middle">
            {tick}
          </text>
        </g>
      ))}
      {lengthTicks(scale).map((tick) => (
        <g key={tick} transform={`translate(0 ${toY(scale, tick)})`}>
          <path d={`M${left} 0H${right}`} />
          <text x={left - 8} dy="0.32em" text-anchor="end">
            {tick}
          </text>
        </g>
      ))}
      <text class="axis-name" x={(left + right) / 2} y={bottom + 33} text-anchor="middle">
        clustering coefficient C
      </text>
      <text
        class="axis-name"
        text-anchor="middle"
        transform={`translate(11 ${(top + bottom) / 2}) rotate(-90)`}
      >
        average path length L
      </text>
    </g>
  );
}

/** The region where the paper's networks beat the dense one. */
export function SweetSpot({ scale }: { readonly scale: PlaneScale }): JSX.Element | null {
  const spot = sweetSpot.value;
  if (spot === null) return null;
  const [left, right] = [toX(scale, spot[0]), toX(scale, spot[1])];
  const [top, bottom] = [toY(scale, spot[3]), toY(scale, spot[2])];
  return (
    <g class="sweet">
      <rect x={left} y={top} width={right - left} height={bottom - top} rx="3" />
    </g>
  );
}

/** Its name, over whatever lies there. */
export function SweetName({ scale }: { readonly scale: PlaneScale }): JSX.Element | null {
  const spot = sweetSpot.value;
  if (spot === null) return null;
  return (
    <g class="sweet">
      <text x={toX(scale, spot[0])} y={toY(scale, spot[3]) - 7}>
        sweet spot of the paper
      </text>
    </g>
  );
}

/**
 * Other graphs on the plane, each kind with its own sign: some hundreds, which a drag must not make
 * anew.
 */
export function Marks({ scale }: { readonly scale: PlaneScale }): JSX.Element {
  const { width, height, most } = scale;
  const listed = marks.value;
  return useMemo(
    () => (
      <g class="marks">
        {listed
          .filter(({ pathLength }) => pathLength <= most)
          .map((mark) => (
            <Sign
              key={`${mark.kind} ${mark.title}`}
              mark={mark}
              x={toX(scale, mark.clustering)}
              y={toY(scale, mark.pathLength)}
            />
          ))}
      </g>
    ),
    [listed, width, height, most],
  );
}

function Sign({
  mark,
  x,
  y,
}: {
  readonly mark: Mark;
  readonly x: number;
  readonly y: number;
}): JSX.Element {
  switch (mark.kind) {
    case 'error': {
      const [low, high] = known.value.errorRange;
      const share = ((mark.error ?? low) - low) / (high - low);
      return <circle class="error-mark" cx={x} cy={y} r="4.5" fill={cssOf(viridis(share))} />;
    }
    case 'family':
      return <circle class="family-mark" cx={x} cy={y} r="3" />;
    case 'connectome':
      return (
        <g class="connectome-mark" transform={`translate(${x} ${y})`}>
          <path d="M0-5.5 5.5 0 0 5.5-5.5 0z" />
        </g>
      );
    default:
      return mark.kind satisfies never;
  }
}
