import { describe, expect, it } from 'vitest';
import {
  canRead,
  canWrite,
  graphFormats,
  graphFromEdges,
  wsFlexGraph,
} from '../../src/public/graph.js';
import binary from '../golden/graph-formats-binary.json' with { type: 'json' };
import { LONG } from '../long.js';
import { fuzzFormat } from './formats-fuzz.js';
import { level4 } from './formats-level4.js';

/**
 * Cases for each format; `PLEXUS_FUZZ=100000 npx vitest run test/graph/formats-fuzz.test.ts` is the
 * long run; `PLEXUS_FUZZ_SEED` draws others.
 */
const cases = Number(process.env['PLEXUS_FUZZ'] ?? (LONG ? 3000 : 600));
const only = process.env['PLEXUS_FUZZ_FORMATS']?.split(',');
const seed = Number(process.env['PLEXUS_FUZZ_SEED'] ?? 1);

const graphs = [
  graphFromEdges(3, [[0, 1]]),
  wsFlexGraph(8, 3, 0.3, 1),
  wsFlexGraph(65, 3, 0.3, 1),
  graphFromEdges(
    4,
    [
      [0, 1],
      [1, 0],
      [3, 2],
    ],
    true,
  ),
];

/** Files with more in them than our own writers put there. */
const MORE: Readonly<Record<string, readonly (string | Uint8Array)[]>> = {
  mat: Object.values(level4).map((text) => new Uint8Array(Buffer.from(text, 'base64'))),
  'edge-list': [
    '# made\n% too\na b 1\nb c 1\n"c d",a\n',
    'source,target,weight\nx,y,0.5\ny,z,2\n',
    "0 1 {'weight': 2.5}\n1 2 {}\n7\n",
    'Source,Target,Type,Id,Label,Weight\na,b,Undirected,0,,1\nb,c,Directed,1,x,2.0\n',
    ',u,v\n0,a,b\n1,b,c\n',
  ],
  gml: [
    'Creator "x"\n# c\ngraph [\n directed 1\n node [ id 0 label "a&#38;b" graphics [ x 1.5 ] ]\n' +
      ' node [ id 7 ]\n edge [ source 0 target 7 weight 2.0 ]\n edge [ source 7 target 7 value 1 ]\n]\n',
  ],
  pajek: [
    '*Network n\n% c\n*Vertices 4\n1 "a b" 0.1 0.2 ic Red\n3 c\n*Arcs\n1 2 0.5\n2 3\n*Edges\n3 4 2 c Blue\n' +
      '*Arcslist\n1 2 3\n*Edgeslist\n4 1\n',
    '*vertices 3\n*matrix\n0 1 0\n1 0 2\n0 2 0\n',
  ],
  'matrix-market': [
    '%%MatrixMarket matrix coordinate real general\n% c\n3 3 3\n1 2 0.5\n2 3 1e0\n3 3 2\n',
    '%%MatrixMarket matrix array integer symmetric\n3 3\n0\n1\n0\n0\n1\n0\n',
  ],
  'adjacency-list': ['# c\na b c\nb\nc d\n', '0,1,2\n1,2\n2\n'],
  csv: [',a,b,c\na,0,1,0.5\nb,1,0,0\nc,0.5,0,NaN\n', 'a;b\n0;1\n1;0\n', '"x","y,z"\n0,1\n1,0\n'],
  tsv: ['\ta\tb\na\t0\t1\nb\t1\t0\n'],
  matrix: ['0110\n1001\n1000\n0100\n', 'a 0 1\nb 1 0\n', '0 .5 1e-3\n.5 0 0\n1e-3 0 0\n'],
  sparse6: [':Fa@x^', '>>sparse6<<:Fa@x^\n', ':Bc'],
  graphml: [
    '<?xml version="1.0"?>\n<!DOCTYPE graphml>\n<graphml ' +
      'xmlns="http://graphml.graphdrawing.org/xmlns"><!-- c --><key id="d0" for="edge" ' +
      'attr.name="weight" attr.type="double"><default>1</default></key>\n<key id="d1" ' +
      'for="port" yfiles.type="x"/>\n<graph edgedefault="directed"><data ' +
      'key="d1">t</data><node id="a&amp;b"><data ' +
      'key="d1"><![CDATA[<x>]]></data></node>\n<node id="n1"/><edge id="e0" ' +
      'source="a&amp;b" target="n1" directed="false"><data key="d0">2</data></edge><edge ' +
      'source="n1" target="n1"/><edge id="e0" source="n1" ' +
      'target="a&amp;b"/></graph></graphml>',
  ],
  gexf: [
    '<gexf version="1.2"><meta><creator>x</creator></meta><graph ' +
      'defaultedgetype="directed" mode="static"><attributes class="node"><attribute id="0" ' +
      'title="t" type="float"><default>1</default></attribute></attributes><nodes><node ' +
      'id="a" label="A"><attvalues><attvalue for="0" value="2"/></attvalues><nodes><node ' +
      'id="c"/></nodes></node>\n<node id="b"/></nodes><edges><edge id="0" source="a" ' +
      'target="b" weight="2.0"/><edge id="0" source="b" target="c" ' +
      'type="undirected"/><edge source="a" target="b" ' +
      'type="mutual"/></edges></graph></gexf>',
  ],
  'node-link': [
    '{"directed": true, "multigraph": true, "graph": {}, "nodes": [{"id": "a"}, {"id": ' +
      '1.5}, {"id": [0, 1]}], "links": [{"source": "a", "target": 1.5, "key": 0, "weight": ' +
      '2}, {"source": [0, 1], "target": "a", "weight": "3"}]}',
  ],
  graphology: [
    '{"attributes": {}, "options": {"type": "mixed", "multi": true, "allowSelfLoops": ' +
      'true}, "nodes": [{"key": "a"}, {"key": "b", "attributes": {"x": 1}}], "edges": ' +
      '[{"key": "e", "source": "a", "target": "b", "attributes": {"weight": 2}}, ' +
      '{"source": "b", "target": "b", "undirected": true}]}',
  ],
};

const bytesOf = (file: string | Uint8Array): Uint8Array =>
  typeof file === 'string' ? new TextEncoder().encode(file) : file;

describe.each(graphFormats.filter(canRead).filter(({ name }) => !only || only.includes(name)))(
  'damaged files: $name',
  (format) => {
    it(
      'end in a graph or in an error that names the place',
      { timeout: 60_000 + cases, tags: ['long'] },
      () => {
        const own = canWrite(format)
          ? graphs
              .filter((graph) =>
                format.name === 'digraph6'
                  ? graph.directed
                  : format.name !== 'graph6' || !graph.directed,
              )
              .map((graph) => bytesOf(format.write(graph)))
          : [];
        const others = binary.cases
          .filter((one) => one.format === format.name)
          .map(({ bytes }) => new Uint8Array(Buffer.from(bytes, 'base64')));
        const files = [...own, ...(MORE[format.name] ?? []).map(bytesOf), ...others];
        const result = fuzzFormat(format, files, cases, seed);
        const memory = process.resourceUsage().maxRSS / 1024;
        if (cases > 3000)
          console.log(
            `${format.name}: ${result.cases} cases, ${result.graphs} read, ` +
              `${result.messages} messages, slowest ${result.slowestMs.toFixed(0)} ms, at ` +
              `most ${memory.toFixed(0)} MiB`,
          );
        expect(result.faults).toEqual([]);
        expect(result.graphs).toBeGreaterThan(cases / 50);
        expect(result.graphs).toBeLessThan(cases);
        // The damage reaches many different refusals, not only the first check of a file.
        expect(result.messages).toBeGreaterThan(format.name === 'adjacency-list' ? 5 : 6);
        // The files are small; what they claim to hold is not.
        expect(memory).toBeLessThan(2048);
      },
    );
  },
);
