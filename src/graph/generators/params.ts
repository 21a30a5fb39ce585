import { invariant, UserError } from '../../core/errors.js';
import { MAX_NODES } from '../build.js';
import type { GraphParam, GraphParamInfo } from '../types.js';

/** The parameters of one spec, by name. */
export type GraphParams = Readonly<Record<string, GraphParam>>;

/** A parameter that the family declares as a number; a spec is complete, so it is there. */
export function numberParam(params: GraphParams, name: string): number {
  const value = params[name];
  invariant(typeof value === 'number', `graph parameter ${name} must be a number, got ${value}`);
  return value;
}

/** Throws a `UserError` with the rule, the value and a remedy unless `holds`. */
export function requireParam(holds: boolean, name: string, value: GraphParam, rule: string, remedy: string): void {
  if (!holds) throw new UserError(`graph parameter ${name} must be ${rule}, got ${name}=${value}; ${remedy}`);
}

/** The parameter `n` as every synthetic family has it. */
export const nodesParam: GraphParamInfo = { name: 'n', type: 'integer', range: `2 <= n <= ${MAX_NODES}`, meaning: 'number of nodes' };

/** Checks `n`. */
export function validateNodes(params: GraphParams): void {
  const n = numberParam(params, 'n');
  requireParam(n >= 2 && n <= MAX_NODES, 'n', n, `from 2 to ${MAX_NODES}`, 'the paper uses n=64');
}
