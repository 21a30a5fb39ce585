import { describe, expect, it } from 'vitest';
import { measure } from '../../src/graph/measures/basic.js';
import { graphFamilies } from '../../src/graph/registry.js';
import { buildGraph, exampleSpec, parseGraphSpec } from '../../src/graph/spec.js';
import { architectures } from '../../src/network/architectures/registry.js';
import { lineInCloud, nearestInCloud } from '../../studio/explore/cloud.js';
import { boundsOf } from '../../studio/graph/bounds.js';
import { beginWith, changeParam, shownFamilies } from '../../studio/graph/families.js';
import { shellWord } from '../../studio/graph/command.js';
import { ARCHITECTURES } from '../../studio/state/types.js';
import { planeOf } from '../../studio/threads/plane-file.js';
import { shippedPlane } from '../../studio/threads/shipped-plane.js';

/** Not those that read files: Node's rooms register them, which other tests may have loaded here. */
const inBrowsers = ({ name }: { readonly name: string }): boolean =>
  name !== 'file' && name !== 'connectome';

describe('the plane that comes with the build', () => {
  it('has the published graphs at their places', () => {
    const { cloud, families } = planeOf(shippedPlane());
    expect([cloud.published, cloud.k.length]).toEqual([3942, 3942]);
    for (const at of [0, 1000, 3941]) {
      const { clustering, pathLength } = measure(
        buildGraph(parseGraphSpec(lineInCloud(cloud, at))),
      );
      expect(cloud.clustering[at]).toBeCloseTo(clustering, 6);
      expect(cloud.pathLength[at]).toBeCloseTo(pathLength!, 6);
      expect(nearestInCloud(cloud, { clustering, pathLength: pathLength! })).toBe(at);
    }
    expect(families.length).toBeGreaterThan(20);
  });
});

describe('controls of parameters', () => {
  const bounded = graphFamilies
    .filter(inBrowsers)
    .flatMap(({ name, params }) =>
      params
        .filter(
          ({ type, range }) => (type === 'integer' || type === 'real') && /<=? \w+ </.test(range),
        )
        .map((info) => [name, info] as const),
    );

  it.each(bounded)('knows the bounds that %s says', (name, info) => {
    const example = exampleSpec(family(name)).replace('connectome:cat', 'complete:n=9');
    const params = { n: 64, ...parseGraphSpec(example).params };
    const bounds = boundsOf(info, params)!;
    expect(bounds, info.range).not.toBeNull();
    expect(bounds.most).toBeGreaterThan(bounds.least);
  });

  it('takes the present number of nodes into account', () => {
    const [, k] = family('ws-flex').params;
    expect(boundsOf(k!, { n: 32 })).toEqual({ least: 2, most: 32, step: 0.01 });
    const m = family('gnm').params[1]!;
    expect(boundsOf(m, { n: 10 })).toEqual({ least: 0, most: 45, step: 1 });
    expect(boundsOf(family('gnm').params[2]!, {})).toBeNull();
  });

  it.each(shownFamilies.value.filter(inBrowsers).map(({ name }) => name))(
    'begins with a graph of %s',
    (name) => {
      const line = beginWith(name, 'ws-flex:n=64,k=8,p=0.1,seed=3', 64, 8);
      expect(line.startsWith(`${name}:`)).toBe(true);
      expect(buildGraph(parseGraphSpec(line)).nodes).toBeGreaterThan(1);
    },
  );

  it('keeps the density where nodes change, and says what a parameter must be', () => {
    const spec = parseGraphSpec('ws-flex:n=64,k=8,p=0.1,seed=3');
    expect(changeParam(spec, 'n', 32).line).toBe('ws-flex:n=32,k=4,p=0.1,seed=3');
    expect(changeParam(spec, 'p', 2).error).toMatch(/must be from 0 to 1/);
  });

  function family(name: string) {
    return graphFamilies.find((each) => each.name === name)!;
  }
});

describe('names that stand in the studio once more', () => {
  it('are those of the architectures', () => {
    expect(ARCHITECTURES).toEqual(architectures.map(({ name }) => name));
  });
});

describe('commands', () => {
  it('are quoted where a shell would read more into them', () => {
    expect(shellWord('ws-flex:n=64,k=8')).toBe('ws-flex:n=64,k=8');
    expect(shellWord('rewired:of=(complete:n=4)')).toBe("'rewired:of=(complete:n=4)'");
    expect(shellWord("a'b")).toBe("'a'\\''b'");
  });
});
