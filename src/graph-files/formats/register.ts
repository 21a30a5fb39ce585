/** Makes the formats known that need Node to be unfolded; importing this does it. */
import { registerArrayFormat } from '../../graph-formats/registry.js';
import { matFormat } from './mat.js';
import { npzFormat } from './npz.js';

registerArrayFormat(npzFormat);
registerArrayFormat(matFormat);
