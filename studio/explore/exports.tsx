import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { messageOf } from '../../src/core/errors.js';
import { fileName } from '../graph/command.js';
import { graph } from '../graph/current.js';
import { saveView } from '../graph/save-view.js';
import { view } from '../state/store.js';
import { saveFile } from '../ui/files.js';
import { Menu } from '../ui/parts.js';
import { places, shownLayout } from './picture-state.js';
import type { Places } from '../threads/tasks.js';

/** Why the last export came to nothing. */
export const exportFailure = signal<string | null>(null);

/** Everything that the picture can be taken away as. */
export function Exports(): JSX.Element {
  const { graph: choice } = view.value;
  return (
    <Menu label="Export">
      <button type="button" onClick={attempt(savePng)}>
        Picture as PNG
      </button>
      <button type="button" onClick={attempt(saveSvg)}>
        Picture as SVG
      </button>
      <button type="button" onClick={attempt(saveGraphml)}>
        Graph as GraphML
      </button>
      {choice.kind === 'spec' && (
        <button
          type="button"
          onClick={() => saveFile(fileName(choice, '.txt'), `${choice.line}\n`, 'text/plain')}
        >
          Spec as text
        </button>
      )}
      <button type="button" onClick={() => void saveView()}>
        This view as a file
      </button>
    </Menu>
  );
}

function attempt(work: () => Promise<void>): () => void {
  return () => {
    exportFailure.value = null;
    work().catch((error: unknown) => (exportFailure.value = messageOf(error)));
  };
}

/** The picture as it is on the page. */
async function savePng(): Promise<void> {
  const canvas = document.querySelector<HTMLCanvasElement>('.picture canvas');
  const blob = await new Promise<Blob | null>((resolve) => {
    if (canvas === null) resolve(null);
    else canvas.toBlob(resolve, 'image/png');
  });
  if (blob !== null) saveFile(fileName(view.value.graph, '.png'), blob);
}

/** Where communities put the nodes, if that is how the graph is drawn. */
const communityPlaces = (): Places | null =>
  shownLayout.value === 'communities' ? places.value : null;

async function saveSvg(): Promise<void> {
  const { graphSvg } = await import('./graph-svg.js');
  const svg = graphSvg(graph.value, shownLayout.value, communityPlaces());
  saveFile(fileName(view.value.graph, '.svg'), svg, 'image/svg+xml');
}

async function saveGraphml(): Promise<void> {
  const { writeGraphml } = await import('../graph/formats.js');
  saveFile(fileName(view.value.graph, '.graphml'), writeGraphml(graph.value), 'application/xml');
}
