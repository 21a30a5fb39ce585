import { view } from '../state/store.js';
import { saveFile } from '../ui/files.js';
import { fileName } from './command.js';

/** Saves what is shown as a file, which is opened like a graph. */
export async function saveView(): Promise<void> {
  const { writeViewFile } = await import('../state/view-file.js');
  const name = fileName(view.value.graph, '.plexus-view.json');
  saveFile(name, writeViewFile(view.value), 'application/json');
}
