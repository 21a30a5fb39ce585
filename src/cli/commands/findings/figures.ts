import { existsSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import type { Findings } from '../../../analysis/findings/findings.js';
import { UserError } from '../../../core/errors.js';
import { FIGURE_FORMATS, type FigureFormat, writeFigures } from '../../../figures/files.js';
import { RESAMPLES } from '../../../stats/bootstrap.js';
import { figureFormats, wholeNumber } from '../../arguments.js';
import type { CliContext } from '../../context.js';

/** The options of commands that tell findings. */
export interface FindingsFlags extends FigureFlags {
  readonly resamples: number;
  readonly dataDir?: string;
  readonly json?: boolean;
}

interface FigureFlags {
  readonly figures?: string;
  /** Default: svg. */
  readonly formats?: readonly FigureFormat[];
}

/** Adds the options of commands that tell findings. */
export function addFindingsOptions(command: Command): Command {
  return command
    .option(
      '--resamples <count>',
      'bootstrap resamples of each interval',
      wholeNumber(100),
      RESAMPLES,
    )
    .option(
      '--figures <dir>',
      'write the figures into this directory, which is made where it is missing',
    )
    .option(
      '--formats <list>',
      `formats of the figures, separated by commas: ${FIGURE_FORMATS.join(', ')} (default: svg)`,
      figureFormats,
    )
    .option('--data-dir <dir>', 'where connectomes are (default: PLEXUS_DATA, else a user cache)')
    .option('--json', 'print one JSON object');
}

/**
 * Refuses a place for figures that cannot be a directory, before anything is computed. Throws a
 * `UserError`.
 */
export function checkFigureFolder({ figures, formats }: FigureFlags): void {
  if (figures === undefined && formats !== undefined)
    throw new UserError(
      '--formats needs a directory to write figures to, none is given; add --figures DIR',
    );
  if (figures !== undefined && existsSync(figures) && !statSync(figures).isDirectory())
    throw new UserError(
      `--figures must name a directory, but ${figures} is a file; give another name`,
    );
}

/**
 * Draws and writes the findings where `--figures` asks for it; the paths, none without the option.
 */
export async function drawFindings(
  findings: Findings,
  { figures, formats = ['svg'] }: FigureFlags,
): Promise<string[]> {
  if (figures === undefined) return [];
  // Loaded here only: drawing needs large libraries.
  const { findingsFigures } = await import('../../../figures/findings/index.js');
  return writeFigures(figures, findingsFigures(findings), formats);
}

/** The paths as text, one a line, after an empty line. */
export function printFigures(paths: readonly string[], context: CliContext): void {
  if (paths.length > 0) context.out('');
  for (const path of paths) context.out(path);
}
