/** Makes the families that read files, and the formats of files, known; importing this does it. */
import { registerFamily } from '../graph/registry.js';
import { connectome } from './connectome-family.js';
import { file } from './file-family.js';
import './formats/register.js';

registerFamily(connectome);
registerFamily(file);
