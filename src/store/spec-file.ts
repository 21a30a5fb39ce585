import { basename, dirname, resolve } from 'node:path';
import { printable, UserError } from '../core/errors.js';
import { readText } from '../platform/fs.js';
import { sha256Hex } from '../platform/hash.js';
import type { GivenSearch } from '../study/schema.js';
import { studySpecOf } from '../study/spec.js';
import type { SpecFiles } from '../study/source.js';
import { specIdentity } from '../study/spec-text.js';
import type { StudySpec } from '../study/types.js';
import '../data-files/register.js';
import '../graph-files/register.js';
import '../engine-native/register.js';

/**
 * A study's spec from its YAML: checked, defaults filled in, `{file: PATH}` entries read (relative
 * to the spec's own directory), every graph spec in canonical form, with the paths in it absolute
 * (in the YAML they are relative to its directory). With `frozen` the text is a study's own spec, whose
 * paths are relative to the study's directory and stay so; `search` makes a search of the study, with
 * these keys over those that the text has.
 *
 * @param text the YAML
 * @param path where the text came from; messages start with it, `file` entries are relative to its
 * directory
 * @throws UserError naming the line, the rule and the value; for unknown keys also the valid ones
 */
export function parseStudySpec(
  text: string,
  path: string,
  {
    frozen = false,
    search,
  }: { readonly frozen?: boolean; readonly search?: GivenSearch | undefined } = {},
): StudySpec {
  // Absolute, so that graph files are found again from elsewhere.
  const directory = resolve(dirname(path));
  return studySpecOf(text, {
    path,
    directory: frozen ? null : directory,
    files: frozen ? frozenFiles(path, directory) : filesIn(directory),
    search,
  });
}

function filesIn(directory: string): SpecFiles {
  return {
    absolute: (path) => resolve(directory, path),
    readList: (given) => {
      const path = resolve(directory, given);
      return { path, name: basename(path), directory: dirname(path), text: readText(path) };
    },
  };
}

/** A study that was begun has its lists written out: nothing but its own directory is read for it. */
function frozenFiles(spec: string, directory: string): SpecFiles {
  return {
    ...filesIn(directory),
    readList: (given) => {
      throw new UserError(
        `${spec}: the spec of a study that was begun must have its graphs written out, got a list ` +
          `in ${printable(given)}; restore it from a copy`,
      );
    },
  };
}

/** SHA-256 of a spec: equal exactly for specs that ask for the same trials. */
export function studyHash(spec: StudySpec): string {
  return sha256Hex(specIdentity(spec));
}
