import { invariant, UserError } from '../../core/errors.js';
import { MAX_NODES, memoryOfRows } from '../build.js';
import type { GraphParam, GraphParamInfo, GraphParams } from '../types.js';

export type { GraphParams };

/** A parameter that the family declares as a number; a spec is complete, so it is there. */
export function numberParam(params: GraphParams, name: string): number {
  const value = params[name];
  invariant(typeof value === 'number', `graph parameter ${name} must be a number, got ${value}`);
  return value;
}

/** A parameter that the family declares as text or as a spec. */
export function textParam(params: GraphParams, name: string): string {
  const value = params[name];
  invariant(typeof value === 'string', `graph parameter ${name} must be text, got ${value}`);
  return value;
}

/** A parameter that the family declares as a boolean. */
export function booleanParam(params: GraphParams, name: string): boolean {
  const value = params[name];
  invariant(typeof value === 'boolean', `graph parameter ${name} must be a boolean, got ${value}`);
  return value;
}

/** Throws a `UserError` with the rule, the value and a remedy unless `holds`. */
export function requireParam(
  holds: boolean,
  name: string,
  value: GraphParam,
  rule: string,
  remedy: string,
): void {
  if (!holds)
    throw new UserError(`graph parameter ${name} must be ${rule}, got ${name}=${value}; ${remedy}`);
}

/** The parameter `n` as every synthetic family has it. */
export const nodesParam: GraphParamInfo = {
  name: 'n',
  type: 'integer',
  range: `2 <= n <= ${MAX_NODES}`,
  meaning: 'number of nodes',
};

/** Checks `n`. */
export function validateNodes(params: GraphParams): void {
  const n = numberParam(params, 'n');
  requireParam(
    n >= 2 && n <= MAX_NODES,
    'n',
    n,
    `from 2 to ${MAX_NODES}`,
    n > MAX_NODES ? `so many nodes would take ${memoryOfRows(n)} and more` : 'the paper uses n=64',
  );
}

/** The parameter `seed` as every random family has it. */
export const seedParam: GraphParamInfo = {
  name: 'seed',
  type: 'integer',
  default: 1,
  range: 'seed >= 0',
  meaning: "seed of CPython's random.Random",
};

/** Checks `seed`. */
export function validateSeed(params: GraphParams): void {
  const seed = numberParam(params, 'seed');
  requireParam(seed >= 0, 'seed', seed, 'a non-negative integer', 'try seed=1');
}
