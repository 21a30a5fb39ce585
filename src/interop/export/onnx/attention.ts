import { mapTuple } from '../../../core/tuples.js';
import { must } from '../../../core/errors.js';
import type { AttentionLayer } from '../../../network/types.js';
import type { GraphDraft } from './graph.js';

/** Attention among the pixels, head by head: heads may differ by a channel. */
export function attentionNodes(
  draft: GraphDraft,
  { id, heads, output: { channels, height, width } }: AttentionLayer,
  inputs: readonly string[],
): string {
  const sizes = Array.from(
    { length: heads },
    (_, head) =>
      Math.floor(((head + 1) * channels) / heads) - Math.floor((head * channels) / heads),
  );
  const tokens = draft.whole(`${id}.tokens`, [0, channels, height * width]);
  const split = draft.whole(`${id}.heads`, sizes);
  const [q, k, v] = mapTuple(['q', 'k', 'v'], (name, at) => {
    const flat = draft.add('Reshape', `${id}.${name}`, [must(inputs[at]), tokens]);
    const names = sizes.map((_, head) => `${id}.${name}.${head}`);
    return draft.addAll('Split', names, [flat, split], { axis: { int: 1 } });
  });
  const parts = sizes.map((size, head) => {
    const at = (name: string): string => `${id}.${name}.${head}`;
    const rows = draft.add('Transpose', at('rows'), [must(q[head])], { perm: [0, 2, 1] });
    const products = draft.add('MatMul', at('products'), [rows, must(k[head])]);
    const scale = draft.scalar(at('scale'), 1 / Math.sqrt(size));
    const scores = draft.add('Mul', at('scores'), [products, scale]);
    const shares = draft.add('Softmax', at('shares'), [scores], { axis: { int: -1 } });
    const turned = draft.add('Transpose', at('turned'), [shares], { perm: [0, 2, 1] });
    return draft.add('MatMul', at('mixed'), [must(v[head]), turned]);
  });
  const joined = draft.add('Concat', `${id}.joined`, parts, { axis: { int: 1 } });
  return draft.add('Reshape', id, [
    joined,
    draft.whole(`${id}.plane`, [0, channels, height, width]),
  ]);
}
