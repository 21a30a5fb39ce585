import { describe, expect, it } from 'vitest';
import {
  edgeList,
  type FileOptions,
  type GraphFile,
  parseGraphFile,
} from '../../src/public/graph.js';

/** What the first rows of tables are taken for. */
const parse = (path: string, text: string, options: FileOptions = {}): GraphFile =>
  parseGraphFile(path, new TextEncoder().encode(text), options);

describe('first rows of matrices', () => {
  it.each([
    ['0,n/a,1\nn/a,0,1\n1,1,0\n', '"n/a" in column 2; write 0 for no edge'],
    ['0,x,1\nx,0,1\n1,1,0\n', '"x" in column 2; write 0 for no edge'],
    ['0;0,5;1\n0,5;0;1\n1;1;0\n', '"0,5" in column 2; write numbers with a point, such as 0.5'],
    ['0,"1,234"\n"1,234",0\n', '"1,234" in column 2; write numbers plainly'],
    ['0,\u22121\n\u22121,0\n', '"\u22121" in column 2; write the minus as "-"'],
    ['0,10%\n10%,0\n', '"10%" in column 2; write numbers plainly'],
    ['0,1.5D+02\n1.5D+02,0\n', '"1.5D+02" in column 2; write numbers plainly'],
    ['0,\u0661\n\u0661,0\n', '"\u0661" in column 2; write numbers plainly'],
    ['"0,5";"0,5";1\n"0,5";0;1\n1;1;0\n', '"0,5" in column 1'],
    ['a,0,n/a\nb,n/a,0\n', '"n/a" in column 3; write 0 for no edge'],
  ])('%j: the entry is named', (text, message) => {
    for (const path of ['m.csv', 'm'])
      expect(() => parse(path, text)).toThrow(
        new RegExp(
          `^${path}, line 1: an entry of a matrix must be a number, got ${message.replace(/[+.]/g, '\\$&')}`,
        ),
      );
  });

  it('of space-separated ones too', () => {
    expect(() => parse('m.txt', '0 n/a 1\nn/a 0 1\n1 1 0\n')).toThrow(
      'm.txt, line 1: a node is named "n/a", which stands for a value that is missing',
    );
    expect(() => parse('m.txt', '0 0,5 1\n0,5 0 1\n1 1 0\n')).toThrow('a number in a notation');
    expect(() => parse('m.adj', '0 n/a 1\nn/a 0 1\n1 1 0\n')).toThrow('got "n/a" in column 2');
  });

  it.each([
    ['"","CM.1","CM.2"\n"1",0,1\n"2",1,0\n', ['CM.1', 'CM.2']],
    ['"","V1","V2"\n"a",0,1\n"b",1,0\n', ['a', 'b']],
    ['"","L.x","X2y"\n"L x",0,1\n"2y",1,0\n', ['L x', '2y']],
    [',x,y\n0,0,1\n1,1,0\n', ['x', 'y']],
  ])('%j: of names that only count the others are taken, and it is told', (text, labels) => {
    const found = parse('m.csv', text);
    expect(found).toMatchObject({ labels, format: 'csv', graph: { edges: 1 } });
    expect(found.notes).toHaveLength(1);
  });

  it('of regions of the brain are no ends of edges', () => {
    for (const names of ['precentral,postcentral', 'roi1,roi2'])
      expect(
        parse('m.csv', `,${names}\n${names.split(',')[0]},0,1\n${names.split(',')[1]},1,0\n`),
      ).toMatchObject({ format: 'csv', graph: { nodes: 2 } });
    expect(parse('m.csv', 'roi1,roi2,roi3\n0,1,0\n1,0,0\n0,0,0\n').format).toBe('csv');
  });
});

describe('tables of two or three rows', () => {
  it.each([
    ['0,1\n1,2\n', 'edge-list', 3, 2],
    ['1,2\n2,3\n', 'edge-list', 3, 2],
    ['0,1,1\n1,2,1\n2,0,1\n', 'edge-list', 3, 3],
    ['a,b\n1,2\n2,3\n', 'edge-list', 3, 2],
    ['0,1\n1,0\n', 'csv', 2, 1],
    ['0,3\n3,0\n', 'csv', 2, 1],
    ['0,2,3\n2,0,1\n3,1,0\n', 'csv', 3, 3],
    ['1,0.5\n0.5,1\n', 'csv', 2, 0],
  ])('%j is a %s', (text, format, nodes, edges) =>
    expect(parse('t.csv', text, { threshold: 1 })).toMatchObject({
      format,
      graph: { nodes, edges },
    }),
  );

  it.each(['.txt', '.csv', '.xyz'])('are read alike and told with the ending %s', (ending) => {
    const space = (text: string): string => text.replaceAll(',', ending === '.csv' ? ',' : ' ');
    for (const options of [{ density: 1 }, { threshold: 1 }, { weights: true }]) {
      const read = (text: string): GraphFile => parse(`t${ending}`, space(text), options);
      for (const text of ['0,2,3\n2,0,5\n3,5,0\n', 'A,0,2\nB,2,0\n']) {
        const { notes, graph } = read(text);
        expect(edgeList(graph)).toEqual(
          text.startsWith('A')
            ? [[0, 1]]
            : [
                [0, 1],
                [0, 2],
                [1, 2],
              ],
        );
        expect(notes.join()).toContain('were read as a matrix; if they are edges');
      }
      const edges = read('0,1,5\n1,2,3\n0,2,7\n');
      expect(edges).toMatchObject({ format: 'edge-list', graph: { edges: 3 } });
      expect(edges.notes.join()).toContain('3 rows of 3 numbers were read as an edge each');
      expect(read('A,B,C\n0,2,3\n2,0,5\n3,5,0\n')).toMatchObject({
        labels: ['A', 'B', 'C'],
        graph: { edges: 3 },
      });
      expect(read('NaN,2,3\n2,NaN,5\n3,5,NaN\n').graph).toMatchObject({ nodes: 3, edges: 3 });
      for (const text of ['1,2,3\n4,5,6\n7,8,9\n', 'A,1,0.5\nB,2,0.7\n', 'k,a,b\n1,0,5\n2,5,0\n'])
        expect(() => read(text)).toThrow(/may be a matrix or a list of edges; add format=csv/);
    }
  });

  it('are not read as edges because a weight is named', () => {
    for (const text of ['0,2,3\n2,0,5\n3,5,0\n', '0,2,3,1\n2,0,5,1\n3,5,0,1\n1,1,1,0\n']) {
      expect(() => parse('t.txt', text, { weight: '3', density: 1 })).toThrow(
        'looks like a square matrix, in which source=, target= and weight= mean nothing',
      );
      expect(parse('t.txt', text, { weight: '3', density: 1, format: 'edge-list' }).format).toBe(
        'edge-list',
      );
    }
  });

  it('tell of weights that may be neighbours', () => {
    const ring = '0 1 2\n1 2 3\n2 3 4\n3 4 0\n4 0 1\n';
    expect(parse('t.txt', ring, { density: 1 }).notes.join()).toContain('format=adjacency-list');
    expect(parse('t.txt', '0 1 2\n0 2 1\n1 2 0\n2 3 1\n', { weights: true }).notes).toEqual([]);
  });

  it('are refused where they may be either', () => {
    for (const text of ['5,2\n2,7\n', '0,2\n1,0\n'])
      expect(() => parse('t.csv', text)).toThrow(
        't.csv, line 1: 2 rows of 2 numbers may be a matrix or a list of edges; add format=csv ' +
          'for a matrix, or format=edge-list',
      );
  });
});

describe('headers of edges', () => {
  it.each([
    'source,target',
    'Source,Target',
    'from,to',
    'FromNodeId,ToNodeId',
    'from_node,to_node',
    'pre,post',
    'Pre,Post',
    'pre_root_id,post_root_id',
    'pre_pt_root_id,post_pt_root_id',
    'bodyId_pre,bodyId_post',
    'id_1,id_2',
    'node_1,node_2',
    'node1,node2',
    'Node A,Node B',
    'region_i,region_j',
    'src,dst',
    'source,dest',
    'fromid,toid',
    'u,v',
    'i,j',
    'interactor_a,interactor_b',
    'citing,cited',
  ])('%s is known, over numbers and over names', (header) => {
    for (const rows of ['0,1\n1,2\n2,0\n0,3\n', 'A,B\nB,C\nC,A\nA,D\n']) {
      const found = parse('e.csv', `${header}\n${rows}`);
      expect(found).toMatchObject({
        format: 'edge-list',
        notes: [],
        graph: { nodes: 4, edges: 4 },
      });
      const tabs = `${header}\n${rows}`.replaceAll(',', '\t');
      for (const path of ['e.tsv', 'e.txt', 'e'])
        expect(parse(path, tabs).graph).toMatchObject({ nodes: 4, edges: 4 });
    }
    const weighted = `${header},weight\nA,B,2\nB,C,0.5\nC,A,2\nA,D,2\n`;
    expect(parse('e.csv', weighted, { threshold: 1 })).toMatchObject({
      below: 1,
      graph: { nodes: 4, edges: 3 },
    });
  });

  it('in words that nobody knows is taken for one over numbers, and it is told', () => {
    expect(parse('e.csv', 'foo,bar\n0,1\n1,2\n2,3\n')).toMatchObject({
      notes: ['line 1 ("foo", "bar") was taken for the names of columns'],
      graph: { nodes: 4, edges: 3 },
    });
    expect(parse('e.csv', 'foo,bar,size\nA,B,2\nB,C,1\n', { threshold: 2 })).toMatchObject({
      notes: [
        'line 1 ("foo", "bar", "size") was taken for the names of columns',
        'column "size" was taken for the weight',
      ],
      below: 1,
      graph: { nodes: 3, edges: 1 },
    });
    expect(() => parse('e.csv', 'a,b,c,d\n1,2,ME,3\n2,3,ME,4\n')).toThrow(
      'e.csv, line 1: line 1 names the columns "a", "b", "c", "d", and which of them are the two ' +
        'nodes is not clear; add source=COLUMN,target=COLUMN',
    );
  });

  it('over names alone may be an edge: it is read as one, and it is told', () => {
    const found = parse('e.csv', 'foo,bar\nA,B\nB,C\nC,D\n');
    expect(found.graph.nodes).toBe(6);
    expect(found.notes).toEqual([
      'line 1 was read as the edge "foo", "bar", whose nodes occur nowhere else; if it names the ' +
        'columns, add source="foo",target="bar"',
    ]);
    expect(
      parse('e.csv', 'foo,bar\nA,B\nB,C\nC,D\n', { source: 'foo', target: 'bar' }),
    ).toMatchObject({ notes: [], graph: { nodes: 4, edges: 3 } });
  });

  it('may be chosen from by name or number', () => {
    const text = 'id,a,b,n,m\n0,x,y,1,5\n1,y,z,3,1\n';
    const columns = { source: 'A', target: '3' };
    expect(parse('e.csv', text, { ...columns, weight: 'm', threshold: 2 }).labels).toEqual([
      'x',
      'y',
      'z',
    ]);
    expect(edgeList(parse('e.csv', text, { ...columns, weight: '4', threshold: 2 }).graph)).toEqual(
      [[1, 2]],
    );
    expect(edgeList(parse('e.csv', text, { ...columns, weight: '5', threshold: 2 }).graph)).toEqual(
      [[0, 1]],
    );
    expect(() => parse('e.csv', text, { ...columns, weight: 'w' })).toThrow(
      'e.csv, line 1: there is no column "w"; line 1 names "id", "a", "b", "n", "m"; give one of them',
    );
    expect(() => parse('e.csv', text, { source: 'a', target: '2' })).toThrow(
      'source and target must be two columns, got column 2 for both',
    );
    expect(
      edgeList(parse('e.txt', '7 0 1 5\n8 1 2 5\n', { source: '2', target: '3' }).graph),
    ).toHaveLength(2);
    expect(() => parse('g.g6', 'Bw', { source: 'a' })).toThrow(
      'g.g6, whole file: source=a names a column of a list of edges, and the format graph6 has none',
    );
  });

  it('tells columns of numbers that are not used', () => {
    expect(parse('e.csv', 'source,target,a,b\n1,2,5,3\n2,3,5,4\n').notes).toEqual([
      'of columns of numbers "a", "b" none was taken for the weight; weight=COLUMN names one',
    ]);
  });

  it('with a weight in an odd notation says so', () => {
    expect(() => parse('e.csv', 'a;b;0,5\nb;c;1\n')).toThrow(
      'line 1: a weight must be a number, got "0,5"; write numbers with a point, such as 0.5',
    );
  });
});
