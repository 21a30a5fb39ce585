import { describe, expect, it } from 'vitest';
import { MultiGraph } from 'graphology';
import {
  edgeList,
  type FileOptions,
  fromGraphology,
  type GraphFile,
  parseGraphFile,
} from '../../src/public/graph.js';

/** Weights where other programs keep them. Every file has 0 -> 1 of -0.5 and 1 -> 2 of 0.75. */
const parse = (path: string, text: string, options: FileOptions = {}): GraphFile =>
  parseGraphFile(path, new TextEncoder().encode(text), options);

const graphml = (key: string, data: string): string =>
  `<graphml>${key}<graph edgedefault="directed"><node id="0"/><node id="1"/><node id="2"/>` +
  `<edge source="0" target="1"><data key="${data}">-0.5</data></edge>` +
  `<edge source="1" target="2"><data key="${data}"> 0.75 </data></edge></graph></graphml>`;
const gexf = (attributes: string, one: string, two: string): string =>
  `<gexf><graph defaultedgetype="directed">${attributes}<nodes><node id="0"/><node id="1"/>` +
  `<node id="2"/></nodes><edges><edge source="0" target="1" ${one}</edge>` +
  `<edge source="1" target="2" ${two}</edge></edges></graph></gexf>`;
const attvalue = (attribute: string, value: number): string =>
  `><attvalues><attvalue ${attribute} value="${value}"/></attvalues>`;
const declared = (title: string): string =>
  '<attributes class="node"><attribute id="0" title="weight" type="double"/></attributes>' +
  `<attributes class="edge"><attribute id="0" title="${title}" type="double"/></attributes>`;
const json = (name: string): string =>
  `{"directed":true,"nodes":[{"id":0},{"id":1},{"id":2}],"links":[` +
  `{"source":0,"target":1,"${name}":-0.5},{"source":1,"target":2,"${name}":"0.75"}]}`;
const graphology = (name: string): string =>
  `{"options":{"type":"directed"},"nodes":[{"key":"0"},{"key":"1"},{"key":"2"}],"edges":[` +
  `{"source":"0","target":"1","attributes":{"${name}":-0.5}},` +
  `{"source":"1","target":"2","attributes":{"${name}":0.75}}]}`;
const gml = (name: string): string =>
  'graph [ directed 1 node [ id 0 ] node [ id 1 ] node [ id 2 ] ' +
  `edge [ source 0 target 1 ${name} -0.5 ] edge [ source 1 target 2 ${name} 0.75 ] ]`;

describe('weights', () => {
  it.each([
    ['g.graphml', graphml('<key id="w" for="edge" attr.name="weight"/>', 'w')],
    ['g.graphml', graphml('<key id="w" for="node" attr.name="weight"/>', 'w')],
    ['g.graphml', graphml('<key id="w" for="edge" attr.name="Weight"/>', 'w')],
    ['g.graphml', graphml('<key id="WEIGHT" for="all" attr.name="WEIGHT"/>', 'WEIGHT')],
    ['g.graphml', graphml('', 'weight')],
    [
      'g.graphml',
      graphml(
        '<key id="v" for="node" attr.name="weight"><default>9</default></key>' +
          '<key id="e" for="edge" attr.name="weight"/>',
        'e',
      ),
    ],
    ['g.gexf', gexf(declared('weight'), attvalue('for="0"', -0.5), attvalue('for="0"', 0.75))],
    ['g.gexf', gexf(declared('Weight'), attvalue('for="0"', -0.5), attvalue('for="0"', 0.75))],
    ['g.gexf', gexf(declared('weight'), attvalue('id="0"', -0.5), attvalue('id="0"', 0.75))],
    ['g.gexf', gexf('', attvalue('for="weight"', -0.5), attvalue('for="weight"', 0.75))],
    [
      'g.gexf',
      gexf(declared('weight'), `weight="-0.5"${attvalue('for="0"', 7)}`, 'weight="0.75">'),
    ],
    ['g.json', json('weight')],
    ['g.json', json('Weight')],
    ['g.json', json('value')],
    ['g.json', graphology('weight')],
    ['g.json', graphology('WEIGHT')],
    ['g.gml', gml('weight')],
    ['g.gml', gml('Weight')],
    ['g.gml', gml('value')],
  ])('are found in %s %j', (path, text) => {
    const found = parse(path, text, { threshold: 0 });
    expect(edgeList(found.graph)).toEqual([[1, 2]]);
    expect(found).toMatchObject({ below: 1, notes: [] });
    expect(() => parse(path, text)).toThrow(
      'unless a threshold is given; the weights go from -0.5 to 0.75',
    );
  });

  it.each([
    ['g.graphml', graphml('<key id="c" for="edge" attr.name="cost"/>', 'c')],
    ['g.gexf', gexf(declared('cost'), attvalue('for="0"', -0.5), attvalue('for="0"', 0.75))],
    ['g.json', json('cost')],
    ['g.json', graphology('cost')],
    ['g.gml', gml('cost')],
  ])('that have another name are told, and can be named: %s %j', (path, text) => {
    const found = parse(path, text);
    expect(found.graph.edges).toBe(2);
    expect(found.notes).toEqual([
      'edges have numbers called "cost", of which none was taken for the weight; weight=NAME names one',
    ]);
    for (const weight of ['cost', 'Cost'])
      expect(edgeList(parse(path, text, { threshold: 0, weight }).graph)).toEqual([[1, 2]]);
    expect(() => parse(path, text, { weight: 'length' })).toThrow(
      `${path}, whole file: no edge has an attribute "length"; edges have numbers called "cost": ` +
        'name one of them',
    );
  });

  it('of objects of graphology too', () => {
    const graph = new MultiGraph();
    for (const key of ['a', 'b']) graph.addNode(key);
    graph.addUndirectedEdge('a', 'b', { Weight: 2 });
    expect(() => fromGraphology(graph)).toThrow('the weights are all 2');
  });
});

describe('XML with prefixes', () => {
  it.each([
    [
      'g.graphml',
      '<graphml xmlns:q="http://graphml.graphdrawing.org/xmlns"><q:graph edgedefault="undirected">' +
        '<q:node id="a"/><q:node id="b"/><q:node id="c"/><q:edge source="b" target="a"/>' +
        '<q:edge source="c" target="b"/></q:graph></graphml>',
    ],
    [
      'g.graphml',
      '<q:graphml xmlns:q="http://graphml.graphdrawing.org/xmlns" xmlns:y="urn:y"><q:graph>' +
        '<q:node id="a"><q:data key="k"><y:node/></q:data></q:node><q:node id="b"/><q:node id="c"/>' +
        '<q:edge source="b" target="a"/><q:edge source="c" target="b"/></q:graph></q:graphml>',
    ],
    [
      'g.gexf',
      '<x:gexf xmlns:x="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz"><x:graph><x:nodes>' +
        '<x:node id="a"><viz:node/></x:node><x:node id="b"/><x:node id="c"/></x:nodes><x:edges>' +
        '<x:edge source="b" target="a"/><x:edge source="c" target="b"/></x:edges></x:graph></x:gexf>',
    ],
  ])('%s %j', (path, text) => {
    for (const name of [path, 'g'])
      expect(edgeList(parse(name, text).graph)).toEqual([
        [0, 1],
        [1, 2],
      ]);
  });
});

describe('a triangular matrix', () => {
  it.each([
    ['0,1,1\n0,0,1\n0,0,0\n', 'above'],
    ['0,0,0\n1,0,0\n1,1,0\n', 'below'],
  ])('%j is told to be read as directed', (text, side) => {
    const found = parse('m.csv', text);
    expect(found.graph.directed).toBe(true);
    expect(found.notes).toEqual([
      `all entries of the matrix are ${side} its diagonal, and it is read as directed; ` +
        'directed=false makes it undirected',
    ]);
    expect(parse('m.csv', text, { directed: false })).toMatchObject({
      notes: [],
      graph: { directed: false, edges: 3 },
    });
    expect(parse('m.csv', '0,1,1\n1,0,1\n0,1,0\n').notes).toEqual([]);
  });
});
