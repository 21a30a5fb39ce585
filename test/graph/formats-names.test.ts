import { describe, expect, it } from 'vitest';
import { edgeList, parseGraphFile, writableFormat } from '../../src/public/graph.js';

const NAMES = ['Région <1>', 'a & "b"', '-7', 'x,y'];
const read = (path: string, text: string | Uint8Array, format?: string) =>
  parseGraphFile(
    path,
    typeof text === 'string' ? new TextEncoder().encode(text) : text,
    format === undefined ? {} : { format },
  );

describe('names of nodes', () => {
  const { graph } = read('a.csv', '0,1,0,0\n1,0,1,0\n0,1,0,0\n0,0,0,0\n');

  it.each(['graphml', 'gexf', 'gml', 'pajek', 'node-link', 'graphology'])(
    'are written to %s and read again',
    (format) => {
      const found = read('b', writableFormat(format).write(graph, NAMES), format);
      // Pajek has no way to write a double quote inside a name.
      const want = NAMES.map((name) => (format === 'pajek' ? name.replaceAll('"', "'") : name));
      expect(found.labels).toEqual(want);
      expect(edgeList(found.graph)).toEqual(edgeList(graph));
    },
  );

  it('are the labels of GML and Pajek, whose ids are numbers', () => {
    const gml = 'graph [ node [ id -1 label "a" graphics [ x 1 ] ] node [ id -2 ] ]';
    expect(read('a.gml', gml).labels).toEqual(['a', '-2']);
    const net = '*Vertices 3\n1 "a b" 0.1 0.2\n3 c\n*Edges\n1 3\n';
    expect(read('a.net', net).labels).toEqual(['a b', '2', 'c']);
  });
});

describe('what is written before and between the edges', () => {
  it('is a comment behind //', () => {
    expect(read('a.txt', '0 1\n// half of it\n1 2\n').graph).toMatchObject({ nodes: 3, edges: 2 });
  });

  it.each(['3 2\n1 2\n2 3\n', '3 3 3\n1 2 1\n2 3 1\n3 1 1\n'])(
    'is no edge where it is sizes: %j',
    (text) => {
      for (const path of ['a.txt', 'a.edges'])
        expect(() => read(path, text)).toThrow(
          /the first line seems to hold sizes|may be a matrix/,
        );
      expect(read('a.edges', text, 'edge-list').graph.nodes).toBe(3);
    },
  );

  it('is not the text of a sparse matrix of Octave', () => {
    const text =
      '# name: S\n# type: sparse matrix\n# nnz: 2\n# rows: 3\n# columns: 3\n2 1 1\n1 2 1\n';
    expect(() => read('a.txt', text)).toThrow(
      "Octave's text of a sparse matrix, which is not read",
    );
  });

  it.each(['# Nodes: 5 Edges: 2\n1 2\n2 3\n', '% sym unweighted\n% 2 5 5\n1 2\n2 3\n'])(
    'tells of nodes that no edge names: %j',
    (text) => {
      expect(read('a.txt', text).notes.join()).toContain(
        'a comment says that there are 5 nodes, and edges name 3 of them',
      );
      expect(read('a.txt', text.replace(/5/g, '3')).notes.join()).not.toContain('comment');
    },
  );

  it('tells of an edge that has two weights', () => {
    const bytes = new TextEncoder().encode('0 1 0.5\n1 0 0.7\n1 2 0.3\n2 1 0.3\n');
    const note = (directed: boolean) =>
      parseGraphFile('a.txt', bytes, { weights: true, directed }).notes.join();
    expect(note(false)).toContain('1 edges are listed again with another weight');
    expect(note(true)).toBe('');
  });
});
