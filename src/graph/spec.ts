import { messageOf, printable, unknownName, UserError } from '../core/errors.js';
import { graphFamily } from './registry.js';
import type { Graph, GraphFamily, GraphParam, GraphParamInfo, GraphSpec } from './types.js';

/**
 * A spec from a family's name and its parameters: checked, defaults filled in, in canonical order. Throws a `UserError`
 * for an unknown family or parameter, a missing one, a wrong type or a value out of range.
 */
export function graphSpec(familyName: string, given: Readonly<Record<string, GraphParam>>): GraphSpec {
  const family = graphFamily(familyName);
  for (const name of Object.keys(given)) paramInfo(family, name);
  const params: Record<string, GraphParam> = {};
  for (const info of family.params) {
    const value = Object.hasOwn(given, info.name) ? given[info.name] : info.default;
    if (value === undefined) {
      const missing = `graph family ${family.name} needs the parameter ${info.name} (${info.meaning}; ${info.range})`;
      throw new UserError(`${missing}; for example ${exampleOf(family)}`);
    }
    params[info.name] = checkType(info, value);
  }
  family.validate(params);
  return { family: family.name, params };
}

/** The spec written as `family:name=value,name=value`. Throws a `UserError` that says what is wrong with the line. */
export function parseGraphSpec(line: string): GraphSpec {
  const text = line.trim();
  const colon = text.indexOf(':');
  const family = graphFamily((colon < 0 ? text : text.slice(0, colon)).trim());
  const given: Record<string, GraphParam> = {};
  const list = colon < 0 ? '' : text.slice(colon + 1).trim();
  for (const item of list === '' ? [] : list.split(',')) {
    const equals = item.indexOf('=');
    if (equals < 0) {
      throw new UserError(`graph parameters are written name=value, got "${printable(item.trim())}" in "${printable(text)}"; for example ${exampleOf(family)}`);
    }
    const info = paramInfo(family, item.slice(0, equals).trim());
    if (Object.hasOwn(given, info.name)) throw new UserError(`graph parameter ${info.name} must be given once, got it twice in "${printable(text)}"`);
    given[info.name] = parseValue(info, item.slice(equals + 1).trim());
  }
  return graphSpec(family.name, given);
}

/** The canonical line of a spec: every parameter, in the family's order. `parseGraphSpec` gives the same spec back. */
export function formatGraphSpec(spec: GraphSpec): string {
  const params = graphFamily(spec.family).params.map((info) => `${info.name}=${spec.params[info.name]}`);
  return `${spec.family}:${params.join(',')}`;
}

/** The spec on line `number` of a list of specs; null where the line is blank or a # comment. Errors name the line. */
export function graphSpecOfLine(line: string, number: number): GraphSpec | null {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return null;
  try {
    return parseGraphSpec(text);
  } catch (error) {
    throw new UserError(`line ${number}: ${messageOf(error)}`, { cause: error });
  }
}

/** Every spec of a text with one a line. */
export function parseGraphSpecs(text: string): GraphSpec[] {
  return text.split(/\r?\n/).flatMap((line, at) => graphSpecOfLine(line, at + 1) ?? []);
}

/** The graph of a spec; always the same one. Throws a `UserError` where the family's generator can fail. */
export function buildGraph(spec: GraphSpec): Graph {
  return graphFamily(spec.family).generate(spec.params);
}

/**
 * The spec on another number of nodes at the same density (networks with fewer channels than nodes need it). Throws a
 * `UserError` when the family has no other sizes.
 */
export function resizeGraphSpec(spec: GraphSpec, nodes: number): GraphSpec {
  const family = graphFamily(spec.family);
  if (!family.resize) {
    const needed = `graph family ${spec.family} has one size only, but ${nodes} nodes are needed`;
    throw new UserError(`${needed}; widen the network or choose another graph`);
  }
  return graphSpec(spec.family, family.resize(spec.params, nodes));
}

function paramInfo(family: GraphFamily, name: string): GraphParamInfo {
  const info = family.params.find((candidate) => candidate.name === name);
  if (!info) throw unknownName(`parameter of graph family ${family.name}`, name, family.params.map((candidate) => candidate.name));
  return info;
}

function parseValue(info: GraphParamInfo, text: string): GraphParam {
  switch (info.type) {
    case 'text':
      return text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'integer':
    case 'real':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
    default:
      return info.type satisfies never;
  }
}

function checkType(info: GraphParamInfo, value: GraphParam): GraphParam {
  const expected = { integer: 'an integer', real: 'a number', boolean: 'true or false', text: 'text' }[info.type];
  const fits = {
    integer: Number.isSafeInteger(value),
    real: Number.isFinite(value),
    boolean: typeof value === 'boolean',
    text: typeof value === 'string',
  }[info.type];
  if (!fits) throw new UserError(`graph parameter ${info.name} must be ${expected}, got ${info.name}=${printable(String(value))}; the range is ${info.range}`);
  return value === 0 ? 0 : value;
}

function exampleOf(family: GraphFamily): string {
  return `${family.name}:${family.params.map((info) => `${info.name}=${info.default ?? EXAMPLE_VALUES[info.name] ?? '...'}`).join(',')}`;
}

const EXAMPLE_VALUES: Readonly<Record<string, GraphParam>> = { n: 64, k: 8 };
