import { invariant, unknownName } from '../core/errors.js';
import type { DataSource } from './descriptor.js';
import { shapes } from './shapes.js';

const sources: DataSource[] = [shapes];

/**
 * Every data set and format that is known here, in the order that help texts list them: what is
 * built in, then what was registered.
 */
export const dataSources: readonly DataSource[] = sources;

/**
 * Makes a data set known to specs, help texts and commands, such as one that reads files.
 * Registering it again changes nothing.
 *
 * @throws InternalError where another one has its name
 */
export function registerData(source: DataSource): void {
  const known = sources.find(({ name }) => name === source.name);
  invariant(known === undefined || known === source, `two data sets are called ${source.name}`);
  invariant(source.name !== 'auto', 'a data set is called auto');
  if (known === undefined) sources.push(source);
}

/** The names that a data spec may have, `auto` first. */
export function dataNames(): string[] {
  return ['auto', ...dataSources.map(({ name }) => name)];
}

/** The data set of that name, which is not `auto`; throws a `UserError` that lists the valid names. */
export function dataSource(name: string): DataSource {
  const source = dataSources.find((candidate) => candidate.name === name);
  if (!source) throw unknownName('data set', name, dataNames());
  return source;
}
