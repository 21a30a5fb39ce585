import { unknownName } from '../core/errors.js';

/**
 * A published network of brain regions or neurons: what it is, and where exactly its file comes
 * from.
 */
export interface Connectome {
  readonly name: string;
  /** One line, for lists. */
  readonly meaning: string;
  readonly nodes: number;
  /** Directed connections, self-connections left out. */
  readonly arcs: number;
  /** What it is without directions; facts, so that it can be shown where its file is not. */
  readonly undirected: {
    readonly edges: number;
    readonly clustering: number;
    readonly pathLength: number;
  };
  /** Name of its file in the folder `connectomes` of a data directory. */
  readonly file: string;
  /** A fixed commit of a public repository, so that the bytes cannot change. */
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly format: ConnectomeFormat;
  /** The paper that the data are from. */
  readonly reference: string;
}

/**
 * How a file is written: `digits`, a row of 0s and 1s a line, no separators; `counts`, a row of
 * numbers a line, separated by spaces; `gml`, a list of nodes and edges in the Graph Modelling
 * Language. Row (source) u and column (target) v make the connection u -> v, whatever its weight,
 * if it is not 0.
 */
export type ConnectomeFormat = 'digits' | 'counts' | 'gml';

const GRAPH2NN =
  'https://raw.githubusercontent.com/facebookresearch/graph2nn/' +
  'b112eb6c6805a1813e433442b0b1f5cabb4ad1a2/pycls/datasets';
const GRASPOLOGIC =
  'https://raw.githubusercontent.com/graspologic-org/graspologic/' +
  '0aab4e0dd9a3387b0d761b4a0bb7ffd2a1a5ea25/graspologic/datasets/drosophila';
const NEWMAN =
  'https://raw.githubusercontent.com/dhannn/network-science/aaccdde76e5929511fd3fc2788afc5ad4b3813f4';

const EICHLER =
  'K. Eichler and others: The complete connectome of a learning and memory centre in an ' +
  'insect brain. Nature 548, 2017.';

/** Every connectome there is, in the order that help texts list them: the paper's three first. */
export const connectomes: readonly Connectome[] = [
  {
    name: 'macaque-whole',
    meaning: 'cortex of the macaque, 71 areas',
    nodes: 71,
    arcs: 746,
    undirected: { edges: 438, clustering: 0.5033, pathLength: 2.2447 },
    format: 'digits',
    file: 'mcwhole.txt',
    url: `${GRAPH2NN}/mcwhole.txt`,
    bytes: 5111,
    sha256: 'd347964446e362fac2b4edf49c886a575efdc52a4078d342402409dd453b4a69',
    reference:
      'M. P. Young: The organization of neural systems in the primate cerebral cortex. ' +
      'Proceedings of the Royal Society B 252, 1993.',
  },
  {
    name: 'macaque-visual',
    meaning: 'visual cortex of the macaque, 30 areas',
    nodes: 30,
    arcs: 308,
    undirected: { edges: 190, clustering: 0.6338, pathLength: 1.5885 },
    format: 'digits',
    file: 'mcvisual.txt',
    url: `${GRAPH2NN}/mcvisual.txt`,
    bytes: 929,
    sha256: '93159421630e8b2ba5ca472819275c32e064318511dbe8c38a02a19b9cf45b54',
    reference:
      'D. J. Felleman, D. C. van Essen: Distributed hierarchical processing in the ' +
      'primate cerebral cortex. Cerebral Cortex 1, 1991.',
  },
  {
    name: 'cat',
    meaning: 'cortex of the cat, 52 areas',
    nodes: 52,
    arcs: 820,
    undirected: { edges: 519, clustering: 0.6663, pathLength: 1.6327 },
    format: 'digits',
    file: 'cat.txt',
    url: `${GRAPH2NN}/cat.txt`,
    bytes: 2755,
    sha256: '5fbf7f49afc66420ad63d4956c4d31af71dd3a3dfa8e4003a05371f779310fc2',
    reference:
      "J. W. Scannell, G. A. P. C. Burns, C. C. Hilgetag, M. A. O'Neil, M. P. Young: The " +
      'connectional organization of the cortico-thalamic system of the cat. Cerebral ' +
      'Cortex 9, 1999.',
  },
  {
    name: 'c-elegans',
    meaning: 'the worm Caenorhabditis elegans, 297 neurons',
    nodes: 297,
    arcs: 2345,
    undirected: { edges: 2148, clustering: 0.2924, pathLength: 2.4553 },
    format: 'gml',
    file: 'celegansneural.gml',
    url: `${NEWMAN}/celegansneural.gml`,
    bytes: 144_667,
    sha256: '4b91249d384e47bdfa4d99197ffe4816b47e5ed94a234e60549849bb368238fd',
    reference:
      'J. G. White, E. Southgate, J. N. Thomson, S. Brenner: The structure of the ' +
      'nervous system of the nematode C. elegans. Philosophical Transactions of the ' +
      'Royal Society B 314, 1986; ' +
      'as compiled by D. J. Watts and S. H. Strogatz (Nature 393, 1998) and M. E. J. Newman.',
  },
  {
    name: 'drosophila-left',
    meaning: 'left mushroom body of a fruit fly larva, 209 neurons',
    nodes: 209,
    arcs: 7425,
    undirected: { edges: 5559, clustering: 0.5957, pathLength: 1.9147 },
    format: 'counts',
    file: 'drosophila-left.csv',
    url: `${GRASPOLOGIC}/left_adjacency.csv`,
    bytes: 87_769,
    sha256: 'f23ba630f10dff95164ddbbdccf7d4fe1ac01a9a8ed77db26069af4a6248a1cf',
    reference: EICHLER,
  },
  {
    name: 'drosophila-right',
    meaning: 'right mushroom body of a fruit fly larva, 213 neurons',
    nodes: 213,
    arcs: 7536,
    undirected: { edges: 5625, clustering: 0.5996, pathLength: 1.9656 },
    format: 'counts',
    file: 'drosophila-right.csv',
    url: `${GRASPOLOGIC}/right_adjacency.csv`,
    bytes: 91_164,
    sha256: 'b9684d323e3f91ac5bf8c3691ff3e0635ef40fa2dee8e048161633760c84791d',
    reference: EICHLER,
  },
];

/** The connectome of that name; throws a `UserError` that lists the valid names. */
export function connectome(name: string): Connectome {
  const found = connectomes.find((candidate) => candidate.name === name);
  if (!found)
    throw unknownName(
      'connectome',
      name,
      connectomes.map((candidate) => candidate.name),
    );
  return found;
}
