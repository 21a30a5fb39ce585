import { connectome as known, connectomes } from '../graph/connectomes.js';
import { booleanParam, textParam } from '../graph/generators/params.js';
import type { GraphFamily } from '../graph/types.js';
import { dataPlaces } from '../platform/places.js';
import { readConnectomeFile } from './connectomes/places.js';
import { connectomeGraph } from './connectomes/read.js';

const list = connectomes
  .map(
    ({ name, meaning, nodes, arcs }) =>
      `- \`${name}\`: ${meaning}; ${nodes} nodes, ${arcs} directed connections`,
  )
  .join('\n');

export const connectome: GraphFamily = {
  name: 'connectome',
  meaning: 'A measured brain network: macaque, cat, worm, fruit fly larva.',
  description: `Networks of brain regions or neurons as published. Their files are fetched by
\`plexus data get connectomes\`, checked against a fixed SHA-256 checksum each time they are read,
and looked for in the folder \`connectomes\` of the directory that \`PLEXUS_DATA\` names, then of
the user cache.

${list}

Without \`directed\` two nodes are joined where there is a connection in either direction. With
\`directed=true\` the connections are as stored: row u and column v of the matrix make u -> v, and
in a network output node u reads input node v. Numbers of synapses are left out: a connection is
there or not. Nodes are in the order of the file. There are no other sizes: a network needs layers
of at least as many channels.

The first three are the paper's, and the graphs are those of its code (\`load_graph\`), whose names
are mcwhole, mcvisual and cat, with \`raw\` at the end for the directed ones. A directed network
need not be strongly connected (macaque-whole and the larval ones are not): it then has no L, and
\`reachablePathLength\` is what remains.`,
  reference: connectomes
    .map(({ name, reference }) => `${name}: ${reference}`)
    .filter((line, at, lines) => lines.indexOf(line) === at)
    .join(' '),
  params: [
    {
      name: 'name',
      type: 'text',
      positional: true,
      range: connectomes.map(({ name }) => name).join(', '),
      meaning: 'which connectome',
    },
    {
      name: 'directed',
      type: 'boolean',
      default: false,
      quiet: true,
      range: 'true or false',
      meaning: 'keep the direction of connections',
    },
  ],
  validate: (params) => void known(textParam(params, 'name')),
  generate: (params) => {
    const entry = known(textParam(params, 'name'));
    return connectomeGraph(
      entry,
      readConnectomeFile(entry, dataPlaces({})),
      booleanParam(params, 'directed'),
    );
  },
  reads: true,
  samples: () => [],
  landmarks: connectomes.map(({ name, nodes, undirected }) => ({
    spec: `connectome:${name}`,
    nodes,
    ...undirected,
  })),
  example: 'connectome:macaque-whole',
};
