import { must } from '../../core/errors.js';
import type { ParameterInfo } from '../../network/types.js';
import type { Call } from '../calls.js';
import type { Draft } from './draft.js';

/** What stands behind a weight's name in that of its probe. */
const SUFFIX = ':every block';

/** The name of the probe of a weight over a graph. */
export const probeOf = (weight: string): string => weight + SUFFIX;

/** Whether a parameter is a probe. */
export const isProbe = ({ name }: ParameterInfo): boolean => name.endsWith(SUFFIX);

/**
 * Beside the gradient of each weight over a graph that of all blocks, missing ones included, as the
 * gradient of a parameter of its own that nothing else reads: what a missing block would get.
 */
export function probe(draft: Draft): Draft {
  const parameters = [...draft.parameters];
  const backward = draft.backward.flatMap((call): Call[] => {
    if ((call.op !== 'linearWeightGrad' && call.op !== 'convWeightGrad') || call.mask === null)
      return [call];
    const own = must(parameters[call.weight]);
    parameters.push({ ...own, name: probeOf(own.name), mask: null });
    const every = { ...call, weight: parameters.length - 1, bias: null, mask: null };
    // Those of the blocks there are are among them.
    return call.bias === null ? [every] : [call, every];
  });
  return { ...draft, parameters, backward };
}
