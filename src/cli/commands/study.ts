import type { Command } from 'commander';
import type { FigureFormat } from '../../figures/files.js';
import type { Study } from '../../store/directory.js';
import { figureFormats } from '../arguments.js';
import type { CliContext, RegisterCommand } from '../context.js';
import { readStudyWithNotes } from '../reading.js';
import { registerCompare } from './study/compare.js';
import { registerStudyExport } from './study/export.js';
import { registerRegister } from './study/register.js';
import { writeReports } from './study/report.js';
import { registerRetry } from './study/retry.js';
import { registerRun } from './study/run.js';
import { showStatus } from './study/status.js';
import { registerSubmit } from './study/submit.js';
import { registerTrial } from './study/trial.js';
import { registerWork } from './study/work.js';

interface ReadingOptions {
  readonly json?: boolean;
  readonly formats?: readonly FigureFormat[];
}

/** `plexus study`: many graphs trained under one budget. */
export const registerStudy: RegisterCommand = (program, context) => {
  const study = program
    .command('study')
    .description('train many graphs under one budget and find the sweet spot');
  registerRun(study, context);
  registerTrial(study, context);
  registerWork(study, context);
  registerSubmit(study, context);
  registerRetry(study, context);
  reading(study, context, 'status', 'say how far a study is; also while it runs', showStatus);
  reading(
    study,
    context,
    'report',
    'write the reports of a study again and print the findings',
    writeReports,
  )
    .option(
      '--formats <list>',
      'formats of the figures, separated by commas: svg (always written), png, pdf (default: svg)',
      figureFormats,
    )
    .addHelpText('after', '  $ plexus study report studies/quick --formats svg,png,pdf');
  registerStudyExport(study, context);
  registerRegister(study, context);
  registerCompare(study, context);
};

function reading(
  study: Command,
  context: CliContext,
  name: string,
  description: string,
  act: (
    context: CliContext,
    study: Study,
    json: boolean,
    formats?: readonly FigureFormat[],
  ) => void | Promise<void>,
): Command {
  return study
    .command(name)
    .description(description)
    .argument('<dir>', 'the directory of a study')
    .option('--json', 'print one JSON object')
    .addHelpText('after', `\nExample:\n  $ plexus study ${name} studies/quick`)
    .action((directory: string, options: ReadingOptions) =>
      act(context, readStudyWithNotes(context, directory), options.json === true, options.formats),
    );
}
