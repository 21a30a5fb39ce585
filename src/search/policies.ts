import { banditPolicy, gridPolicy, randomPolicy } from './simple.js';
import { surrogatePolicy } from './surrogate.js';
import type { PolicyName, PolicyOptions, SearchPolicy } from './types.js';

const POLICIES: Readonly<Record<PolicyName, (options: PolicyOptions) => SearchPolicy>> = {
  random: randomPolicy,
  grid: gridPolicy,
  bandit: banditPolicy,
  surrogate: surrogatePolicy,
};

/** The names of all policies. */
export const POLICY_NAMES = Object.keys(POLICIES) as PolicyName[];

/** A policy by its name. */
export function searchPolicy(name: PolicyName, options: PolicyOptions): SearchPolicy {
  return POLICIES[name](options);
}
