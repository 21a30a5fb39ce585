import type { JSX } from 'preact';
import { useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import type { Graph } from '../../src/graph/types.js';
import { type Rgb, viridis } from '../draw/colours.js';
import { drawMatrix, drawNodesAndEdges, nodeAt, placesIn } from '../draw/graph.js';
import { Raster } from '../draw/raster.js';
import type { CommunityPlaces } from './community-places.js';
import { graph, node } from '../graph/current.js';
import { neighbours } from '../graph/neighbours.js';
import { show, view } from '../state/store.js';
import type { LayoutChoice } from '../state/types.js';
import { Choice, Term } from '../ui/parts.js';
import { pixelRatio, useSize } from '../ui/size.js';
import { palette } from '../ui/theme.js';
import { Exports, exportFailure } from './exports.js';
import {
  communities,
  forced,
  forces,
  grouped,
  places,
  shownCommunities,
  shownLayout,
} from './picture-state.js';

const LAYOUT_NAMES = [
  ['ring', 'Ring'],
  ['forces', 'Forces'],
  ['communities', 'Communities'],
  ['matrix', 'Matrix'],
] as const;

const COMMUNITIES =
  'Louvain’s communities, and once more within each, as long as they are more modular than in each of ' +
  '10 random graphs of the same degrees: the measure communityLevels. Colours: those of the first level.';

/** The graph: a picture to look at and to pick nodes of, and the same in words below. */
export function Picture(): JSX.Element {
  return (
    <figure class="panel picture">
      <div class="panel-head">
        <h2>Graph</h2>
        <Choice
          legend="How the graph is drawn"
          values={LAYOUT_NAMES}
          value={shownLayout.value}
          onChoose={(layout) => show({ layout })}
        />
      </div>
      <Drawing />
      <figcaption class="picture-foot">
        <NodeLine />
        <Exports />
      </figcaption>
      {exportFailure.value !== null && (
        <p class="error" role="alert">
          {exportFailure.value}
        </p>
      )}
    </figure>
  );
}

function Drawing(): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(box);
  const shown = graph.value;
  const layout = shownLayout.value;
  const where = places.value;
  const colours = palette.value;
  const selected = node.value;
  const groups = shownCommunities.value;
  const colouring = useMemo(() => (groups === null ? null : colouringOf(groups)), [groups]);
  useLayoutEffect(() => {
    if (layout === 'communities' && grouped.peek()?.of !== shown)
      communities.ask(shown, { onDone: (found) => (grouped.value = { of: shown, found }) }, true);
    if (layout !== 'forces') return;
    forces.ask(shown, { onDone: (found) => (forced.value = { of: shown, places: found }) });
  }, [shown, layout]);
  useLayoutEffect(() => {
    if (size === null || canvas.current === null) return;
    const ratio = pixelRatio();
    const raster = rasterOf(size.width * ratio);
    if (layout === 'matrix') drawMatrix(raster, shown, { palette: colours, selected });
    else if (where !== null)
      drawNodesAndEdges(raster, shown, where, {
        palette: colours,
        ratio,
        selected,
        ring: layout === 'ring',
        ...(layout === 'communities' && colouring !== null && { colourOf: colouring }),
      });
    else return;
    raster.show(canvas.current);
  }, [size, shown, layout, where, colours, selected, colouring]);
  const pick = (event: MouseEvent): void => {
    if (size === null) return;
    const found =
      layout === 'matrix'
        ? Math.floor((event.offsetY / size.width) * shown.nodes)
        : where && nodeAt(placesIn(where, size.width, 1), event.offsetX, event.offsetY, 14);
    show({ node: found === node.value ? null : found });
  };
  return (
    <div class="square" ref={box}>
      <canvas ref={canvas} role="img" aria-label={describe(shown, layout)} onClick={pick} />
    </div>
  );
}

/** A colour for each community of the first level. */
function colouringOf({ labels, counts }: CommunityPlaces): (node: number) => Rgb {
  const last = Math.max(1, (counts[0] ?? 1) - 1);
  return (each) => viridis((labels[each] ?? 0) / last);
}

/** How many levels of communities there are, in words. */
function levelWords(directed: boolean, found: CommunityPlaces | null): string {
  if (directed) return 'A directed graph has no communities here; draw it on a ring or by forces.';
  if (found === null) return 'Looking for communities …';
  const { counts } = found;
  if (counts.length === 0)
    return 'No communities beyond those of random graphs of the same degrees.';
  const levels = counts.length === 1 ? '1 level' : `${counts.length} levels`;
  return `${levels} of communities: ${counts.join(', then ')}.`;
}

let kept: Raster | null = null;

/** One raster for all drawings of one size: a new one for each frame would be a lot of memory. */
function rasterOf(side: number): Raster {
  if (kept?.width !== Math.round(side)) kept = new Raster(side, side);
  return kept;
}

const LAYOUT_WORDS = {
  ring: 'on a ring, node 0 at the top, clockwise',
  forces: 'placed by forces: near in the graph is near in the picture',
  communities: 'by levels of communities, a circle for each',
  matrix: 'as the matrix of who listens to whom',
} as const;

function describe({ nodes, edges, directed }: Graph, layout: LayoutChoice): string {
  const kind = directed ? 'directed edges' : 'edges';
  return `A graph of ${nodes} nodes and ${edges} ${kind}, ${LAYOUT_WORDS[layout]}`;
}

/** A node by its number, for hands on the keyboard, and what there is to say of it. */
function NodeLine(): JSX.Element {
  const shown = graph.value;
  const chosen = node.value;
  const asked = view.value.node;
  const near = chosen === null ? [] : [...neighbours(shown, chosen)];
  return (
    <div class="node-line">
      <label>
        Node{' '}
        <input
          type="number"
          min={0}
          max={shown.nodes - 1}
          value={asked ?? ''}
          placeholder="–"
          onInput={({ currentTarget: { value } }) => {
            const number = Number(value);
            const valid = value !== '' && Number.isInteger(number) && number >= 0;
            show({ node: valid && number < shown.nodes ? number : null }, 'node');
          }}
        />
      </label>
      <span class="quiet">
        {chosen !== null ? (
          <>
            {near.length === 1 ? '1 neighbour' : `${near.length} neighbours`}
            {near.length > 0 && `: ${near.slice(0, 12).join(', ')}${near.length > 12 ? ', …' : ''}`}
          </>
        ) : asked !== null ? (
          `There is no node ${asked}: they are numbered from 0 to ${shown.nodes - 1}.`
        ) : shownLayout.value !== view.value.layout ? (
          `Drawn as a matrix: ${shown.edges} lines would be one black disc.`
        ) : shownLayout.value === 'matrix' ? (
          <Term
            meaning={
              'Row: the node that listens. Column: the node that it hears. Orange: every node ' +
              "hears itself. Blocks of a layer's weight that exist look like this."
            }
          >
            rows listen to columns
          </Term>
        ) : shownLayout.value === 'communities' ? (
          <Term meaning={COMMUNITIES}>{levelWords(shown.directed, shownCommunities.value)}</Term>
        ) : (
          'click one, or give its number'
        )}
      </span>
    </div>
  );
}
