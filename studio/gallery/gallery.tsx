import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import '../styles/gallery.css';
import { parseGraphSpec } from '../../src/graph/spec.js';
import type { Graph } from '../../src/graph/types.js';
import { drawMatrix, drawNodesAndEdges, ringPlaces } from '../draw/graph.js';
import { Raster } from '../draw/raster.js';
import { firstGraph } from '../graph/members.js';
import { decodeView } from '../state/codec.js';
import type { ViewState } from '../state/types.js';
import { PAGE_NAMES } from '../ui/page-names.js';
import { pixelRatio } from '../ui/size.js';
import { palette } from '../ui/theme.js';
import { ViewLink } from '../ui/view-link.js';
import { GALLERY, type GalleryLink } from './links.js';

/** Views worth seeing, each with what there is to see in it. */
export function GalleryPage(): JSX.Element {
  return (
    <div class="gallery">
      <h1>Gallery</h1>
      <p class="quiet">
        Sixteen views to begin with. Each is a link: change anything in it, and send on what you
        see.
      </p>
      <ul>
        {GALLERY.map((entry) => (
          <Entry key={entry.title} {...entry} />
        ))}
      </ul>
    </div>
  );
}

function Entry({ title, see, link }: GalleryLink): JSX.Element {
  const { view } = decodeView(link);
  return (
    <li class="panel">
      <Thumbnail view={view} />
      <div>
        <h2>
          <ViewLink change={view} href={link}>
            {title}
          </ViewLink>
        </h2>
        <p>{see}</p>
        <p class="quiet">{PAGE_NAMES[view.page]}</p>
      </div>
    </li>
  );
}

/** Pixels of a picture's side. */
const SIDE = 120;

/** The view's graph, small. */
function Thumbnail({ view }: { readonly view: ViewState }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = palette.value;
  useLayoutEffect(() => {
    if (canvas.current === null) return;
    const ratio = pixelRatio();
    const raster = new Raster(SIDE * ratio, SIDE * ratio);
    const graph = graphOf(view);
    const look = { palette: colours, ratio, selected: null, ring: true };
    if (view.layout === 'matrix') drawMatrix(raster, graph, look);
    else drawNodesAndEdges(raster, graph, ringPlaces(graph.nodes), look);
    raster.show(canvas.current);
  }, [colours]);
  return <canvas ref={canvas} aria-hidden="true" />;
}

function graphOf({ graph }: ViewState): Graph {
  return graph.kind === 'own' ? graph.graph : firstGraph(parseGraphSpec(graph.line));
}
