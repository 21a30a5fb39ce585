import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../src/core/random/stream.js';
import type { Tensor } from '../../src/core/tensor.js';
import { referenceBackend } from '../../src/engine/backends/reference/index.js';
import { createSession } from '../../src/engine/session.js';
import { parseGraphSpec } from '../../src/graph/spec.js';
import { channelAxes, reorderChannels } from '../../src/network/channel-axes.js';
import { buildNetwork } from '../../src/network/design.js';
import type { Network } from '../../src/network/types.js';

const network = (arch: string, graph: string, widths: readonly number[]): Network =>
  buildNetwork(arch, parseGraphSpec(graph), widths, {
    input: { channels: 3, height: 16, width: 16 },
    classes: 4,
  });

const networks = [
  network('mlp', 'complete:n=4', [12]),
  network('mlp', 'wired:over=(complete:n=3),within=(complete:n=4)', [12]),
  network('cnn', 'complete:n=4', [8, 8, 12]),
  network('resnet34', 'complete:n=2', [4, 4, 6, 6]),
  network('efficientnet-b0', 'complete:n=2', [4, 4, 4, 4, 4, 4, 4]),
];

describe('reorderChannels', () => {
  it.each(networks.map((each) => [each.arch, each] as const))(
    'leaves what %s computes as it was',
    async (_arch, own) => {
      const session = await createSession(own, { backend: referenceBackend(), batch: 2 });
      session.initialise(1);
      const random = new RandomStream('axes');
      const weights = new Map(
        [...(await session.weights())].map(([name, { shape, data }]): [string, Tensor] => {
          const noise = new Float64Array(data.length);
          random.normals(noise);
          // Every number differs, norms' too, whose variances stay above 0.
          return [name, { shape, data: noise.map((value, at) => data[at] + 0.1 * value ** 2) }];
        }),
      );
      const axes = channelAxes(own);
      const orders = new Map(
        own.layers.flatMap(({ id, output }) => {
          if (axes.of.get(id) !== id || axes.fixed.has(id)) return [];
          const order = Int32Array.from({ length: output.channels }, (_, at) => at);
          random.shuffle(order);
          return [[id, order] as const];
        }),
      );
      expect(orders.size).toBeGreaterThan(1);
      const samples = new Float64Array(2 * 3 * 16 * 16);
      random.normals(samples);
      session.load(weights);
      const before = (await session.evaluate(samples, [0, 1])).logits;
      const moved = reorderChannels(own, axes, weights, orders);
      expect(moved).not.toEqual(weights);
      session.load(moved);
      const after = (await session.evaluate(samples, [0, 1])).logits;
      expect(new Set(before).size).toBeGreaterThan(2);
      before.forEach((value: number, at: number) =>
        expect(Math.abs(after[at] - value)).toBeLessThan(1e-9 * (1 + Math.abs(value))),
      );
      session.dispose();
    },
  );

  it('holds together what is added up', () => {
    const residual = channelAxes(networks[3]).of;
    expect(residual.get('s2.b1.f.b')).toBe(residual.get('s2.b2.f.b'));
    expect(residual.get('s2.b1.f.a')).not.toBe(residual.get('s2.b1.f.b'));
  });

  it('refuses attention by name', () => {
    expect(() => channelAxes(network('patch-transformer', 'complete:n=4', [16]))).toThrow(
      /attention, whose heads hold certain ones; leave out --regroup/,
    );
  });
});
