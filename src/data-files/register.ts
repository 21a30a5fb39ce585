import { registerData } from '../data/registry.js';
import { cifar10 } from './cifar10.js';
import { cifar100 } from './cifar100.js';
import { fashionMnist } from './fashion-mnist.js';
import { folder } from './folder.js';
import { idx } from './idx.js';
import { npz } from './npz.js';

// Importing this makes the data sets that come from files known to specs, commands and help texts.
for (const source of [cifar10, cifar100, fashionMnist, folder, idx, npz]) registerData(source);
