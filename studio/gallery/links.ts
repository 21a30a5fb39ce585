/** A view worth seeing, as a link of the studio. */
export interface GalleryLink {
  readonly title: string;
  /** What there is to see in it, one sentence or two. */
  readonly see: string;
  /** The address from its `#` on. */
  readonly link: string;
}

/** The views that the gallery shows, from the first that one should see to the last. */
export const GALLERY: readonly GalleryLink[] = [
  {
    title: 'Dense against sparse',
    see:
      'Two networks of equal multiply-adds learn the same pictures: one on a small world of 16 ' +
      'nodes, one dense. Watch whose test error falls first; another seed may have it the other ' +
      'way round.',
    link: '#train?v=1&graph=ws-flex:n=16,k=4,p=0.3,seed=1&play=1',
  },
  {
    title: 'Star against ring',
    see:
      'As few connections as hold 16 nodes together, twice: through one hub, or from neighbour ' +
      'to neighbour. In the star every message is at most two rounds away, on the ring up to ' +
      'eight.',
    link: '#train?v=1&graph=star:n=16&against=ring-lattice:n=16,k=2&play=1',
  },
  {
    title: 'The sweet spot',
    see:
      'The best of 52 published networks lies in the middle of the plane: neither the dense ' +
      'corner at the lower right nor the long chains at the top did as well. Drag the ring and ' +
      'see which graphs lie between.',
    link: '#explore?v=1&graph=ws-flex:n=64,k=8.288939,p=0.338654,seed=12&layout=forces',
  },
  {
    title: 'Too sparse to hear',
    see:
      'On a ring of 64 nodes a message has reached 7 of them when the network’s three rounds ' +
      'are over: most of the picture never meets the rest of it.',
    link: '#network?v=1&graph=ring-lattice:n=64,k=2&node=0&rounds=3',
  },
  {
    title: 'Shortcuts',
    see:
      'A small world of the same budget: eight neighbours a node, one connection in ten ' +
      'rewired. After the same three rounds the message has reached 54 of 64 nodes.',
    link: '#network?v=1&graph=ws-flex:n=64,k=8,p=0.1,seed=3&node=0&rounds=3',
  },
  {
    title: 'Hubs',
    see:
      'A scale-free graph: two nodes have 17 and 19 neighbours, half of all have two or three. ' +
      'Click a hub, then a leaf, and compare what lights up.',
    link: '#explore?v=1&graph=barabasi-albert:n=64,m=2,seed=1&layout=forces&node=0',
  },
  {
    title: 'Blocks of a weight',
    see:
      'Three communities as a matrix: what is blue is the part of the layer’s weight that ' +
      'exists, and nothing else is stored or multiplied.',
    link: '#explore?v=1&graph=stochastic-block:sizes=20-20-24,inside=0.6,between=0.03,seed=1&layout=matrix',
  },
  {
    title: 'A cube of six dimensions',
    see:
      'Six connections a node, no triangle, and every node within six steps of every other: ' +
      'clustering 0 at a short path length. After three rounds 42 of 64 nodes have heard.',
    link: '#network?v=1&graph=hypercube:d=6&node=0&rounds=3',
  },
  {
    title: 'Thirty-two rounds',
    see:
      'ResNet-34 on a small world: stages are folded into one step each, and can be unfolded. ' +
      'The budget says how much wider the sparse layers are for the same multiply-adds.',
    link: '#network?v=1&graph=ws-flex:n=64,k=8,p=0.1,seed=3&node=0&arch=resnet34&task=imagenet&rounds=4',
  },
  {
    title: 'A transformer’s mixing',
    see:
      'The same graph in a patch transformer: every layer that mixes channels is a round of the ' +
      'graph, while attention, which mixes patches, stays as it is.',
    link: '#network?v=1&graph=ws-flex:n=64,k=8,p=0.1,seed=3&arch=patch-transformer',
  },
  {
    title: 'A small world against its null',
    see:
      'Beside random graphs with the very same degrees: clustering is nearly five times theirs, ' +
      'the path length only a quarter longer. That is what “small world” means.',
    link: '#brain?v=1&graph=ws-flex:n=64,k=8,p=0.1,seed=3',
  },
  {
    title: 'A brain against chance',
    see:
      'Choose the cat’s cortex, or drop a connectome of your own. Until then: a network of ' +
      'modules, more modular than each of 200 random graphs of the same degrees.',
    link: '#brain?v=1&graph=stochastic-block:sizes=20-20-24,inside=0.6,between=0.03,seed=1&layout=matrix',
  },
  {
    title: 'Modules of modules',
    see:
      'Four communities that fall into two each, drawn by their levels. Random graphs with the same ' +
      'degrees have neither level.',
    link:
      '#explore?v=1&graph=hierarchical:outer=(complete:n=4),' +
      'inner=(hierarchical:outer=(complete:n=2),inner=(complete:n=8),bridge=random,bridges=12),' +
      'bridge=random,bridges=4&layout=communities',
  },
  {
    title: 'Turned in every layer',
    see:
      'A ring in each layer, its nodes dealt anew each time: what reaches 19 nodes in three rounds of ' +
      'one ring has reached all 64 here.',
    link:
      '#network?v=1&graph=sequence:per=layer,graphs=(ws-flex:n=64,k=6,p=0,seed=1)' +
      '(permuted:of=(ws-flex:n=64,k=6,p=0,seed=1),order=random,seed=2)(permuted:of=(ws-flex:n=64,' +
      'k=6,p=0,seed=1),order=random,seed=3)&node=0&rounds=3',
  },
  {
    title: 'A graph that moves while it learns',
    see:
      'A ring is rewired by RigL as it trains: weak connections go, new ones come where the gradient is ' +
      'largest. Drag the epoch under “Nodes” and see the ring dissolve.',
    link:
      '#train?v=1&graph=evolving:rule=rigl,every=10,fraction=0.3,until=0.75,graphs=layer,' +
      'of=(ws-flex:n=16,k=4,p=0,seed=1)&play=1&sight=blocks',
  },
  {
    title: 'Spikes between cores',
    see:
      'Once it has learned, a network runs event by event: the fewer steps a code has, the more it errs ' +
      'and the less it sends. Each node has a core of its own; colours tell how often it fires.',
    link: '#train?v=1&graph=ws-flex:n=16,k=4,p=0.3,seed=1&epochs=5&play=1&events=1',
  },
];
