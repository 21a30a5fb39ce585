import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import {
  edgeList,
  type FileOptions,
  type GraphFile,
  graphFormat,
  parseGraphFile,
} from '../../src/public/graph.js';

/** GML, Pajek, Matrix Market, adjacency lists: files of other programs and what those read. */
interface Golden {
  readonly entries: readonly {
    readonly name: string;
    readonly format: string;
    readonly file: string;
    readonly nodes: number;
    readonly directed: boolean;
    readonly edges: readonly (readonly [number, number])[];
    readonly threshold?: number;
    readonly saysDirected?: boolean;
  }[];
}

const golden = JSON.parse(
  readFileSync(new URL('../golden/graph-formats-more.json', import.meta.url), 'utf8'),
) as Golden;

const parse = (path: string, text: string, options: FileOptions = {}): GraphFile =>
  parseGraphFile(path, new TextEncoder().encode(text), options);

describe('files of networkx, igraph and SciPy', () => {
  it.each(golden.entries.map((entry, at) => ({ ...entry, at })))(
    '$at: $name as $format',
    ({ format, file, nodes, directed, edges, threshold, saysDirected }) => {
      const bytes = new Uint8Array(Buffer.from(file, 'base64'));
      const options = { threshold: threshold ?? null, directed: saysDirected ?? null };
      const path = `graph${graphFormat(format).extensions[0]}`;
      const found = parseGraphFile(path, bytes, options);
      expect([found.format, found.graph.nodes]).toEqual([format, nodes]);
      // A Matrix Market file without arcs has no direction that could be told.
      if (edges.length > 0) expect(found.graph.directed).toBe(directed);
      expect(edgeList(found.graph)).toEqual(edges);
      // Whatever the file is called, it is not taken for a table.
      if (format !== 'adjacency-list')
        for (const other of ['graph', 'graph.txt', 'graph.csv', 'graph.edges'])
          expect(parseGraphFile(other, bytes, options).format).toBe(format);
    },
  );
});

describe('GML', () => {
  it('knows weights in any letter case, values, and texts with entities', () => {
    const text =
      'graph [ directed 1 node [ id 0 label "&#233;&amp;" ] node [ id 1 ]\n' +
      'edge [ source 0 target 1 Weight 0.5 ]\nedge [ source 1 target 0 value +3 ] ]';
    expect(parse('g.gml', text, { threshold: 1 })).toMatchObject({
      below: 1,
      graph: { directed: true, edges: 1 },
    });
    expect(() => parse('g.gml', text)).toThrow('g.gml, line 2: edges must have weight 1');
  });

  it.each([
    ['graph [\nnode [ id 1 ]', 'line 2: the list that begins in line 1 must be closed by ]'],
    ['graph [ node [ id 1 ] ] ]', 'line 1: a bracket is closed that was never opened'],
    ['graph [ node [ id 1 ]\nnode [ id 1 ] ]', 'line 2: ids of nodes must differ, got "1" twice'],
    [
      'graph [ node [ id 1 ]\nedge [ source 1 target 2 ] ]',
      'line 2: the target of an edge must be',
    ],
    [
      'graph [ node [ id 1 ]\nedge [ source 1 ] ]',
      'line 2: an edge must have a number as its target',
    ],
    ['graph [ node [ label "x" ] ]', 'line 1: a node must have a number as its id, got none'],
    ['graph [ directed maybe ]', 'line 1: the value of directed must be a number, a text'],
    ['graph [ directed 2 ]', 'line 1: directed must be 0 or 1, got 2'],
    ['graph [ node 3 ]', 'line 1: node must be followed by a list in brackets, got "3"'],
    ['graph [ node [ id "a\n', 'line 1: a text must be closed by a double quote'],
    ['graph [ ]\ngraph [ ]', 'line 2: a GML file must hold one list "graph [ ... ]", got 2'],
    ['Creator "x"', 'line 1: a GML file must hold one list "graph [ ... ]", got 0'],
    [
      'graph [ node [ id 1 ] node [ id 2 ] edge [ source 1 target 2 weight NAN ] ]',
      'finite number',
    ],
    [`graph ${'[ a '.repeat(200)}`, 'line 1: lists may be nested 100 deep'],
  ])('%j is refused', (text, message) => expect(() => parse('g.gml', text)).toThrow(message));
});

describe('Pajek', () => {
  it('joins arcs and edges, lists and a matrix', () => {
    const { graph } = parse('g.net', '*Vertices 4\n*Arcs\n1 2\n*Edges\n3 4\n*edgeslist\n1 3 4\n');
    expect(edgeList(graph)).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [2, 0],
      [2, 3],
      [3, 0],
      [3, 2],
    ]);
    expect(parse('g.net', '*Vertices 2\n*Matrix\n0 1\n1 0\n').graph).toMatchObject({
      directed: false,
      edges: 1,
    });
  });

  it.each([
    ['*Edges\n1 2\n', 'line 1: *Vertices must stand before "*Edges"'],
    ['1 2\n', 'line 1: a section such as *Vertices must come first'],
    ['*Vertices 2\n*Edges\n0 1\n', 'line 3: a vertex must be a number from 1 to 2, got "0"'],
    ['*Vertices 2\n*Edges\n1 a\n', 'line 3: a vertex must be a number from 1 to 2, got "a"'],
    ['*Vertices 2\n*Edges\n1 2 0,5\n', 'line 3: a weight must be a number, got "0,5"'],
    ['*Vertices 2\n*Matrix\n0 1\n', 'line 3: a matrix of 2 rows is needed, got 1'],
    ['*Vertices x\n', 'line 1: *Vertices must be followed by their number'],
    ['*Vertices 2\n*Vertices 2\n', 'line 2: a file must hold one network, got several'],
    ['*Vertices 2\n*Partition p\n', "line 2: of Pajek's sections *Vertices, *Arcs"],
    ['*Vertices 30000\n', 'a graph may have at most 20000 nodes, got 30000'],
    ['% empty\n', 'must have a line *Vertices'],
  ])('%j is refused', (text, message) => expect(() => parse('g.net', text)).toThrow(message));
});

describe('Matrix Market', () => {
  const banner = '%%MatrixMarket matrix coordinate';
  it('reads an entry that is listed again as a parallel edge, and no entry of 0', () => {
    const text = `${banner} real general\n3 3 4\n1 2 1\n1 2 1\n2 3 0\n2 1 1\n`;
    expect(parse('g.mtx', text)).toMatchObject({
      repeated: 1,
      graph: { nodes: 3, edges: 1, directed: false },
    });
  });

  it.each([
    ['3 3 1\n1 2\n', 'line 1: the first line must begin with %%MatrixMarket'],
    [`${banner} complex hermitian\n`, 'line 1: a graph has real weights'],
    [`${banner} real skew-symmetric\n`, 'line 1: a skew-symmetric matrix gives every edge'],
    [`${banner} odd general\n`, 'line 1: numbers must be real, integer or pattern'],
    ['%%MatrixMarket vector array real general\n', 'line 1: a matrix in coordinate or array form'],
    [`${banner} real general\n2 3 1\n1 2 1\n`, 'line 2: an adjacency matrix must be square'],
    [`${banner} real general\n2 2 2\n1 2 1\n`, 'line 3: 2 entries should follow the sizes, got 1'],
    [`${banner} real general\n2 2 1\n1 2 1\n2 1 1\n`, 'line 4: more than the 1 entries promised'],
    [`${banner} real general\n2 2 1\n0 2 1\n`, 'line 3: an index must be a number from 1 to 2'],
    [`${banner} real general\n2 2 1\n1 2\n`, 'line 3: an entry must have 3 numbers, got 2'],
    [`${banner} real general\n2 2 1\n1 2 n/a\n`, 'line 3: an entry must be a number, got "n/a"'],
    [`${banner} real general\n`, 'line 1: the line of sizes is missing'],
    [`${banner} real general\n99999 99999 0\n`, 'a graph may have at most 20000 nodes'],
  ])('%j is refused', (text, message) => expect(() => parse('g.mtx', text)).toThrow(message));
});

describe('formats that are not read', () => {
  const NAMES = ['g', 'g.txt', 'g.csv', 'g.edges', 'g.matrix'];
  it.each([
    ['graph G { a -- b; b -- c; }', 'Graphviz DOT'],
    ['// made\nstrict digraph "x y"\n{\n a -> b\n}\n', 'Graphviz DOT'],
    ['nodedef>name VARCHAR\na\nb\nedgedef>node1 VARCHAR,node2 VARCHAR\na,b\n', 'GDF'],
    ['c made\nc\np edge 3 2\ne 1 2\ne 2 3\n', 'DIMACS'],
    ['dl n=3 format=edgelist1\nlabels:\na,b,c\ndata:\n1 2\n', 'UCINET DL'],
    ['*node data\nID name\na b\n', 'VNA'],
    ['(tlp "2.0"\n(nodes 0 1)\n', 'Tulip TLP'],
    ['LEDA.GRAPH\nvoid\nvoid\n-2\n', 'LEDA'],
    ['DGS004\nnull 0 0\nan a\nan b\nae ab a b\n', 'GraphStream DGS'],
    ['<!DOCTYPE html>\n<html></html>', 'a web page'],
    ['<?xml version="1.0"?><graph><node/></graph>', 'XML that is neither GraphML nor GEXF'],
    ['{"elements": {"nodes": []}}', 'JSON that is neither node-link nor graphology'],
    ['[{"CXVersion": "2.0"}]', 'JSON that is neither node-link nor graphology'],
    ['\u0089HDF\r\n\u001a\n', 'HDF5'],
    ['\u001f\u008b\b', 'a gzip file'],
    ['PK\u0003\u0004xl/', 'a ZIP archive'],
    ['ARROW1', 'Feather or Arrow'],
    ['PAR1', 'Parquet'],
    ['\u0080\u0004\u0095', 'a Python pickle'],
  ])('are told by their contents: %j', (text, name) => {
    const bytes = new Uint8Array(Buffer.from(text, 'latin1'));
    for (const path of NAMES)
      expect(() => parseGraphFile(path, bytes)).toThrow(
        new RegExp(`^${path}, (line 1|byte 0): the file (looks like|is) ${name}.*not read; \\w`),
      );
  });

  it.each(
    [
      'dot',
      'gv',
      'gdf',
      'graph',
      'lgl',
      'dl',
      'vna',
      'tlp',
      'sif',
      'paj',
      'tgf',
      'cx',
      'xlsx',
    ].concat([
      'h5',
      'feather',
      'pkl',
      'nii',
      'pconn.nii',
      'gii',
      'graphml.gz',
      'col',
      'rds',
      'parquet',
    ]),
  )('are told by their ending .%s, whatever they hold', (extension) => {
    expect(() => parse(`g.${extension}`, 'a b\nb c\n')).toThrow(
      /the ending \.\w+ is that of .*, which is not read; /,
    );
    expect(parse(`g.${extension}`, 'a b\nb c\n', { format: 'edge-list' }).graph.edges).toBe(2);
  });

  it.each([
    ['4 3\n2\n1 3\n2 4\n3\n', /line 2: a line of one node is a node without edges/],
    ['4 4\n2 4\n1 3\n2 4\n1 3\n', /line 1: the file looks like METIS, which is not read/],
    ['# a\nb\nc\n# b\nc\n', /line 1: a list of edges must have lines of two nodes/],
    ['a pp b\nb pp c\n', /line 1: a weight must be a number, got "b"/],
    ['0 2 1\n1\n2\n3\n', /line 3: .*add format=adjacency-list/],
    ['0 1 2\n1 2\n2 3 4\n', /line 2: every row must have the 3 fields of the first one/],
    ['one two\n[ a\n', /line 2: this does not look like two nodes, since "\[" is no name/],
    ['a -> b\n', /line 1: this does not look like two nodes, since "->" is no name/],
    ['a;\nb;\n', /line \d: /],
    ['The graph of the brain\nhas many nodes\n', /line \d: /],
    ['0,1\n1 2\n', /line 2: fields are separated by commas in line 1, but here is "1 2"/],
    ['a b\nc,d\n', /line 2: fields are separated by white space in line 1, but here is "c,d"/],
    ['a\tb\nc d\n', /line 2: fields are separated by tabs in line 1, but here is "c d"/],
  ])('%j is no list of edges', (text, message) => {
    expect(() => parse('g.txt', text)).toThrow(message);
    expect(() => parse('g', text)).toThrow(UserError);
  });

  it.each([
    ['0 2\n29 {}\n2 {}\n2 0\n', /line 2: "29 \{\}" has attributes in braces, as networkx's/],
    ["0 1 {}\n1 2 {'weight': 3}\n", /line 1: .* or add format=edge-list/],
  ])('%j is no adjacency list', (text, message) => {
    expect(() => parse('g.adjlist', text)).toThrow(message);
    expect(() => parse('g.adjlist', text, { format: 'adjacency-list' })).toThrow(message);
    expect(parse('g.adjlist', text.replaceAll(/ \{.*\}/g, '')).graph.nodes).toBe(3);
  });

  it('but quoted names may hold anything', () => {
    expect(parse('g.txt', '"a b",c\n"d e"\n').labels).toEqual(['a b', 'c', 'd e']);
    expect(parse('g.txt', '"->" "[x]"\n').graph.edges).toBe(1);
  });
});
