/** Makes the families of graphs that read files known to specs; importing this does it. */
import { registerFamily } from '../graph/registry.js';
import { connectome } from './connectome-family.js';
import { file } from './file-family.js';

registerFamily(connectome);
registerFamily(file);
