import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { MultiGraph } from 'graphology';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import {
  canRead,
  canWrite,
  defaultReadOptions,
  edgeList,
  formatOfPath,
  fromGraphology,
  graphFormat,
  graphFormats,
  graphFromEdges,
  MAX_NODES,
  parseGraphFile,
  readableFormat,
  toGraphology,
  writableFormat,
  type FileOptions,
  type Graph,
} from '../../src/public/graph.js';

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
  readFileSync(new URL('../golden/graph-formats.json', import.meta.url), 'utf8'),
) as Golden;

const bytesOf = (file: string | Uint8Array): Uint8Array =>
  typeof file === 'string' ? new TextEncoder().encode(file) : file;
const parse = (
  path: string,
  text: string | Uint8Array,
  options: FileOptions = {},
): ReturnType<typeof parseGraphFile> => parseGraphFile(path, bytesOf(text), options);
const edgesOf = (
  path: string,
  text: string | Uint8Array,
  options: FileOptions = {},
): [number, number][] => edgeList(parse(path, text, options).graph);

describe("networkx's files", () => {
  it.each(golden.entries.map((entry, at) => ({ ...entry, at })))(
    '$at: $name as $format',
    ({ format, file, nodes, directed, edges, threshold, saysDirected }) => {
      const bytes = new Uint8Array(Buffer.from(file, 'base64'));
      const options = { threshold: threshold ?? null, directed: saysDirected ?? null };
      const { graph, labels } = parse('graph', bytes, { ...options, format });
      expect([graph.nodes, graph.directed]).toEqual([nodes, directed]);
      // Nodes of edge lists come in the order of the edges where they are no numbers; here they all
      // are.
      expect(edgeList(graph)).toEqual(edges);
      expect(labels).toHaveLength(nodes);
      const extension = graphFormat(format).extensions[0];
      expect(parse(`graph${extension}`, bytes, options).format).toBe(format);
    },
  );
});

/** Any small graph. */
const anyGraph = (directed: boolean): fc.Arbitrary<Graph> =>
  fc.integer({ min: 1, max: 80 }).chain((nodes) =>
    fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { maxLength: 150 }).map((pairs) =>
      graphFromEdges(
        nodes,
        pairs.filter(([u, v]) => u !== v),
        directed,
      ),
    ),
  );

describe.each(
  graphFormats.filter((format) => canRead(format) && canWrite(format)).map(({ name }) => name),
)('%s', (name) => {
  it.each(
    [false, true].filter((directed) =>
      name === 'graph6' ? !directed : name !== 'digraph6' || directed,
    ),
  )('reads what it wrote, directed: %s', (directed) => {
    fc.assert(
      fc.property(anyGraph(directed), (graph) => {
        const bytes = bytesOf(writableFormat(name).write(graph));
        // An edge list says nothing of direction, nor does a matrix that happens to be symmetric.
        const back = readableFormat(name).read(bytes, { ...defaultReadOptions, directed });
        expect(back.graph).toEqual(graph);
        expect([back.selfLoops, back.repeated, back.below]).toEqual([0, 0, 0]);
      }),
      { numRuns: 60 },
    );
  });

  it('says itself which direction edges have, where it can', () => {
    const graph = graphFromEdges(
      4,
      [
        [0, 1],
        [2, 1],
        [2, 3],
      ],
      name !== 'graph6',
    );
    expect(
      readableFormat(name).read(bytesOf(writableFormat(name).write(graph)), defaultReadOptions)
        .graph.directed,
    ).toBe(!['graph6', 'edge-list', 'adjacency-list'].includes(name));
  });
});

describe('formats that hold one kind of graph', () => {
  it('refuse the other', () => {
    expect(() => writableFormat('graph6').write(graphFromEdges(2, [[0, 1]], true))).toThrow(
      'graph6 holds undirected graphs only, got a directed one; write it as digraph6',
    );
    expect(() => writableFormat('digraph6').write(graphFromEdges(2, [[0, 1]]))).toThrow(
      'digraph6 holds directed graphs only, got an undirected one; write it as graph6',
    );
    expect(() => writableFormat('sparse6')).toThrow(
      /can be read from sparse6, but not written; formats that can be written: /,
    );
    expect(() => graphFormat('dot')).toThrow(
      /unknown graph format "dot"; expected one of .*graphml, gexf/,
    );
  });
});

describe('edge lists', () => {
  it.each([
    [
      '0 1\n1 2\n',
      [
        [0, 1],
        [1, 2],
      ],
    ],
    [
      '# c\n% c\n\n0,1\r\n1,2',
      [
        [0, 1],
        [1, 2],
      ],
    ],
    [
      '\ufeff0\t1\n2\t1\n',
      [
        [0, 1],
        [1, 2],
      ],
    ],
    [
      'source,target\nb,a\nb,c\n',
      [
        [0, 1],
        [0, 2],
      ],
    ],
    [
      '"a b";c\nc;"d;e"\n',
      [
        [0, 1],
        [1, 2],
      ],
    ],
    [
      '2 1\n0 2\n',
      [
        [0, 2],
        [1, 2],
      ],
    ],
    [
      '3 1\n1 2\n',
      [
        [0, 1],
        [1, 2],
      ],
    ],
    [
      '0 1 {}\n1 2 {\'colour\': "red"}\n',
      [
        [0, 1],
        [1, 2],
      ],
    ],
    [
      ',target,colour,source\n0,b,red,a\n1,c,blue,b\n',
      [
        [0, 1],
        [1, 2],
      ],
    ],
    [
      'Source,Target,Type,Id,Label,Weight\na,b,Undirected,0,,1\nb,c,Undirected,1,,1.0\n',
      [
        [0, 1],
        [1, 2],
      ],
    ],
    [
      'u;v;w\na;b;1\nb;c;1\n',
      [
        [0, 1],
        [1, 2],
      ],
    ],
  ])('%j', (text, edges) => expect(edgesOf('g.edges', text)).toEqual(edges));

  it('keep lonely nodes, drop and count self loops and repetitions', () => {
    const found = parse('g.edges', 'a b\nb a\nb b\nlonely\na b\n');
    expect(found).toMatchObject({
      labels: ['a', 'b', 'lonely'],
      selfLoops: 1,
      repeated: 2,
      below: 0,
      graph: { nodes: 3, edges: 1, directed: false },
    });
    expect(edgesOf('g.edges', 'a b\nb a\nb c\n', { directed: true })).toEqual([
      [0, 1],
      [1, 0],
      [1, 2],
    ]);
  });

  it('find weights and directions by the names of their columns', () => {
    const text = 'id,from,to,weight\n0,a,b,0.5\n1,b,c,3\n';
    expect(() => parse('g.csv', text)).toThrow(
      'g.csv, line 2: edges must have weight 1 unless a threshold is given; the weights ' +
        'go from 0.5 to 3',
    );
    expect(parse('g.csv', text, { threshold: 1 })).toMatchObject({
      format: 'edge-list',
      labels: ['a', 'b', 'c'],
      below: 1,
      graph: { edges: 1 },
    });
    const gephi = 'Source,Target,Type,Id\na,b,Directed,0\nb,c,Directed,1\n';
    expect(() => parse('g.csv', gephi)).toThrow(
      'g.csv, line 2: an edge list is undirected, but this edge is of type Directed; add ' +
        'directed=true or directed=false',
    );
    expect(parse('g.csv', gephi, { directed: true }).graph).toMatchObject({
      directed: true,
      edges: 2,
    });
    expect(parse('g.csv', gephi, { directed: false }).graph).toMatchObject({
      directed: false,
      edges: 2,
    });
    expect(() => parse('g.csv', 'id,from,to\n0,a\n')).toThrow(
      'g.csv, line 2: every row must have the 3 fields of the header, got 2',
    );
  });

  it('are edges where three of them have three columns', () => {
    const text = 'source,target,weight\na,b,1\nb,c,1\nc,d,1\n';
    for (const path of ['g.csv', 'g.tsv', 'g.txt', 'g'])
      expect(parse(path, text)).toMatchObject({
        format: 'edge-list',
        graph: { nodes: 4, edges: 3 },
      });
    expect(parse('g.csv', 'a,b,1\nb,c,1\nc,d,1\n')).toMatchObject({
      format: 'edge-list',
      graph: { nodes: 4, edges: 3 },
    });
  });

  it('need a threshold for weights', () => {
    const text = '0 1 0.5\n1 2 2\n0 2 -3e0\n';
    expect(() => parse('g.edges', text)).toThrow(
      'g.edges, line 1: edges must have weight 1 unless a threshold is given; the ' +
        'weights go from -3 to 2; add threshold=... (edges of at least that weight are ' +
        'kept)',
    );
    expect(parse('g.edges', text, { threshold: 0.5 })).toMatchObject({
      below: 1,
      graph: { edges: 2 },
    });
    expect(edgesOf('g.edges', '0 1 1\n1 2 1.0\n')).toHaveLength(2);
  });

  it.each([
    [
      '0 1\n1 2 3 4\n',
      'line 2: an edge must be written as two nodes and perhaps a weight, got 4 fields',
    ],
    ['0 1\n1 2 x\n', 'line 2: a weight must be a number, got "x"'],
    ['0,1\n,2\n', 'line 2: a node must have a name'],
    ['0,1\n{}\n', 'line 2: a node must have a name, got "{}"'],
    ['"a,b\n', 'line 1: quotes must be closed'],
    ['', 'whole file: a graph must have at least one node, got none'],
    [new Uint8Array([48, 32, 49, 10, 0xff, 0x32]), 'line 2: text must be UTF-8'],
    [new Uint8Array([0xff, 0xfe, 48, 0]), 'line 1: text must be UTF-8, got UTF-16'],
    ['0 1\n0 \0\n', 'line 2: text must not hold NUL bytes'],
    ['0 1 1e999\n', 'line 1: a weight must be'],
    [
      '0 1\r\n0 2\r1 2\r',
      'line 2: a line must not hold a carriage return, got "0 2\\r1 2"; end lines with a newline',
    ],
  ])('%j is refused', (text, message) =>
    expect(() => parse('g.edges', text, { format: 'edge-list' })).toThrow(message),
  );
});

describe('matrices', () => {
  it.each([
    ['g.csv', '0,1\n1,0\n', 'csv'],
    ['g.csv', ',a,b\na,0,1\nb,1,0\n', 'csv'],
    ['g.csv', 'a,b\n0,1\n1,0\n', 'csv'],
    ['g.csv', ',0,1\n0,0.0,1.0\n1,1.0,0.0\n', 'csv'],
    ['g.tsv', '\ta\tb\na\t0\t1\nb\t1\t0\n', 'tsv'],
    ['g.csv', '"a";"b"\n"a";0;1\n"b";1;0\n', 'csv'],
    ['g.csv', 'False,True\nTrue,False\n', 'csv'],
    ['g.csv', ',a,b\na,false,true\nb,true,false\n', 'csv'],
    [
      'g.csv',
      '0.000000000000000000e+00,1.000000000000000000e+00\n1.000000000000000000e+00,0.000000000000000000e+00\n',
      'csv',
    ],
    ['g.txt', '01\n10\n', 'matrix'],
    ['g.txt', '0 1\n1 0\n', 'matrix'],
    ['g.txt', 'a 0 1\nb 1 0\n', 'edge-list'],
    ['g.csv', '0,1\n', 'edge-list'],
  ])('%s %j is a %s', (path, text, format) => {
    const found = parse(
      path,
      text,
      format === 'edge-list' && text.startsWith('a') ? { threshold: 0, format: 'matrix' } : {},
    );
    expect(edgeList(found.graph)).toEqual([[0, 1]]);
    if (!text.startsWith('a 0')) expect(found.format).toBe(format);
  });

  it('are undirected exactly where they are symmetric', () => {
    expect(parse('g.csv', '0,1,0\n1,0,0\n0,0,0').graph).toMatchObject({
      directed: false,
      edges: 1,
    });
    expect(parse('g.csv', '0,1,1\n1,0,0\n0,0,0').graph).toMatchObject({ directed: true, edges: 3 });
    expect(parse('g.csv', '0,1,1\n1,0,0\n0,0,0', { directed: false }).graph).toMatchObject({
      directed: false,
      edges: 2,
    });
    expect(parse('g.csv', '0,.9,.2\n.9,0,0\n.1,0,0', { threshold: 0.5 })).toMatchObject({
      below: 2,
      graph: { directed: false, edges: 1 },
    });
  });

  it('do not read 0 as an edge, nor the diagonal', () => {
    expect(parse('g.csv', 'NaN,-1,0\n-1,1,0\n0,0,1', { threshold: -2 })).toMatchObject({
      selfLoops: 2,
      graph: { edges: 1 },
    });
  });

  it('name more nodes than one line of words holds', () => {
    const n = 70;
    const text = Array.from({ length: n }, (_, u) =>
      [`v${u}`, ...Array.from({ length: n }, (_none, v) => (Math.abs(u - v) === 1 ? 1 : 0))].join(
        ' ',
      ),
    ).join('\n');
    const { graph, labels } = parse('g.adj', text);
    expect([graph.nodes, graph.edges, labels[69]]).toEqual([70, 69, 'v69']);
  });

  it.each([
    ['0,1\n1\n', 'line 2: every row of this matrix must have 2 fields, got 1'],
    ['0,1,0\n1,0,0\n', 'line 2: a matrix must be square, got 3 columns and 2 rows'],
    ['0,1\n1,0\n0,0\n', 'line 3: a matrix must be square, got 2 columns and more than 2 rows'],
    ['0,1\n1,x\n', 'line 2: an entry of a matrix must be a number, got "x" in column 2'],
    ['0,1\n,0\n', 'line 2: an entry of a matrix must be a number, got "" in column 1'],
    ['0,nan\n1,0\n', 'line 1: an entry of a matrix must be a number, got "nan" in column 2'],
    [
      ',a,b\nb,0,1\na,1,0\n',
      'line 2: rows and columns of a matrix must name the same nodes in the same order',
    ],
    ['a,a\n0,1\n1,0\n', 'line 2: the names of a matrix\'s nodes must differ, got "a" twice'],
    [
      '0,3\n3,0\n',
      'line 1: edges must have weight 1 unless a threshold is given; the weights are all 3',
    ],
    ['\n', 'line 1: a matrix must have at least one row'],
  ])('%j is refused', (text, message) =>
    expect(() => parse('g.csv', text, { format: 'csv' })).toThrow(message),
  );
});

describe('graph6', () => {
  it.each([
    ['B', 'byte 1: so many nodes need 1 characters of data, got 0; the file is cut off'],
    ['Bww', 'byte 2: so many nodes need 1 characters of data, got 2'],
    ['B\u0001', 'byte 1: data must be characters ? to ~ (63 to 126), got 1'],
    ['Bw\nBw\n', 'byte 2: the file must hold one graph on one line'],
    ['Bx', 'byte 1: the bits behind the last pair of nodes must be 0'],
    ['~~??~????', `byte 2: a graph may have at most ${MAX_NODES} nodes, got`],
    ['>>sparse6<<:Fa@x^', 'byte 0: a graph6 file must begin with >>graph6<<'],
    ['&B?', 'byte 0: graph6 data must not begin with &; add format=digraph6'],
    ['?', 'whole file: a graph must have at least one node'],
  ])('%j is refused', (text, message) => expect(() => parse('g.g6', text)).toThrow(message));

  it('reads the example of the format', () => {
    expect(edgesOf('g.s6', ':Fa@x^\n')).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
      [5, 6],
    ]);
    expect(edgesOf('g.g6', 'DQc')).toEqual([
      [0, 2],
      [0, 4],
      [1, 3],
      [3, 4],
    ]);
    expect(edgesOf('g.d6', '&DI?AO?')).toEqual([
      [0, 2],
      [0, 4],
      [3, 1],
      [3, 4],
    ]);
  });
});

const graphml = (body: string, keys = '', direction = 'directed'): string =>
  `<graphml>\n${keys}<graph edgedefault="${direction}"><node id="a"/><node id="b"/><node ` +
  `id="c"/>\n${body}</graph></graphml>`;

describe('GraphML and GEXF', () => {
  it("keep the direction of every edge, which graphology's parser alone does not", () => {
    expect(
      edgesOf(
        'g.graphml',
        graphml('<edge source="a" target="b" directed="false"/><edge source="b" target="c"/>'),
      ),
    ).toEqual([
      [0, 1],
      [1, 0],
      [1, 2],
    ]);
    expect(
      parse('g.graphml', graphml('<edge source="a" target="b" directed="false"/>')).graph.directed,
    ).toBe(false);
    const gexf =
      '<gexf><graph defaultedgetype="directed"><nodes><node id="a"/><node id="b"/><node ' +
      'id="c"/></nodes><edges><edge source="a" target="b" type="mutual"/><edge ' +
      'source="b" target="c"/></edges></graph></gexf>';
    expect(edgesOf('g.gexf', gexf)).toEqual([
      [0, 1],
      [1, 0],
      [1, 2],
    ]);
  });

  it('read keys of other programs and default weights', () => {
    const keys =
      '<key id="p" for="port" yfiles.type="x"/><key id="w" for="all" attr.name="weight" ' +
      'attr.type="double"><default>2.5</default></key>';
    const text = graphml(
      '<edge source="a" target="b"/><edge source="b" target="c"><data ' +
        'key="w">0.5</data><data key="constructor">x</data></edge>',
      keys,
    );
    expect(() => parse('g.graphml', text)).toThrow(
      'g.graphml, line 3: edges must have weight 1 unless a threshold is given; the ' +
        'weights go from 0.5 to 2.5',
    );
    expect(edgesOf('g.graphml', text, { threshold: 1 })).toEqual([[0, 1]]);
    // Keys may stand anywhere in a damaged file.
    expect(
      edgesOf('g.graphml', graphml('<key id="d" for="port"/><x><edge source="c" target="a"/></x>')),
    ).toEqual([[2, 0]]);
  });

  it.each([
    [
      '<graphml><graph>',
      'line 1: the file must be well-formed XML, but here: unclosed tag: graph; repair ' +
        'it or save it anew',
    ],
    [
      '<graphml>\n</graph>',
      'line 2: the file must be well-formed XML, but here: unexpected close tag',
    ],
    [
      '<!DOCTYPE x [<!ENTITY a "aaaa">]><graphml/>',
      'line 1: a document type must not declare entities',
    ],
    [
      graphml('<edge source="a" target="z"/>'),
      'line 3: the target of an <edge> must be the id of a <node>, got "z"',
    ],
    [graphml('\n<node id="a"/>'), 'line 4: ids of nodes must differ, got "a" twice'],
    [
      graphml('<edge source="&x;" target="a"/>'),
      'line 3: the file must be well-formed XML, but here: undefined entity',
    ],
    [graphml('<hyperedge/>'), 'line 3: edges must join two nodes, got a <hyperedge>'],
    [graphml('<graph/>'), 'line 3: the file must hold one <graph>, got 2'],
    [
      graphml('', '', 'sideways'),
      'line 2: edgedefault must be directed or undirected, got "sideways"',
    ],
    [
      graphml('<edge source="a" source="b"/>'),
      'line 3: the file must be well-formed XML, but here: duplicate attribute: source',
    ],
    [graphml('<a>'.repeat(200)), 'line 3: elements may be nested 100 deep'],
    ['<gexf/>', 'line 1: the file must begin with <graphml>, got <gexf>'],
    [
      '',
      'line 1: the file must be well-formed XML, but here: document must contain a root element',
    ],
  ])('%j is refused', (text, message) => expect(() => parse('g.graphml', text)).toThrow(message));

  it('are quick where there are many edges, mixed ones too', () => {
    const edges = Array.from(
      { length: 20_000 },
      (_, at) =>
        `<edge source="n${at % 200}" target="n${(at * 7 + 1) % 200}" directed="${at % 2 === 0}"/>`,
    ).join('');
    const nodes = Array.from({ length: 200 }, (_, at) => `<node id="n${at}"/>`).join('');
    expect(
      parse('g.graphml', `<graphml><graph>${nodes}${edges}</graph></graphml>`).graph,
    ).toMatchObject({ nodes: 200, directed: true });
  });
});

describe('JSON', () => {
  it.each([
    [
      '{"nodes": [{"id": 1}, {"id": 1}], "links": []}',
      'nodes[1].id: ids of nodes must differ, got "1" twice',
    ],
    [
      '{"nodes": [{"id": 0}], "links": [{"source": 0, "target": 3}]}',
      'links[0].target: an edge must join nodes of the file, got "3"',
    ],
    ['{"nodes": [{"id": 0}], "edges": [7]}', 'edges[0]: an object is expected here, got 7'],
    ['{"nodes": [{"id": 0}], "edges": [], "links": []}', 'links: edges must stand under one key'],
    [
      '{"nodes": [{"id": 0}], "directed": 1, "links": []}',
      'directed: directed must be true or false, got 1',
    ],
    [
      '{"nodes": [{"id": 0}, {"id": 1}], "links": [{"source": 0, "target": 1, "weight": "heavy"}]}',
      'links[0].weight: a weight must be a number, got "heavy"',
    ],
    [
      '{"nodes": [{"key": "a"}], "options": {"type": "odd"}}',
      'options.type: the type must be one of mixed, directed, undirected',
    ],
    ['{"nodes": [{"key": "a"}, {"key": "a"}]}', 'nodes[1].key: keys of nodes must differ'],
    [
      '{"nodes": [\n{"id": 0},\n{"id": 1},\n{"id"? 2}, {"id": 3}], "links": []}',
      'line 4: not valid JSON',
    ],
    ['{"nodes": [\n', 'line 2: not valid JSON'],
    ['[]', 'the file: an object is expected here, got a list of 0'],
    [
      `{"nodes": [{"id": ${'['.repeat(100_000)}${']'.repeat(100_000)}}]}`,
      'line 1: lists and objects may be nested 1000 deep, got more; check the format',
    ],
  ])('%j is refused', (text, message) => expect(() => parse('g.json', text)).toThrow(message));

  it('is told the line of its first fault, which is where the engine finds it', () => {
    const text = JSON.stringify(
      {
        directed: false,
        nodes: [{ id: 'a"\\\u00e9\n' }, { id: -1.5e-3, flags: [true, null, [], {}] }],
        links: [],
      },
      null,
      1,
    );
    fc.assert(
      fc.property(
        fc.nat(text.length),
        fc.nat(3),
        fc.constantFrom(
          '',
          '@',
          '"',
          ',',
          ':',
          ']',
          '}',
          '{',
          '[',
          '-',
          '0',
          '1.',
          'e',
          't',
          '\\',
          '\\u00',
          '\n',
          ' ',
        ),
        (at, removed, put) => {
          const changed = text.slice(0, at) + put + text.slice(at + removed);
          const read = (work: () => unknown): string | null => {
            try {
              work();
              return null;
            } catch (error) {
              return error instanceof Error ? error.message : '';
            }
          };
          const told = read(() => JSON.parse(changed));
          const ours = /line (\d+): not valid JSON/.exec(
            read(() => parse('g.json', changed, { format: 'node-link' })) ?? '',
          );
          expect(ours === null).toBe(told === null);
          const position = /at position (\d+)/.exec(told ?? '');
          const lineAt = (index: number): number => changed.slice(0, index).split('\n').length;
          if (position) expect(Number(ours?.[1])).toBe(lineAt(Number(position[1])));
          if (told?.includes('end of JSON')) expect(Number(ours?.[1])).toBe(lineAt(changed.length));
        },
      ),
      { numRuns: 3000 },
    );
    const lines = JSON.stringify(JSON.parse(text), null, 1).split('\n');
    for (const [at, line] of lines.entries()) {
      const broken = [...lines.slice(0, at), `${line}@`, ...lines.slice(at + 1)].join('\n');
      expect(() => parse('g.json', broken, { format: 'node-link' })).toThrow(
        `g.json, line ${at + 1}: not valid JSON`,
      );
    }
  });

  it('of graphology may be mixed', () => {
    const graph = new MultiGraph();
    for (const key of ['a', 'b', 'c']) graph.addNode(key);
    graph.addUndirectedEdge('a', 'b');
    graph.addUndirectedEdge('b', 'a');
    graph.addDirectedEdge('b', 'c', { weight: 1 });
    const text = JSON.stringify(graph.export());
    expect(edgesOf('g.json', text)).toEqual([
      [0, 1],
      [1, 0],
      [1, 2],
    ]);
    expect(parse('g.json', text)).toMatchObject({
      format: 'graphology',
      repeated: 1,
      labels: ['a', 'b', 'c'],
    });
    expect(fromGraphology(graph).graph).toEqual(parse('g.json', text).graph);
  });

  it("has graphology's objects both ways", () => {
    fc.assert(
      fc.property(fc.boolean().chain(anyGraph), (graph) => {
        expect(fromGraphology(toGraphology(graph)).graph).toEqual(graph);
      }),
      { numRuns: 30 },
    );
  });
});

describe('large files', () => {
  it('are refused with the memory that they would need', () => {
    const text = Array.from({ length: MAX_NODES + 1 }, (_, node) => `${node} ${node + 1}`).join(
      '\n',
    );
    expect(() => parse('g.edges', text)).toThrow(
      `g.edges, whole file: a graph may have at most ${MAX_NODES} nodes, got ` +
        `${MAX_NODES + 2}, which would take 47.76 MiB and more; choose a smaller graph`,
    );
    expect(() => parse('g.csv', `${'0,'.repeat(MAX_NODES)}0\n`)).toThrow(
      /at most 20000 nodes, got 20001/,
    );
  });

  it('are read up to the most nodes', () => {
    const text = Array.from({ length: MAX_NODES - 1 }, (_, node) => `${node} ${node + 1}`).join(
      '\n',
    );
    expect(parse('g.edges', text).graph).toMatchObject({ nodes: MAX_NODES, edges: MAX_NODES - 1 });
  });
});

describe('the format of a file', () => {
  it('is told by its extension when it is written', () => {
    expect(
      ['a.graphml', 'b.GEXF', 'c.json', 'd.g6', 'e.csv', 'f.txt', 'g.d6', 'h.dot'].map(
        formatOfPath,
      ),
    ).toEqual(['graphml', 'gexf', 'node-link', 'graph6', 'csv', 'edge-list', 'digraph6', null]);
  });

  it('is told by its contents where the extension says nothing', () => {
    const both = graphFormats.filter((format) => canRead(format) && canWrite(format));
    // A list of neighbours is told by its extension alone.
    for (const { name } of both.filter((format) => format.name !== 'adjacency-list')) {
      const graph = graphFromEdges(
        5,
        [
          [0, 1],
          [1, 2],
          [4, 3],
        ],
        name === 'digraph6',
      );
      const found = parse('graph', writableFormat(name).write(graph)).format;
      expect(['tsv', 'matrix'].includes(name) ? 'csv' : name).toBe(found);
    }
    expect(() => parse('graph', 'one two three four five six\n')).toThrow(UserError);
  });
});

describe('docs/graph-files.md', () => {
  it('lists every format with its extensions', () => {
    const page = readFileSync(new URL('../../docs/graph-files.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `([\w-]+)` \| ([^|]*) \| (yes|no) \| (yes|no) \|/gm)].map(
      ([, name, extensions, read, written]) => [name, extensions, read, written].join(' '),
    );
    const word = (can: boolean): string => (can ? 'yes' : 'no');
    expect(rows.sort()).toEqual(
      graphFormats
        .map((format) =>
          [
            format.name,
            format.extensions.join(' '),
            word(canRead(format)),
            word(canWrite(format)),
          ].join(' '),
        )
        .sort(),
    );
  });
});
