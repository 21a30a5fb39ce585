import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { buildGraph, parseGraphSpec } from '../../src/graph/spec.js';
import { edgeList, graphFromEdges } from '../../src/graph/build.js';
import {
  decodeView,
  defaultView,
  encodeView,
  MOST_CHARACTERS,
  placeholder,
} from '../../studio/state/codec.js';
import { decodeOwnGraph, encodeOwnGraph, MOST_OWN_BYTES } from '../../studio/state/own-graph.js';
import { isViewFile, readViewFile, writeViewFile } from '../../studio/state/view-file.js';
import { anyView } from './arbitrary.js';

const spec = (line: string) => ({ kind: 'spec', line }) as const;

describe('the address of a view', () => {
  it('gives 500 random views back, and the same address again', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const address = encodeView(view);
        expect(address).not.toBeNull();
        const { view: again, problems } = decodeView(address!);
        expect(problems).toEqual([]);
        expect(again).toEqual(view);
        expect(encodeView(again)).toBe(address);
        // What URL and links do to an address leaves it as it is.
        expect(new URL(address!, 'http://a.b/c/').hash).toBe(address);
        if (view.graph.kind === 'spec') expect(address!.length).toBeLessThanOrEqual(2000);
      }),
      { numRuns: 500, seed: 16 },
    );
  });

  it('leaves defaults out and can be read by people', () => {
    expect(encodeView(defaultView)).toBe('#explore?v=1&graph=ws-flex:n=64,k=8,p=0.1,seed=3');
    expect(encodeView({ ...defaultView, page: 'network', arch: 'cnn', node: 5 })).toBe(
      '#network?v=1&graph=ws-flex:n=64,k=8,p=0.1,seed=3&node=5&arch=cnn',
    );
    expect(decodeView('').view).toEqual(defaultView);
  });

  it.each([
    ['#explore?v=2&graph=complete:n=4', /version 2.*newer/],
    ['#explore?graph=complete:n=4', /does not say its version/],
    ['#nowhere?v=1', /no page "nowhere"/],
    ['#explore?v=1&graph=wss:n=4', /unknown graph family "wss"/],
    ['#explore?v=1&graph=ws-flex:n=64,k=1', /parameter k must be from 2/],
    ['#explore?v=1&layout=spiral', /unknown layout "spiral"/],
    ['#explore?v=1&node=-1', /node must be a whole number/],
    ['#explore?v=1&node=1&node=2', /twice/],
    ['#explore?v=1&families=yes', /families must be 1/],
    ['#explore?v=1&layout=%E0%A4%A', /broken %/],
    ['#explore?v=1&layout', /name=value/],
    ['#explore?v=1&colour=red', /colour is nothing that views have/],
    ['#explore?v=1&own=AAAA', /whole, got a part|damaged/],
    ['#explore?v=1&own=A!', /letters, digits/],
    ['#network?v=1&arch=mlpp', /unknown architecture "mlpp"/],
    ['#network?v=1&unfolded=1-x', /unfolded must be/],
    ['#studies?v=1&study=a%0Ab', /study must be one line/],
    ['#studies?v=1&sort=-speed', /unknown column "speed"/],
    ['#studies?v=1&columns=error-colour', /unknown column "colour"/],
    ['#studies?v=1&cell=3', /cell must be/],
    ['#studies?v=1&cell=3-15', /cell must be a whole number from 0 to 14/],
    ['#studies?v=1&trials=1-x', /trials must be/],
    ['#studies?v=1&with=a||b', /with must be/],
  ])('says what it does not understand of %s', (address, problem) => {
    const { problems } = decodeView(address);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  it('keeps what it understands beside what it does not', () => {
    const { view, problems } = decodeView('#network?v=1&graph=star:n=9&arch=cnn&rounds=x');
    expect(view).toMatchObject({
      page: 'network',
      graph: spec('star:n=9'),
      arch: 'cnn',
      rounds: 1,
    });
    expect(problems).toHaveLength(1);
  });

  it('never throws, whatever stands there', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.boolean(), (text, known) => {
        expect(decodeView(known ? `#explore?v=1&own=${text}` : text).view.page).toBeTruthy();
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('has no place for a long spec: the view becomes a file, and the address says so', () => {
    const graphs = Array.from({ length: 60 }, (_, i) => `(ws-flex:n=64,k=8,p=0.${100 + i},seed=1)`);
    const view = { ...defaultView, graph: spec(`sequence:per=layer,graphs=${graphs.join('')}`) };
    expect(view.graph.line.length).toBeGreaterThan(MOST_CHARACTERS);
    expect(encodeView(view)).toBeNull();
    expect(decodeView(placeholder(view)).problems[0]).toMatch(/too large for a link/);
  });
});

describe('a graph in a link', () => {
  it.each(['complete:n=64', 'empty:n=3', 'star:n=2', 'gnp:n=300,p=0.05', 'gnp:n=100,p=0.95'])(
    'gives %s back',
    (line) => {
      const graph = buildGraph(parseGraphSpec(line));
      const text = encodeOwnGraph(graph);
      expect(decodeOwnGraph(text!)).toEqual(graph);
      expect(encodeOwnGraph(decodeOwnGraph(text!))).toBe(text);
    },
  );

  it('is near the least that random edges take', () => {
    // 4950 pairs, each joined with probability 0.1: 4950 x 0.469 bits.
    const text = encodeOwnGraph(buildGraph(parseGraphSpec('gnp:n=100,p=0.1')))!;
    expect(text.length * 6).toBeLessThan(4950 * 0.469 * 1.1 + 80);
  });

  it('is null above 8 KB, quickly', () => {
    expect(encodeOwnGraph(buildGraph(parseGraphSpec('gnp:n=600,p=0.4')))).toBeNull();
    expect(encodeOwnGraph(buildGraph(parseGraphSpec('complete:n=400')))).not.toBeNull();
  });

  it('says that more than 8 KB are too many', () => {
    expect(() => decodeOwnGraph('A'.repeat(2 * MOST_OWN_BYTES))).toThrow(UserError);
  });
});

describe('a saved view', () => {
  it('gives any view back', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const text = writeViewFile(view);
        expect(isViewFile(text)).toBe(true);
        expect(readViewFile(text)).toEqual(view);
      }),
      { numRuns: 50, seed: 2 },
    );
  });

  it.each([
    ['{"kind":"plexus-view"', /JSON/],
    ['{"kind":"plexus-view","version":2}', /version 1/],
    ['{"kind":"plexus-view","version":1,"view":"#x?v=1"}', /no page/],
    ['{"kind":"plexus-view","version":1,"view":"#explore?v=1"}', /must have a graph/],
    [
      '{"kind":"plexus-view","version":1,"view":"#explore?v=1","own":{"nodes":3,"edges":[[0]]}}',
      /must have a graph/,
    ],
    [
      '{"kind":"plexus-view","version":1,"view":"#explore?v=1","own":{"nodes":3,"edges":[[0,7]]}}',
      /node/,
    ],
  ])('refuses %s', (text, problem) => {
    expect(() => readViewFile(text)).toThrow(problem);
    expect(() => readViewFile(text)).toThrow(UserError);
  });

  it('holds a graph that no link can', () => {
    const pairs = Array.from({ length: 20_000 }, (_, i): [number, number] => [
      i % 299,
      300 + (i % 701),
    ]);
    const graph = graphFromEdges(1001, pairs);
    const view = { ...defaultView, graph: { kind: 'own', name: 'big', graph } as const };
    expect(edgeList(graph).length).toBeGreaterThan(10_000);
    expect(encodeView(view)).toBeNull();
    expect(readViewFile(writeViewFile(view))).toEqual(view);
  });
});
