import { printable, unknownName, UserError } from '../core/errors.js';
import { graphFamily } from './registry.js';
import { parenthesised, quoted, splitOutside, unquote } from './spec-text.js';
import type {
  Graph,
  GraphFamily,
  GraphParam,
  GraphParamInfo,
  GraphSpec,
  SpecTools,
} from './types.js';

/** Graphs inside graphs inside graphs: more than anybody writes, less than the stack holds. */
const MAX_DEPTH = 8;

/**
 * Where a spec stands: in how many others, and in a file of which directory (null: the current
 * one).
 */
interface Context {
  readonly depth: number;
  readonly directory: string | null;
}

const TOP: Context = { depth: 0, directory: null };

const tools: SpecTools = {
  build: (line) => buildGraph(parseGraphSpec(line)),
  resize: (line, nodes) => formatGraphSpec(resizeGraphSpec(parseGraphSpec(line), nodes)),
};

/**
 * A spec from a family's name and its parameters: checked, defaults filled in, in canonical order.
 * Throws a `UserError` for an unknown family or parameter, a missing one, a wrong type or a value
 * out of range.
 */
export function graphSpec(
  familyName: string,
  given: Readonly<Record<string, GraphParam>>,
): GraphSpec {
  return specAt(graphFamily(familyName), given, TOP);
}

/**
 * The spec written as `family:name=value,name=value`. Throws a `UserError` that says what is wrong
 * with the line.
 */
export function parseGraphSpec(line: string): GraphSpec {
  return parseAt(line, TOP);
}

/**
 * The same for a line of a file in `directory`: paths in the spec are relative to it, and come back
 * absolute.
 */
export function parseGraphSpecIn(directory: string, line: string): GraphSpec {
  return parseAt(line, { ...TOP, directory });
}

function specAt(
  family: GraphFamily,
  given: Readonly<Record<string, GraphParam>>,
  context: Context,
): GraphSpec {
  for (const name of Object.keys(given)) paramInfo(family, name);
  let params: Record<string, GraphParam> = {};
  for (const info of family.params) {
    const value = Object.hasOwn(given, info.name) ? given[info.name] : info.default;
    if (value === undefined) {
      const missing =
        `graph family ${family.name} needs the parameter ${info.name} (${info.meaning}; ` +
        `${info.range})`;
      throw new UserError(`${missing}; for example ${exampleSpec(family)}`);
    }
    params[info.name] = checkType(info, value, context);
  }
  family.validate(params);
  if (context.directory !== null)
    params = { ...params, ...family.locate?.(params, context.directory) };
  return {
    family: family.name,
    params: family.pin ? { ...params, ...family.pin(params) } : params,
  };
}

function parseAt(line: string, context: Context): GraphSpec {
  const text = line.trim();
  const colon = text.indexOf(':');
  const family = graphFamily((colon < 0 ? text : text.slice(0, colon)).trim());
  const given: Record<string, GraphParam> = {};
  for (const [name, value] of itemsOf(
    family,
    text,
    colon < 0 ? '' : text.slice(colon + 1).trim(),
  )) {
    const info = paramInfo(family, name);
    if (Object.hasOwn(given, info.name))
      throw new UserError(
        `graph parameter ${info.name} must be given once, got it twice in "${printable(text)}"`,
      );
    given[info.name] = parseValue(info, value);
  }
  return specAt(family, given, context);
}

/** The names and values of a list; the first value may be nameless where the family says so. */
function itemsOf(family: GraphFamily, text: string, list: string): [string, string][] {
  const [first] = family.params;
  const items = list === '' ? [] : splitOutside(list, ',');
  return items.flatMap((item, at): [string, string][] => {
    if (at === 0 && first?.positional && !/^\s*\w+\s*=/.test(item)) {
      // What is quoted may hold a colon and more.
      // `connectome:cat:directed=true` is read like `connectome:cat,directed=true`.
      const named = /^("(?:[^"\\]|\\.)*"|[^"]*):(\s*\w+\s*=.*)$/s.exec(item.trim());
      return [
        [first.name, (named?.[1] ?? item).trim()],
        ...(named?.[2] === undefined ? [] : [nameAndValue(family, text, named[2])]),
      ];
    }
    return [nameAndValue(family, text, item)];
  });
}

function nameAndValue(family: GraphFamily, text: string, item: string): [string, string] {
  const equals = item.indexOf('=');
  if (equals < 0) {
    throw new UserError(
      `graph parameters are written name=value, got "${printable(item.trim())}" in ` +
        `"${printable(text)}"; for example ${exampleSpec(family)}`,
    );
  }
  return [item.slice(0, equals).trim(), item.slice(equals + 1).trim()];
}

/**
 * The canonical line of a spec: its parameters in the family's order. `parseGraphSpec` gives the
 * same spec back.
 */
export function formatGraphSpec(spec: GraphSpec): string {
  const params = graphFamily(spec.family).params.flatMap((info) => {
    const value = spec.params[info.name];
    if (value === undefined || (info.quiet && value === info.default)) return [];
    return `${info.positional ? '' : `${info.name}=`}${formatValue(info, value)}`;
  });
  return `${spec.family}:${params.join(',')}`;
}

function formatValue(info: GraphParamInfo, value: GraphParam): string {
  if (info.type === 'text') return quoted(String(value));
  return info.type === 'spec' ? `(${value})` : String(value);
}

/**
 * The graph of a spec; always the same one. Throws a `UserError` where the family's generator can
 * fail.
 */
export function buildGraph(spec: GraphSpec): Graph {
  return graphFamily(spec.family).generate(spec.params, tools);
}

/**
 * The spec on another number of nodes at the same density (networks with fewer channels than nodes
 * need it). Throws a `UserError` when the family has no other sizes.
 */
export function resizeGraphSpec(spec: GraphSpec, nodes: number): GraphSpec {
  const family = graphFamily(spec.family);
  if (!family.resize) {
    const needed = `graph family ${spec.family} has one size only, but ${nodes} nodes are needed`;
    throw new UserError(`${needed}; widen the network or choose another graph`);
  }
  return graphSpec(spec.family, family.resize(spec.params, nodes, tools));
}

function paramInfo(family: GraphFamily, name: string): GraphParamInfo {
  const info = family.params.find((candidate) => candidate.name === name);
  if (!info && family.name === 'ws-flex' && name === 'set') {
    throw new UserError(
      'a set is many graphs, but one graph is asked for here, got ws-flex:set=...; write ' +
        'one of its specs (sets stand in lists of graphs, such as the graphs of a study)',
    );
  }
  if (!info)
    throw unknownName(
      `parameter of graph family ${family.name}`,
      name,
      family.params.map((candidate) => candidate.name),
    );
  return info;
}

function parseValue(info: GraphParamInfo, text: string): GraphParam {
  switch (info.type) {
    case 'text':
      return unquote(text);
    case 'spec':
      return parenthesised(text)?.length === 1 ? text.slice(1, -1) : text;
    case 'specs':
      return text;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'integer':
    case 'real':
      return numberOf(text, info.type);
    default:
      return info.type satisfies never;
  }
}

/**
 * The number of a text; the text itself where it is none, or one that no double holds: whole
 * numbers beyond 2^53 would silently become others.
 */
function numberOf(text: string, type: 'integer' | 'real'): number | string {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return text;
  const value = Number(text);
  const exact = Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
  return exact || (type === 'real' && Number.isFinite(value)) ? value : text;
}

function checkType(info: GraphParamInfo, value: GraphParam, context: Context): GraphParam {
  if (meansUnset(info, value)) return value;
  const { expected, fits } = TYPES[info.type];
  if (!fits(value))
    throw new UserError(
      `graph parameter ${info.name} must be ${expected}, got ` +
        `${info.name}=${printable(String(value))}; the range is ${info.range}`,
    );
  if (info.type === 'spec' && typeof value === 'string') return innerSpec(value, context);
  if (info.type === 'specs' && typeof value === 'string')
    return (parenthesised(value) ?? []).map((line) => `(${innerSpec(line, context)})`).join('');
  return value === 0 ? 0 : value;
}

/** A number or a truth value may have a word as its default, which says that there is none. */
function meansUnset(info: GraphParamInfo, value: GraphParam): boolean {
  return (
    typeof info.default === 'string' &&
    value === info.default &&
    info.type in { integer: 0, real: 0, boolean: 0 }
  );
}

/** The canonical line of a graph inside another's spec. */
function innerSpec(line: string, context: Context): string {
  if (context.depth >= MAX_DEPTH)
    throw new UserError(
      `graph specs may be nested ${MAX_DEPTH} deep, got "${printable(line)}" still ` +
        'deeper; use fewer levels',
    );
  return formatGraphSpec(parseAt(line, { ...context, depth: context.depth + 1 }));
}

const TYPES: Readonly<
  Record<
    GraphParamInfo['type'],
    { readonly expected: string; readonly fits: (this: void, value: GraphParam) => boolean }
  >
> = {
  integer: { expected: 'an integer', fits: Number.isSafeInteger },
  real: { expected: 'a number', fits: Number.isFinite },
  boolean: { expected: 'true or false', fits: (value) => typeof value === 'boolean' },
  text: { expected: 'text', fits: (value) => typeof value === 'string' },
  spec: { expected: 'a graph spec in parentheses', fits: (value) => typeof value === 'string' },
  specs: {
    expected: 'graph specs, each in parentheses',
    fits: (value) => typeof value === 'string' && (parenthesised(value)?.length ?? 0) > 0,
  },
};

/**
 * A line of the family as an example: its own, its first sample of about 64 nodes, or its
 * parameters with dots.
 */
export function exampleSpec(family: GraphFamily): string {
  if (family.example !== undefined) return family.example;
  const [sample] = family.samples(64);
  const values = family.params
    .filter((info) => !info.quiet)
    .map((info) => {
      const value = sample?.[info.name] ?? info.default;
      const name = info.positional ? '' : `${info.name}=`;
      return name + (value === undefined ? '...' : formatValue(info, value));
    });
  return `${family.name}:${values.join(',')}`;
}
